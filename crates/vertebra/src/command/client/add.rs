//! `vertebra client add`: a program that may call.

use std::path::PathBuf;

use base::Secret;
use security::Mode;
use serde_json::json;

use super::credential::Credential;
use super::list::tell;
use crate::command::Failure;
use crate::control::{self, Order, client};

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
        let access = self.modes()?;
        let made = match &self.jwks_url {
            Some(_) => self.credential.make_api_key(),
            None => self.credential.make(&self.id, self.smart),
        }?;
        let client = json!({
            "id": self.id,
            "name": self.name.as_ref().unwrap_or(&self.id),
            "system": self.system,
            "access": access,
            "scopes": self.scope,
            "grants": self.grant,
            "smart": self.smart,
            "jwks_url": self.jwks_url,
            "jwks": made.jwks,
            "api_key": made.api_key.as_ref().map(Secret::expose),
        });
        let added = control::ask(&self.data, Order::Client(client::Order::Add(client)));
        let added = added.inspect_err(|_| made.undo(&self.credential))?;
        tell(&added, made.key_file.as_deref(), self.json);
        Ok(())
    }

    fn modes(&self) -> Result<Vec<&str>, Failure> {
        let names = Mode::ALL.map(Mode::name);
        match self.access.iter().find(|mode| !names.contains(&mode.as_str())) {
            None => Ok(self.access.iter().map(String::as_str).collect()),
            Some(mode) => Err(format!("--access: '{mode}' is no mode. hint: {}", names.join(", "))),
        }
    }
}
