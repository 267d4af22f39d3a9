//! `vertebra client`: who may call, and with which keys. On a running exchange it counts at once.

mod add;
mod credential;
mod list;
mod revoke;
mod rotate;

use clap::Subcommand;
use serde_json::Value;

use super::Failure;

/// Register the programs that call, give them new keys, and end them.
#[derive(clap::Args)]
pub(crate) struct Client {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Register a client: with a key pair that is made now, or with public keys that it has
    Add(add::Add),
    /// Show every client
    List(list::List),
    /// Give a client a new key; the old one counts for a while yet
    Rotate(rotate::Rotate),
    /// End a client, for good: its tokens, keys and certificates count no more
    Revoke(revoke::Revoke),
}

impl Client {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        match &self.what {
            What::Add(command) => command.run(),
            What::List(command) => command.run(),
            What::Rotate(command) => command.run(),
            What::Revoke(command) => command.run(),
        }
    }
}

/// A client for people to read: what it is, then a line for each of its keys.
fn lines(client: &Value) -> Vec<String> {
    let text = |name: &str| client.get(name).and_then(Value::as_str).unwrap_or_default();
    let all = |name: &str| {
        let values = client.get(name).and_then(Value::as_array).into_iter().flatten();
        values.filter_map(Value::as_str).collect::<Vec<_>>().join(" ")
    };
    let mut lines = vec![format!("client_id  {}", text("client_id"))];
    let mut line = |label: &str, value: String| {
        if !value.is_empty() {
            lines.push(format!("{label:<9}  {value}"));
        }
    };
    line("name", text("name").into());
    line("system", text("system").into());
    line("access", all("access"));
    line("scopes", all("scopes"));
    line("grants", all("grants"));
    for key in client.get("keys").and_then(Value::as_array).into_iter().flatten() {
        let text = |name: &str| key.get(name).and_then(Value::as_str).unwrap_or_default();
        let until = text("until");
        let until = if until.is_empty() { String::new() } else { format!("  until {until}") };
        line("kid", format!("{}{until}", text("kid")));
    }
    line("jwks_url", text("jwks_url").into());
    if client.get("api_key").and_then(Value::as_bool) == Some(true) {
        line("api_key", "yes".into());
    }
    line("revoked", text("revoked").into());
    lines
}
