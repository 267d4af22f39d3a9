//! What a demonstration on this machine wrote down for people and scripts to use.

use std::path::{Path, PathBuf};

use base::Secret;
use serde::Deserialize;

use crate::credentials::OPERATOR;

/// The credentials of a demonstration, `demo/credentials.json` in its data folder.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Demonstration {
    /// Where it serves.
    pub(crate) base_url: Option<String>,
    /// Where it serves over TLS.
    pub(crate) tls_url: Option<String>,
    /// Where its clients get tokens.
    pub(crate) token_url: Option<String>,
    clients: Vec<Credentials>,
    mailboxes: Vec<DemoMailbox>,
    /// The local systems that run beside it.
    pub(crate) local_systems: Vec<DemoLocal>,
}

/// What a client of a demonstration proves itself with.
#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Credentials {
    name: Option<String>,
    /// The name of its key.
    pub(crate) kid: Option<String>,
    /// Where its private key is.
    pub(crate) private_key_file: Option<PathBuf>,
    access: Option<String>,
    scopes: Vec<String>,
    smart: bool,
    bearer_token: Option<String>,
}

/// A local system of a demonstration: who it is, and how people tell it what to do.
#[derive(Clone, Deserialize)]
pub(crate) struct DemoLocal {
    /// Its name.
    pub(crate) name: String,
    /// The name of its organisation.
    pub(crate) title: String,
    /// The code of its organisation.
    pub(crate) organisation: String,
    /// The service that it answers for, if any.
    #[serde(default)]
    pub(crate) service: String,
    /// Where its control door is.
    pub(crate) control_url: String,
    /// What to prove oneself with there.
    pub(crate) control_secret: String,
}

/// What a mailbox of a demonstration proves itself with.
#[derive(Deserialize)]
pub(crate) struct DemoMailbox {
    id: String,
    /// The password.
    pub(crate) password: String,
    /// The key that all mailboxes share.
    pub(crate) shared_key: String,
}

impl Demonstration {
    /// Reads it; an empty one when the folder has none.
    ///
    /// # Errors
    /// When it is there and cannot be understood.
    pub(crate) fn read(data: &Path) -> Result<Self, String> {
        let path = data.join("demo").join("credentials.json");
        let text = match std::fs::read_to_string(&path) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self::default());
            }
            Err(error) => return Err(format!("cannot read {}: {error}", path.display())),
        };
        serde_json::from_str(&text).map_err(|error| format!("{}: {error}", path.display()))
    }

    /// What a mailbox proves itself with, by its id.
    pub(crate) fn mailbox(&self, id: &str) -> Option<&DemoMailbox> {
        self.mailboxes.iter().find(|mailbox| mailbox.id.eq_ignore_ascii_case(id))
    }

    /// The bearer token of the client that operates the exchange, or else of another one that may
    /// see messages.
    pub(crate) fn operator(&self) -> Option<&str> {
        let named = ["demo-worker", "demo-privileged"];
        let named = std::iter::once(OPERATOR).chain(named);
        let client = named.into_iter().find_map(|name| self.client(name))?;
        client.bearer_token.as_deref()
    }

    /// A client by its name.
    pub(crate) fn client(&self, name: &str) -> Option<&Credentials> {
        self.clients.iter().find(|client| client.name.as_deref() == Some(name))
    }

    /// Whether an address is that of the demonstration.
    pub(crate) fn serves(&self, url: &str) -> bool {
        let url = Some(url.trim_end_matches('/'));
        self.base_url.as_deref() == url || self.tls_url.as_deref() == url
    }
}

impl Credentials {
    /// The token of the person that it stands for, if it stands for one: it needs no key.
    pub(crate) fn person(&self) -> Option<Secret<String>> {
        let person = matches!(self.access.as_deref(), Some("worker" | "patient"));
        self.bearer_token.clone().filter(|_| person).map(Secret::new)
    }

    /// The scopes that it has to ask for to get any.
    pub(crate) fn scope_to_ask(&self) -> Option<String> {
        self.smart.then(|| self.scopes.join(" "))
    }
}
