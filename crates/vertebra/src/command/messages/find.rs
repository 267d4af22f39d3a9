//! `vertebra messages find`: which messages there are.

use serde_json::json;

use super::operator::Operator;
use super::timeline;
use crate::client::Seek;
use crate::command::Failure;
use crate::say;

/// Find messages by who, what, when and how they fare, newest first.
#[derive(clap::Args)]
pub(crate) struct Find {
    /// Sender or recipient
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    party: String,
    /// The kind of message, which is its workflow in a mailbox
    #[arg(long, value_name = "KIND", default_value = "", hide_default_value = true)]
    kind: String,
    /// The state of a delivery, such as available, waiting or dead
    #[arg(long, value_name = "STATE", default_value = "", hide_default_value = true)]
    state: String,
    /// Accepted since, such as 2026-11-22T10:00:00Z
    #[arg(long, value_name = "INSTANT", default_value = "", hide_default_value = true)]
    since: String,
    /// How many at most
    #[arg(long, value_name = "N", default_value_t = 20)]
    most: usize,
    #[command(flatten)]
    operator: Operator,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

/// How many are asked for at once.
const PAGE: usize = 100;

impl Find {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let api = self.operator.api()?;
        let seek = Seek {
            party: self.party.clone(),
            kind: self.kind.clone(),
            state: self.state.clone(),
            since: self.since.clone(),
        };
        let mut found = Vec::new();
        let mut before = None;
        while found.len() < self.most {
            let page = api.find(&seek, before.as_deref(), PAGE.min(self.most - found.len()))?;
            found.extend(page.messages);
            before = page.before;
            if before.is_none() {
                break;
            }
        }
        if self.json {
            let more = before.is_some();
            say::line(&json!({ "messages": found, "more": more }).to_string());
            return Ok(());
        }
        for message in &found {
            say::line(&timeline::summary(message));
        }
        if found.is_empty() {
            eprintln!("nothing found");
        } else if before.is_some() {
            eprintln!("there may be more: --most shows more of them");
        }
        Ok(())
    }
}
