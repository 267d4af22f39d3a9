//! `vertebra audit rotate-key`: a new key for the checkpoints, for which the old one vouches.

use std::path::PathBuf;

use serde_json::Value;

use crate::command::Failure;
use crate::control::{self, audit};
use crate::say;

/// Replace the key that signs checkpoints; what it signed stays verifiable.
#[derive(clap::Args)]
pub(crate) struct RotateKey {
    /// The data folder; the exchange may be serving
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl RotateKey {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let change = control::ask(&self.data, control::Order::Audit(audit::Order::RotateKey))?;
        if self.json {
            say::line(&change.to_string());
            return Ok(());
        }
        let text = |name: &str| change.get(name).and_then(Value::as_str).unwrap_or_default();
        let line = change.get("line").and_then(Value::as_u64).unwrap_or_default();
        let (before, after) = (text("before"), text("after"));
        say::line(&format!("{after} signs from line {line} on; {before} is retired"));
        Ok(())
    }
}
