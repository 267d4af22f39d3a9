//! A running exchange is administered: what is ordered counts at once, and over restarts.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};

use serde_json::Value;
use testkit::Exchange;

use crate::{BINARY, PDS};

const SCOPE: &str = "urn:nhsd:apim:app:level3:personal-demographics-service";

/// An exchange with an organisation and its system, and a folder for what commands write.
struct Trial {
    exchange: Exchange,
    files: tempfile::TempDir,
}

impl Trial {
    fn start() -> Self {
        let trial =
            Self { exchange: Exchange::start(BINARY, &[]), files: tempfile::tempdir().unwrap() };
        trial.apply(
            "[[organisation]]\nods = 'Y99999'\nname = 'Hill'\nkind = 'gp-practice'\n\
             [[system]]\nasid = '200000000001'\norganisation = 'Y99999'\nname = 'Hill'\n",
        );
        trial
    }

    fn file(&self, name: &str) -> PathBuf {
        self.files.path().join(name)
    }

    /// Runs a command on the data folder. What it printed, or what it said was wrong.
    fn run(&self, arguments: &[&str]) -> Result<String, String> {
        let data = self.exchange.data().to_string_lossy();
        let output = self.exchange.run(&[arguments, &["--data", &data]].concat());
        let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
        if output.status.success() { Ok(text(output.stdout)) } else { Err(text(output.stderr)) }
    }

    fn json(&self, arguments: &[&str]) -> Value {
        let text = self.run(&[arguments, &["--json"]].concat()).unwrap();
        serde_json::from_str(&text).unwrap()
    }

    fn apply(&self, text: &str) -> String {
        let file = self.file("apply.toml");
        fs::write(&file, text).unwrap();
        self.run(&["apply", file.to_str().unwrap()]).unwrap()
    }

    /// The status that the client `hill` gets for a record, with the key in a file.
    fn call(&self, key: &Path) -> Result<u64, String> {
        let path = format!("{PDS}/Patient/9000000009");
        let (at, key) = (self.exchange.url(), key.to_str().unwrap());
        let call = ["call", "GET", &path, "--as", "hill", "--key", key, "--at", at, "--json"];
        let answer: Value = serde_json::from_str(&self.run(&call)?).unwrap();
        Ok(answer["status"].as_u64().unwrap())
    }

    fn add(&self, key: &Path, more: &[&str]) -> Value {
        let key = key.to_str().unwrap();
        let add =
            ["client", "add", "hill", "--system", "200000000001", "--scope", SCOPE, "--key", key];
        self.json(&[&add[..], more].concat())
    }

    fn api_key(&self, key: &str) -> u16 {
        let headers = [("apikey", key)];
        let path = format!("{PDS}/_status");
        self.exchange.client().send("GET", &path, &headers, "").unwrap().status
    }
}

/// The client as a file says it, which may call so often a minute. Its keys are not in the file.
fn client(limit: u32) -> String {
    format!(
        "[[client]]\nid = 'hill'\nname = 'Hill'\nsystem = '200000000001'\n\
         access = ['application']\nscopes = ['{SCOPE}']\nratelimiting.app.quota.limit = {limit}\n"
    )
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_client_is_added_renewed_and_ended_while_the_exchange_serves() {
    let mut trial = Trial::start();
    let (key, api) = (trial.file("hill.pem"), trial.file("hill.api"));
    let added = trial.add(&key, &["--api-key", api.to_str().unwrap()]);
    assert_eq!((&added["client_id"], &added["scopes"][0]), (&"hill".into(), &SCOPE.into()));
    assert_eq!((mode(&key), mode(&api)), (0o600, 0o600));
    let api = fs::read_to_string(api).unwrap();
    trial.apply(&client(1000));
    assert!(!added.to_string().contains(api.trim()), "an API key goes to its file only");
    assert_eq!(trial.call(&key), Ok(404), "let in; nobody lives here");
    assert_eq!(mode(&key.with_extension("token")), 0o600);
    assert_eq!((trial.api_key(api.trim()), trial.api_key("another")), (200, 401));

    let new = trial.file("new.pem");
    let overlap = ["client", "rotate", "hill", "--overlap", "1h", "--key", new.to_str().unwrap()];
    let rotated = trial.json(&overlap);
    assert_eq!(rotated["keys"].as_array().unwrap().len(), 2);
    assert!(rotated["keys"][0]["until"].is_string() && rotated["keys"][1]["until"].is_null());
    fs::remove_file(key.with_extension("token")).unwrap();
    assert_eq!((trial.call(&key), trial.call(&new)), (Ok(404), Ok(404)), "both count");
    let newest = trial.file("newest.pem");
    let path = newest.to_str().unwrap();
    trial.run(&["client", "rotate", "hill", "--overlap", "0s", "--key", path]).unwrap();
    fs::remove_file(key.with_extension("token")).unwrap();
    let refused = trial.call(&key).unwrap_err();
    assert!(refused.contains("names no public key"), "{refused}");
    assert_eq!(trial.call(&newest), Ok(404));

    let token = fs::read_to_string(newest.with_extension("token")).unwrap();
    let token: Value = serde_json::from_str(&token).unwrap();
    let holder = trial.exchange.client().with_token(token["access_token"].as_str().unwrap());
    let path = format!("{PDS}/Patient/9000000009");
    assert_eq!(holder.get(&path).unwrap().status, 404);
    let revoked = trial.json(&["client", "revoke", "hill"]);
    assert!(revoked["revoked"].is_string());
    assert_eq!(holder.get(&path).unwrap().status, 401, "a token of before is refused at once");
    assert_eq!(trial.api_key(api.trim()), 401);
    assert!(trial.call(&newest).unwrap_err().contains("401"));

    assert!(trial.exchange.stop());
    let list = trial.json(&["client", "list"]);
    assert_eq!(list[0]["revoked"], revoked["revoked"], "the same without a running exchange");
    trial.exchange.resume();
    let holder = trial.exchange.client().with_token(token["access_token"].as_str().unwrap());
    assert_eq!(holder.get(&path).unwrap().status, 401, "and after a restart");
    trial.exchange.stop();
    trial.exchange.check();
}

#[test]
fn what_is_applied_counts_at_once() {
    let trial = Trial::start();
    let key = trial.file("hill.pem");
    trial.add(&key, &[]);
    assert_eq!(trial.call(&key), Ok(404));
    // Rates.
    assert_eq!(trial.apply(&client(2)), "~ client hill\n0 created, 1 updated, 0 unchanged\n");
    assert_eq!(
        (trial.call(&key), trial.call(&key)),
        (Ok(404), Ok(429)),
        "its keys are kept, and its count"
    );
    // Mailboxes.
    let shake = || {
        let url = trial.exchange.url();
        let [password, key] = [("p", "password"), ("s", "key")].map(|(secret, name)| {
            fs::write(trial.file(name), secret).unwrap();
            trial.file(name).to_str().unwrap().to_owned()
        });
        let who = ["mesh", "handshake", "--mailbox", "Y99999HC001", "--url", url];
        let with = ["--password-file", &password, "--shared-key-file", &key];
        trial.run(&[&who[..], &with].concat())
    };
    assert!(shake().is_err());
    trial.apply(
        "[[mailbox]]\nid = 'Y99999HC001'\norganisation = 'Y99999'\npassword = 'p'\n\
         shared_key = 's'\n",
    );
    assert_eq!(shake().unwrap(), "Y99999HC001 may come in\n");
    // Mistakes change nothing, and are told as without a running exchange.
    let file = trial.file("apply.toml");
    fs::write(&file, "[[organisation]]\nods = '?'\nname = 'x'\nkind = 'x'\n").unwrap();
    let why = trial.run(&["apply", file.to_str().unwrap()]).unwrap_err();
    assert!(why.contains("apply.toml:\norganisation ?: an ODS code is"), "{why}");
}

#[test]
fn a_demonstrations_clients_call_with_one_command() {
    let trial = Trial { exchange: crate::closed_demo(), files: tempfile::tempdir().unwrap() };
    let path = format!("{PDS}/Patient/9000000009");
    for client in ["demo-application", "demo-smart", "demo-worker", "demo-privileged"] {
        let answer = trial.json(&["call", "GET", &path, "--as", client]);
        assert_eq!(answer["status"], 200, "{client}: {answer}");
        assert_eq!(answer["body"]["id"], "9000000009");
        assert!(answer["headers"]["x-request-id"].is_string());
    }
    let patch = ["call", "PATCH", &path, "--as", "demo-worker", "--header", "If-Match: W/\"9\""];
    let body = "{\"patches\":[{\"op\":\"replace\",\"path\":\"/gender\",\"value\":\"male\"}]}";
    let answer = trial.json(&[&patch[..], &["--body", body]].concat());
    assert_eq!(
        answer["body"]["issue"][0]["details"]["coding"][0]["code"],
        "RESOURCE_VERSION_MISMATCH"
    );
    let why = trial.run(&["call", "GET", &path]).unwrap_err();
    assert!(why.contains("(401)"), "{why}");
    let text = trial.run(&["call", "GET", &path, "--as", "demo-application"]).unwrap();
    assert!(text.starts_with('{') && text.ends_with("}\n"));
    let why = trial.run(&["call", "GET", &path, "--as", "nobody"]).unwrap_err();
    assert!(why.contains("cannot read the key of nobody from nobody.pem"), "{why}");
}
