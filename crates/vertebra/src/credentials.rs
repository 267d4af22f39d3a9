//! The credentials of the demonstration nation, written once for a person and a script to use.

pub(crate) mod certificates;
pub(crate) mod keys;
pub(crate) mod people;

use std::path::{Path, PathBuf};

use base::Dice;
use security::{Gate, Mode, Tokens};
use serde::Deserialize;
use serde_json::{Value, json};
use tokio::signal::unix::Signal;
use transport::Stop;

use crate::config::Config;
use crate::nation::mailboxes;

/// One demonstration client: its name, how it is let in, and what goes with that.
struct Demo {
    name: &'static str,
    access: &'static str,
    extra: &'static str,
}

const CLIENTS: [Demo; 6] = [
    Demo {
        name: "demo-application",
        access: "application",
        extra: "grants = [\"publish-events\"]\n",
    },
    Demo { name: "demo-privileged", access: "privileged-application", extra: "" },
    Demo {
        name: "demo-worker",
        access: "worker",
        extra: "user = \"555254239107\"\n\
            roles = [{ id = \"555254240100\", organisation = \"Y12345\" }]\n",
    },
    Demo {
        name: "demo-worker-two-roles",
        access: "worker",
        extra: "user = \"555254239108\"\n\
            roles = [{ id = \"555254241101\" }, { id = \"555254241102\" }]\n",
    },
    Demo {
        name: "demo-patient",
        access: "patient",
        extra: "user = \"9000000009\"\npatient = \"9000000009\"\n",
    },
    Demo {
        name: OPERATOR,
        access: "privileged-application",
        extra: "grants = [\"operate-messages\", \"read-audit\"]\n",
    },
];

/// The client that operates the demonstration: it sees where every message is.
pub(crate) const OPERATOR: &str = "demo-operator";

/// The file of tokens of a demonstration folder.
fn tokens_file(folder: &Path) -> PathBuf {
    folder.join("demo").join("tokens.toml")
}

/// The client that a demonstration has an API key for: whoever watches whether it works.
const MONITOR: &str = "demo-monitor";
/// The organisation of the demonstration that its clients belong to, and its system.
pub(crate) const ORGANISATION: &str = "Y12345";
pub(crate) const SYSTEM: &str = "200000001001";

/// The tokens of a demonstration, made the first time they are asked for.
///
/// # Errors
/// When they cannot be written or read.
pub(crate) fn demonstration(folder: &Path, dice: &Dice) -> Result<Tokens, String> {
    let path = tokens_file(folder);
    if !path.exists() {
        let tables = CLIENTS.iter().map(|client| table(client, dice));
        let text: String = tables.chain([key_table(dice)]).collect();
        private_file(&path, &text)?;
    }
    read(&path)
}

/// Reads a file of tokens.
///
/// # Errors
/// When it cannot be read or understood.
pub(crate) fn read(path: &Path) -> Result<Tokens, String> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    Tokens::from_toml(&text).map_err(|error| format!("{}: {error}", path.display()))
}

/// The file of tokens that are let in, where there is one.
pub(crate) fn file(config: &Config, demo: bool) -> Option<PathBuf> {
    config.tokens.clone().or_else(|| demo.then(|| tokens_file(&config.data)))
}

/// Reads the file of tokens again at each SIGHUP, until it is time to stop: who is not in it any
/// more is not let in any more, also on connections that are open. When it cannot be read, what
/// was there before stays in force.
pub(crate) async fn watch(file: Option<PathBuf>, mut hangups: Signal, gate: Gate, stop: Stop) {
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = hangups.recv() => {}
        }
        let Some(file) = &file else { continue };
        match read(file) {
            Ok(tokens) => {
                gate.know_tokens(tokens);
                tracing::info!("told to read the file of tokens: taken up");
            }
            Err(error) => tracing::warn!(%error, "told to read the file of tokens: not taken up"),
        }
    }
}

/// Writes `demo/credentials.json` for the addresses that are now served.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn publish(
    folder: &Path,
    base_url: &str,
    tls_url: Option<&str>,
    local_systems: &[Value],
) -> Result<(), String> {
    let text = std::fs::read_to_string(tokens_file(folder))
        .map_err(|error| format!("cannot read the demonstration's tokens: {error}"))?;
    let file: toml::Table = toml::from_str(&text).map_err(|error| error.to_string())?;
    let rows = |name| file.get(name).and_then(toml::Value::as_array).into_iter().flatten();
    let clients = rows("token").map(|row| client(folder, row));
    let others = [keys::published_smart(folder)].into_iter().chain(keys::published_locals(folder));
    let others = others.chain([people::published_public()]);
    let mut clients: Vec<Value> = clients.chain(others).collect();
    let secrets = people::Secrets::of(folder, &Dice::System)?;
    for client in &mut clients {
        secrets.add_to(client);
    }
    let keys: Vec<&str> = rows("api_key").filter_map(|row| row.get("key")?.as_str()).collect();
    let document = json!({
        "base_url": base_url,
        "tls_url": tls_url,
        "tls_base_url": tls_url,
        "certificates": certificates::published(folder),
        "token_url": format!("{base_url}/oauth2/token"),
        "authorize_url": format!("{base_url}/oauth2/authorize"),
        "issuers": {
            "staff": format!("{base_url}{}", sign_in::Issuer::Staff.base()),
            "patient": format!("{base_url}{}", sign_in::Issuer::Patient.base()),
        },
        "clients": clients,
        "api_keys": keys,
        "mailboxes": mailboxes(),
        "local_systems": local_systems,
        "users": secrets.published(),
    });
    let path = folder.join("demo").join("credentials.json");
    private_file(&path, &format!("{document:#}\n"))
}

fn client(folder: &Path, row: &toml::Value) -> Value {
    let text = |name: &str| row.get(name).and_then(toml::Value::as_str);
    let mut client = keys::published(folder, text("client").unwrap_or_default());
    if let Some(client) = client.as_object_mut() {
        for (name, known) in [("access", "mode"), ("bearer_token", "token"), ("patient", "patient")]
        {
            client.insert(name.into(), json!(text(known)));
        }
    }
    client
}

/// The clients of a demonstration that are to have key pairs: name, mode and grants.
///
/// # Errors
/// When the file of its tokens cannot be read.
pub(crate) fn demonstration_clients(
    folder: &Path,
) -> Result<Vec<(String, Mode, Vec<String>)>, String> {
    #[derive(Deserialize)]
    struct File {
        #[serde(default)]
        token: Vec<Row>,
    }
    #[derive(Deserialize)]
    struct Row {
        client: String,
        mode: Mode,
        #[serde(default)]
        grants: Vec<String>,
    }
    let text = std::fs::read_to_string(tokens_file(folder))
        .map_err(|error| format!("cannot read the demonstration's tokens: {error}"))?;
    // What the reader of TOML says may quote a token.
    let file: File = toml::from_str(&text).map_err(|_| "the demonstration's tokens are damaged")?;
    Ok(file.token.into_iter().map(|row| (row.client, row.mode, row.grants)).collect())
}

fn mailboxes() -> Vec<Value> {
    let row = |mailbox: broker::Mailbox| {
        json!({
            "id": mailbox.id,
            "password": mailboxes::PASSWORD,
            "shared_key": mailboxes::SHARED_KEY,
            "organisation": mailbox.organisation,
        })
    };
    mailboxes::mailboxes().into_iter().map(row).collect()
}

fn table(client: &Demo, dice: &Dice) -> String {
    format!(
        "[[token]]\ntoken = \"{}\"\nmode = \"{}\"\nclient = \"{}\"\n\
         organisation = \"{ORGANISATION}\"\nsystem = \"{SYSTEM}\"\n{}\n",
        secret(dice),
        client.access,
        client.name,
        client.extra
    )
}

fn key_table(dice: &Dice) -> String {
    format!("[[api_key]]\nkey = \"{}\"\nclient = \"{MONITOR}\"\n", secret(dice))
}

/// 128 bits that nobody guesses.
fn secret(dice: &Dice) -> String {
    let (one, two) = (dice.bits(), dice.bits());
    format!("{one:016x}{two:016x}")
}

/// Writes a file that only its owner may read, in one piece.
///
/// # Errors
/// When it cannot be written.
pub(crate) fn private_file(path: &Path, text: &str) -> Result<(), String> {
    use std::io::Write;
    use std::os::unix::fs::OpenOptionsExt;
    let failed = |error: std::io::Error| format!("cannot write {}: {error}", path.display());
    if let Some(parent) = path.parent() {
        std::fs::create_dir_all(parent).map_err(failed)?;
    }
    let unfinished = path.with_extension("unfinished");
    let mut options = std::fs::OpenOptions::new();
    let mut file = options
        .write(true)
        .create(true)
        .truncate(true)
        .mode(0o600)
        .open(&unfinished)
        .map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)?;
    std::fs::rename(&unfinished, path).map_err(failed)
}
