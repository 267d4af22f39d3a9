//! `vertebra messages show`: everything that happened to a message.

use super::operator::{Operator, about};
use super::timeline;
use crate::command::Failure;
use crate::say;

/// Show everything that happened to a message, or in a conversation.
#[derive(clap::Args)]
pub(crate) struct Show {
    /// The id of the message, or of the conversation
    #[arg(value_name = "ID")]
    id: String,
    /// Show the whole conversation: request, answer and reports
    #[arg(long)]
    conversation: bool,
    #[command(flatten)]
    operator: Operator,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Show {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let api = self.operator.api()?;
        let found =
            if self.conversation { api.conversation(&self.id) } else { api.message(&self.id) };
        let found = found.map_err(|trouble| about(&self.id, &trouble))?;
        if self.json {
            say::line(&found.to_string());
            return Ok(());
        }
        let lines = if self.conversation {
            timeline::conversation(&found)
        } else {
            timeline::message(&found)
        };
        for line in lines {
            say::line(&line);
        }
        Ok(())
    }
}
