//! `vertebra messages park` and `unpark`: an endpoint stops for a while.

use serde_json::Value;

use super::operator::Operator;
use crate::client::Trouble;
use crate::command::Failure;
use crate::say;

/// Stop pushes to an endpoint. What is for it waits, and loses no attempts.
#[derive(clap::Args)]
pub(crate) struct Park {
    /// The endpoint
    #[arg(value_name = "ENDPOINT")]
    name: String,
    /// Why
    #[arg(long, value_name = "TEXT")]
    why: String,
    #[command(flatten)]
    operator: Operator,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

/// Let pushes to an endpoint go on.
#[derive(clap::Args)]
pub(crate) struct Unpark {
    /// The endpoint
    #[arg(value_name = "ENDPOINT")]
    name: String,
    #[command(flatten)]
    operator: Operator,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Park {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let parked = self.operator.api()?.park(&self.name, &self.why);
        tell(&self.name, "parked", self.json, parked)
    }
}

impl Unpark {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let unparked = self.operator.api()?.unpark(&self.name);
        tell(&self.name, "goes on", self.json, unparked)
    }
}

fn tell(name: &str, done: &str, json: bool, answer: Result<Value, Trouble>) -> Result<(), Failure> {
    let endpoint = answer.map_err(|trouble| match trouble.status() {
        Some(404) => format!("{name}: there is no such endpoint ({trouble})"),
        _ => format!("{name}: {trouble}"),
    })?;
    if json {
        say::line(&endpoint.to_string());
    } else {
        say::line(&format!("{name} {done}"));
    }
    Ok(())
}
