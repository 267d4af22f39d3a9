//! `vertebra mesh list`: what waits in the mailbox.

use super::account::Account;
use crate::command::Failure;
use crate::say;

/// List what waits in the mailbox, oldest first.
#[derive(clap::Args)]
pub(crate) struct List {
    /// Only these workflows: X, !X, X*, !X*, *X* or !*X*
    #[arg(long, value_name = "FILTER", default_value = "", hide_default_value = true)]
    workflow: String,
    /// Every page, not only the first
    #[arg(long)]
    all: bool,
    #[command(flatten)]
    account: Account,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mailbox = self.account.mailbox()?;
        let mut found = mailbox.inbox(&self.workflow, None)?;
        let mut messages = std::mem::take(&mut found.messages);
        while let Some(next) = found.next.take().filter(|_| self.all) {
            found = mailbox.inbox(&self.workflow, Some(&next))?;
            messages.append(&mut found.messages);
        }
        let more = found.next.is_some();
        if self.json {
            let count = found.count;
            let list = serde_json::json!({ "messages": messages, "more": more, "count": count });
            say::line(&list.to_string());
            return Ok(());
        }
        for message in &messages {
            say::line(message);
        }
        if messages.is_empty() {
            eprintln!("nothing waits");
        } else if more {
            eprintln!("there are more: --all lists them too");
        }
        Ok(())
    }
}
