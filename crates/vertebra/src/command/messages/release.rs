//! `vertebra messages release`: later messages may pass.

use super::operator::{Operator, about};
use super::timeline;
use crate::command::Failure;
use crate::say;

/// Let later messages of an ordering key pass a delivery that was given up.
#[derive(clap::Args)]
pub(crate) struct Release {
    /// The id of the message
    #[arg(value_name = "ID")]
    id: String,
    /// Which of its deliveries
    #[arg(value_name = "N", default_value_t = 1)]
    delivery: u64,
    #[command(flatten)]
    operator: Operator,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Release {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let api = self.operator.api()?;
        let released = api.release(&self.id, self.delivery);
        let released = released.map_err(|trouble| match trouble.status() {
            Some(409) => format!("{}: {trouble}. hint: nothing waits for it to go first", self.id),
            _ => about(&self.id, &trouble),
        })?;
        let line = if self.json { released.to_string() } else { timeline::summary(&released) };
        say::line(&line);
        Ok(())
    }
}
