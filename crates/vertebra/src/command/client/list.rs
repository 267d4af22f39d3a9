//! `vertebra client list`: every client.

use std::path::{Path, PathBuf};

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
            tell(client, None, false);
        }
        if clients.as_array().is_none_or(Vec::is_empty) {
            eprintln!("there are no clients");
        }
        Ok(())
    }
}

/// Prints one client, and where its private key was written, if one was made.
pub(super) fn tell(client: &Value, key_file: Option<&Path>, json: bool) {
    let key_file = key_file.map(|path| path.to_string_lossy().into_owned());
    if !json {
        let key = key_file.map(|path| format!("key        {path}"));
        for line in lines(client).into_iter().chain(key) {
            say::line(&line);
        }
        return;
    }
    let mut client = client.clone();
    if let (Some(client), Some(path)) = (client.as_object_mut(), key_file) {
        client.insert("private_key_file".into(), path.into());
    }
    say::line(&client.to_string());
}
