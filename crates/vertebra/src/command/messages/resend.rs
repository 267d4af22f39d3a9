//! `vertebra messages resend`: a delivery once more.

use super::operator::{Operator, about};
use super::timeline;
use crate::command::Failure;
use crate::say;

/// Send a delivery again that has come to an end.
#[derive(clap::Args)]
pub(crate) struct Resend {
    /// The id of the message
    #[arg(value_name = "ID")]
    id: String,
    /// Which of its deliveries
    #[arg(value_name = "N", default_value_t = 1)]
    delivery: u64,
    /// Why; kept in the history
    #[arg(long, value_name = "TEXT")]
    why: String,
    #[command(flatten)]
    operator: Operator,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Resend {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let api = self.operator.api()?;
        let sent = api.resend(&self.id, self.delivery, &self.why);
        let sent = sent.map_err(|trouble| match trouble.status() {
            Some(409) => format!(
                "{}: {trouble}. hint: only what has come to an end is sent again; `vertebra \
                 messages show {}` tells how it stands",
                self.id, self.id
            ),
            _ => about(&self.id, &trouble),
        })?;
        let line = if self.json { sent.to_string() } else { timeline::summary(&sent) };
        say::line(&line);
        Ok(())
    }
}
