//! `vertebra mesh track`: what became of a message that was sent.

use serde_json::Value;

use super::account::Account;
use crate::client;
use crate::command::Failure;
use crate::say;

/// Tell what became of a message that was sent.
#[derive(clap::Args)]
pub(crate) struct Track {
    /// The id of the message
    #[arg(value_name = "ID", required_unless_present = "local_id", conflicts_with = "local_id")]
    message: Option<String>,
    /// The id that the sender gave it
    #[arg(long, value_name = "ID")]
    local_id: Option<String>,
    #[command(flatten)]
    account: Account,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

/// The status of an answer that several messages have the same local id.
const SEVERAL: u16 = 300;

impl Track {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        let asked = match (&self.message, &self.local_id) {
            (_, Some(local)) => client::Track::Local(local),
            (message, None) => client::Track::Message(message.as_deref().unwrap_or_default()),
        };
        let tracked = mailbox.track(&asked).map_err(|trouble| match trouble.status() {
            Some(SEVERAL) => {
                "several messages have this local id. hint: track one by its own id".to_owned()
            }
            Some(404) => format!("{} sent no such message ({trouble})", mailbox.id()),
            _ => trouble.to_string(),
        })?;
        if self.json {
            say::line(&tracked.to_string());
            return Ok(());
        }
        for (name, value) in tracked.as_object().into_iter().flatten() {
            let text = match value {
                Value::Null => continue,
                Value::String(text) if text.is_empty() => continue,
                Value::String(text) => text.clone(),
                other => other.to_string(),
            };
            say::line(&format!("{:<23} {text}", words(name)));
        }
        Ok(())
    }
}

/// `recipient_name` and `recipientName` in words: the answer has either form of names.
fn words(name: &str) -> String {
    let mut words = String::new();
    for letter in name.chars() {
        if letter == '_' || letter.is_ascii_uppercase() {
            words.push(' ');
        }
        if letter != '_' {
            words.push(letter.to_ascii_lowercase());
        }
    }
    words
}
