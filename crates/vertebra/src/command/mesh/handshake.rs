//! `vertebra mesh handshake`: do the credentials work?

use super::account::Account;
use crate::command::Failure;
use crate::say;

/// Try whether the credentials work.
#[derive(clap::Args)]
pub(crate) struct Handshake {
    #[command(flatten)]
    account: Account,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Handshake {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        mailbox.handshake()?;
        let id = mailbox.id();
        if self.json {
            say::line(&serde_json::json!({ "mailbox": id }).to_string());
        } else {
            say::line(&format!("{id} may come in"));
        }
        Ok(())
    }
}
