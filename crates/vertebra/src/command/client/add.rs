//! `vertebra client add`: a program that may call.

use std::path::PathBuf;

use security::Mode;
use serde_json::{Value, json};

use super::credential::Credential;
use super::list::tell;
use crate::command::Failure;
use crate::control::{self, Order, client};
use crate::say;

/// Register a client.
#[derive(clap::Args)]
pub(crate) struct Add {
    /// Its id
    #[arg(value_name = "ID")]
    id: String,
    /// The accredited system id of the system that it belongs to, which the directory knows
    #[arg(long, value_name = "ASID")]
    system: String,
    /// Its name [default: its id]
    #[arg(long, value_name = "TEXT")]
    name: Option<String>,
    /// How it may be let in: application, privileged-application, worker, patient
    #[arg(long, value_name = "MODE", default_value = "application")]
    access: Vec<String>,
    /// What it may have access tokens for; may be given again
    #[arg(long, value_name = "SCOPE")]
    scope: Vec<String>,
    /// A permission beyond that; may be given again
    #[arg(long, value_name = "GRANT")]
    grant: Vec<String>,
    /// A client of SMART Backend Services: a P-384 key (ES384), and scopes are asked for
    #[arg(long)]
    smart: bool,
    /// Where its public keys are, instead of keys that are registered
    #[arg(long, value_name = "URL", conflicts_with_all = ["jwks", "key"])]
    jwks_url: Option<String>,
    #[command(flatten)]
    credential: Credential,
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Add {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mut client = json!({
            "id": self.id,
            "name": self.name.as_ref().unwrap_or(&self.id),
            "system": self.system,
            "access": self.modes()?,
            "scopes": self.scope,
            "grants": self.grant,
            "smart": self.smart,
        });
        let made = match &self.jwks_url {
            Some(url) => {
                client["jwks_url"] = url.as_str().into();
                None
            }
            None => Some(self.credential.make(&self.id, self.smart)?),
        };
        if let Some(made) = &made {
            client["jwks"] = json!(made.jwks);
            client["api_key"] = json!(made.api_key.as_ref().map(base::Secret::expose));
        }
        let added = control::ask(&self.data, Order::Client(client::Order::Add(client)));
        let mut added = added.inspect_err(|_| {
            if let Some(made) = &made {
                made.undo(&self.credential);
            }
        })?;
        if let Some(file) = made.and_then(|made| made.key_file) {
            added["private_key_file"] = file.to_string_lossy().into();
        }
        self.tell(&added);
        Ok(())
    }

    fn modes(&self) -> Result<Vec<&str>, Failure> {
        let names = Mode::ALL.map(Mode::name);
        match self.access.iter().find(|mode| !names.contains(&mode.as_str())) {
            None => Ok(self.access.iter().map(String::as_str).collect()),
            Some(mode) => Err(format!("--access: '{mode}' is no mode. hint: {}", names.join(", "))),
        }
    }

    fn tell(&self, added: &Value) {
        tell(added, self.json);
        if let (false, Some(file)) =
            (self.json, added.get("private_key_file").and_then(Value::as_str))
        {
            say::line(&format!("key        {file}"));
        }
    }
}
