//! Secrets are nowhere as they are but with their owners: not in the data folder, not in a backup,
//! not in the log, not in the list of processes.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use testkit::{Client, Exchange};

use crate::{BINARY, PDS};

const PASSWORD: &str = "pw-ZIwqkXoVfjzYtGbL";
const SHARED_KEY: &str = "sk-QhTnWcRmUdPyEsAx";
const WEBHOOK: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const API_KEY: &str = "ak-LrVgNfBzKqHjXtYe";

fn directory() -> String {
    format!(
        "[[organisation]]\nods = 'Y99999'\nname = 'Hill'\nkind = 'gp-practice'\n\
         [[system]]\nasid = '200000000001'\norganisation = 'Y99999'\nname = 'Hill'\n\
         [[client]]\nid = 'hill'\nname = 'Hill'\nsystem = '200000000001'\n\
         access = ['application']\napi_key = '{API_KEY}'\n\
         [[mailbox]]\nid = 'Y99999HC001'\norganisation = 'Y99999'\npassword = '{PASSWORD}'\n\
         shared_key = '{SHARED_KEY}'\n\
         [[endpoint]]\nname = 'HOOK'\nurl = 'https://hook.example/in'\nwire = 'webhook'\n\
         secrets = ['{WEBHOOK}']\n"
    )
}

/// A demonstration that logs everything to a file.
struct Running {
    child: Child,
    url: String,
}

impl Running {
    fn start(data: &Path, log: &Path, config: &Path) -> Self {
        fs::write(config, "log = \"trace\"\n").unwrap();
        let log = File::options().create(true).append(true).open(log).unwrap();
        let mut child = Command::new(BINARY)
            .args(["serve", "--demo", "--people", "5", "--listen", "127.0.0.1:0", "--data"])
            .arg(data)
            .arg("--config")
            .arg(config)
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let url = line.trim().strip_prefix("ready ").unwrap().to_owned();
        Self { child, url }
    }

    fn client(&self) -> Client {
        Client::new(&self.url)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The files below a folder that hold one of the secrets as it is, but for those in `demo`.
fn tell_tales(folder: &Path, secrets: &[String]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            if path.file_name().unwrap() != "demo" {
                found.extend(tell_tales(&path, secrets));
            }
        } else if path.is_file() {
            let bytes = fs::read(&path).unwrap();
            let holds = |secret: &&String| {
                bytes.windows(secret.len()).any(|window| window == secret.as_bytes())
            };
            found.extend(secrets.iter().filter(holds).map(|secret| (path.clone(), secret.clone())));
        }
    }
    found
}

fn run(arguments: &[&str]) -> String {
    let output = Command::new(BINARY).args(arguments).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
    text(&output.stdout) + &text(&output.stderr)
}

/// What the demonstration keeps secret, and what a directory file brought.
fn secrets(data: &Path) -> Vec<String> {
    let mut secrets: Vec<String> = [PASSWORD, SHARED_KEY, WEBHOOK, API_KEY].map(Into::into).into();
    // Secrets of webhooks are used without what marks them, too.
    secrets.push(WEBHOOK.trim_start_matches("whsec_").to_owned());
    let text = fs::read_to_string(data.join("demo/credentials.json")).unwrap();
    let credentials: Value = serde_json::from_str(&text).unwrap();
    let clients = credentials["clients"].as_array().unwrap();
    let tokens = clients.iter().filter_map(|client| client["bearer_token"].as_str());
    let keys = credentials["api_keys"].as_array().unwrap();
    let keys = keys.iter().filter_map(Value::as_str);
    secrets.extend(tokens.chain(keys).map(str::to_owned));
    for file in fs::read_dir(data.join("demo/keys")).unwrap() {
        let path = file.unwrap().path();
        if path.extension().is_some_and(|extension| extension == "pem") {
            let key = fs::read_to_string(path).unwrap();
            secrets.push(key.lines().nth(2).unwrap().to_owned());
        }
    }
    assert!(secrets.len() > 15, "{}", secrets.len());
    secrets
}

#[test]
fn no_secret_is_kept_logged_or_backed_up_as_it_is() {
    let place = tempfile::tempdir().unwrap();
    let path = |name: &str| place.path().join(name);
    let text = |name: &str| path(name).to_str().unwrap().to_owned();
    let (data, log) = (path("data"), path("log"));
    let running = Running::start(&data, &log, &path("config.toml"));
    fs::write(path("apply.toml"), directory()).unwrap();
    let mut printed = run(&["apply", &text("apply.toml"), "--data", &text("data")]);
    let patient = format!("{PDS}/Patient/9000000009");
    let call = ["call", "GET", &patient, "--as", "demo-application", "--data"];
    printed += &run(&[&call[..], &[&text("data")]].concat());
    let secrets = secrets(&data);
    // Calls that are let in, and calls that are refused, with secrets in them.
    for secret in &secrets {
        let _ = running.client().with_token(secret).get(&patient).unwrap();
        let headers = [("apikey", secret.as_str())];
        let status = format!("{PDS}/_status");
        let _ = running.client().send("GET", &status, &headers, "").unwrap();
        let authorization = format!("NHSMESH Y99999HC001:{secret}:0:202601011200:{secret}");
        let headers = [("authorization", authorization.as_str())];
        let answer =
            running.client().send("GET", "/messageexchange/Y99999HC001/inbox", &headers, "");
        assert_eq!(answer.unwrap().status, 403);
        let form = [("content-type", "application/x-www-form-urlencoded")];
        let body = format!("grant_type=client_credentials&client_assertion={secret}");
        let answer = running.client().send("POST", "/oauth2/token", &form, &body).unwrap();
        assert!(answer.status == 400 && !answer.text.contains(secret), "{}", answer.text);
    }
    let line = fs::read(format!("/proc/{}/cmdline", running.child.id())).unwrap();
    let line = String::from_utf8_lossy(&line).into_owned();
    assert!(line.contains("serve") && secrets.iter().all(|secret| !line.contains(secret)));
    let metrics = running.client().get("/metrics").unwrap().text;
    assert!(secrets.iter().all(|secret| !metrics.contains(secret)));

    assert_eq!(tell_tales(&data, &secrets), [], "while it serves");
    printed += &run(&["keys", "rotate", "--data", &text("data")]);
    printed += &run(&["keys", "list", "--data", &text("data")]);
    printed += &run(&["client", "list", "--data", &text("data")]);
    printed += &run(&["backup", &text("copy"), "--data", &text("data"), "--keys", &text("kept")]);
    assert_eq!(tell_tales(&path("copy"), &secrets), [], "a backup");
    drop(running);
    assert_eq!(tell_tales(&data, &secrets), [], "after it was killed");
    let log_text = fs::read_to_string(&log).unwrap();
    assert!(log_text.lines().count() > secrets.len(), "refusals were logged");
    let told = secrets.iter().filter(|secret| log_text.contains(*secret)).collect::<Vec<_>>();
    assert_eq!(told, Vec::<&String>::new(), "in the log");
    let told = secrets.iter().filter(|secret| printed.contains(*secret)).collect::<Vec<_>>();
    assert_eq!(told, Vec::<&String>::new(), "printed");

    // What was sealed is the same once it is restored.
    run(&["restore", &text("copy"), "--data", &text("restored"), "--keys", &text("kept")]);
    let restored = Running::start(&path("restored"), &log, &path("config.toml"));
    fs::write(path("password"), PASSWORD).unwrap();
    fs::write(path("key"), SHARED_KEY).unwrap();
    let who = ["mesh", "handshake", "--mailbox", "Y99999HC001", "--url", &restored.url];
    let with = ["--password-file", &text("password"), "--shared-key-file", &text("key")];
    assert_eq!(run(&[&who[..], &with].concat()), "Y99999HC001 may come in\n");
}

/// The exchange is killed again and again while its keys are replaced.
#[test]
fn keys_are_replaced_through_crashes() {
    let mut exchange = Exchange::start(BINARY, &["--demo", "--people", "0"]);
    let data = exchange.data().to_str().unwrap().to_owned();
    let keys = || -> Value {
        let path = exchange_keys(&data);
        path.lines().filter(|line| line.starts_with("id = ")).map(str::to_owned).collect()
    };
    let first = keys();
    for wait_ms in [0, 5, 10, 20, 40] {
        let mut rotating = Command::new(BINARY)
            .args(["keys", "rotate", "directory", "--data", &data])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        std::thread::sleep(std::time::Duration::from_millis(wait_ms));
        exchange.kill();
        let _ = rotating.kill();
        let _ = rotating.wait();
        exchange.resume();
        assert_eq!(keys().as_array().unwrap().len(), 1, "after {wait_ms} ms");
        let listed = run(&["client", "list", "--data", &data, "--json"]);
        let listed: Value = serde_json::from_str(&listed).unwrap();
        assert!(listed.as_array().unwrap().len() > 5, "{listed}");
    }
    run(&["keys", "rotate", "--data", &data]);
    assert_ne!(keys(), first);
    assert!(exchange.stop());
    exchange.check();
}

fn exchange_keys(data: &str) -> String {
    fs::read_to_string(Path::new(data).join("keys/directory.toml")).unwrap()
}
