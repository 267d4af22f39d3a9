//! `vertebra mesh ack`: the messages arrived.

use super::account::Account;
use crate::command::Failure;
use crate::say;

/// Say that messages arrived: they are not listed any more.
#[derive(clap::Args)]
pub(crate) struct Acknowledge {
    /// The ids of the messages
    #[arg(value_name = "ID", required = true)]
    messages: Vec<String>,
    #[command(flatten)]
    account: Account,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Acknowledge {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        for message in &self.messages {
            mailbox.acknowledge(message).map_err(|trouble| format!("{message}: {trouble}"))?;
            if !self.json {
                say::line(&format!("{message} acknowledged"));
            }
        }
        if self.json {
            say::line(&serde_json::json!({ "acknowledged": self.messages }).to_string());
        }
        Ok(())
    }
}
