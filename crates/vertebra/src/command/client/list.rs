//! `vertebra client list`: every client.

use std::path::PathBuf;

use serde_json::Value;

use super::lines;
use crate::command::Failure;
use crate::control::{self, Order, client};
use crate::say;

/// Show every client. Nothing that is shown is secret.
#[derive(clap::Args)]
pub(crate) struct List {
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl List {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let clients = control::ask(&self.data, Order::Client(client::Order::List))?;
        if self.json {
            say::line(&clients.to_string());
            return Ok(());
        }
        for (at, client) in clients.as_array().into_iter().flatten().enumerate() {
            if at > 0 {
                say::line("");
            }
            tell(client, false);
        }
        if clients.as_array().is_none_or(Vec::is_empty) {
            eprintln!("there are no clients");
        }
        Ok(())
    }
}

/// Prints one client.
pub(super) fn tell(client: &Value, json: bool) {
    if json {
        say::line(&client.to_string());
    } else {
        lines(client).iter().for_each(|line| say::line(line));
    }
}
