//! Systems that come in by certificates, at the door of the real binary.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use serde_json::Value;
use testkit::Exchange;

use crate::BINARY;

pub(crate) const ARGUMENTS: [&str; 4] = ["--demo", "--people", "50", "--no-local"];
/// A token that can be read and proves nothing.
const TOKEN: &str = "97bf007e-3027-4127-ac9d-f9a25de4de68:1:202210241155:\
    b1a882d3615305602f10b8f9a0453865284ce3e4b9e88e7899fb8bb5339da179";
/// What a mailbox answers to it, and to who has no certificate of its organisation.
const NO_TOKEN: &str = "Invalid Authentication Token";
const NO_CERTIFICATE: &str = "Client certificate does not match mailbox";

pub(crate) type Secure = StreamOwned<ClientConnection, TcpStream>;

/// A connection to an exchange; nothing when hung up on.
pub(crate) fn connect(exchange: &Exchange, shown: Option<(&str, &str)>) -> Option<Secure> {
    let mut roots = RootCertStore::empty();
    let authority = exchange.data().join("demo/ca.pem");
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match shown {
        None => config.with_no_client_auth(),
        Some((certificate, key)) => {
            let chain = vec![CertificateDer::from_pem_file(certificate).unwrap()];
            config.with_client_auth_cert(chain, PrivateKeyDer::from_pem_file(key).unwrap()).unwrap()
        }
    };
    let url = exchange.credentials()["tls_base_url"].as_str().unwrap().to_owned();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(url.strip_prefix("https://").unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).ok()?;
    }
    Some(stream)
}

/// What a mailbox says over a connection; nothing when hung up on.
pub(crate) fn ask(stream: &mut Secure, mailbox: &str) -> Option<String> {
    let head = format!("GET /messageexchange/{mailbox}/inbox HTTP/1.1\r\nHost: x\r\n");
    let request = format!("{head}Authorization: NHSMESH {mailbox}:{TOKEN}\r\n\r\n");
    stream.write_all(request.as_bytes()).ok()?;
    let mut heard = Vec::new();
    while !heard.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        stream.read_exact(&mut byte).ok()?;
        heard.push(byte[0]);
    }
    let head = String::from_utf8(heard).unwrap().to_ascii_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    stream.read_exact(&mut body).ok()?;
    Some(String::from_utf8(body).unwrap())
}

/// The same over a connection of its own.
fn heard(exchange: &Exchange, shown: Option<(&str, &str)>, mailbox: &str) -> Option<String> {
    ask(&mut connect(exchange, shown)?, mailbox)
}

/// An exchange whose mailboxes ask for certificates.
fn strict(folder: &Path) -> Exchange {
    let config = folder.join("strict.toml");
    std::fs::write(&config, "mesh_require_certificate = true\n").unwrap();
    let mut arguments = ARGUMENTS.to_vec();
    arguments.extend(["--config", config.to_str().unwrap()]);
    Exchange::start(BINARY, &arguments)
}

/// A certificate for a mailbox client of an organisation: where it is, and its key.
fn issue(exchange: &Exchange, folder: &Path, name: &str) -> (String, String) {
    issue_for(exchange, folder, "200000001001", name)
}

/// A certificate for a system: where it is, and its key.
pub(crate) fn issue_for(
    exchange: &Exchange,
    folder: &Path,
    system: &str,
    name: &str,
) -> (String, String) {
    let (data, out) = (exchange.data().to_str().unwrap(), folder.to_str().unwrap());
    let arguments = ["cert", "issue", "--system", system, "--name", name];
    let output =
        exchange.run(&[&arguments[..], &["--out", out, "--data", data, "--json"]].concat());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let row: Value = serde_json::from_slice(&output.stdout).unwrap();
    let file = |name: &str| row[name].as_str().unwrap().to_owned();
    (file("certificate_file"), file("key_file"))
}

pub(crate) fn mailbox(exchange: &Exchange) -> (String, String) {
    let row = exchange.credentials()["mailboxes"][0].clone();
    let text = |name: &str| row[name].as_str().unwrap().to_owned();
    (text("id"), text("organisation").to_ascii_lowercase())
}

#[test]
fn a_mailbox_may_ask_for_a_certificate_of_its_organisation() {
    let folder = tempfile::tempdir().unwrap();
    let exchange = strict(folder.path());
    let (mailbox, ods) = mailbox(&exchange);
    let of = |name: &str| issue(&exchange, folder.path(), name);
    let (file, key) = of(&format!("ward.{ods}.api.mesh-client.nhs.uk"));
    let says = |shown: Option<(&str, &str)>| heard(&exchange, shown, &mailbox).unwrap();
    let text = says(Some((&file, &key)));
    assert!(text.contains(NO_TOKEN), "{text}");
    let text = says(None);
    assert!(text.contains(NO_CERTIFICATE), "{text}");
    let others = [
        "ward.zz999.api.mesh-client.nhs.uk".to_owned(),
        format!("{ods}.api.mesh-client.nhs.uk"),
        format!("ward.{ods}.api.mesh-client.nhs.uk.example"),
        ods.clone(),
    ];
    for name in others {
        let (file, key) = of(&name);
        let text = says(Some((&file, &key)));
        assert!(text.contains(NO_CERTIFICATE), "{name}: {text}");
    }
    // What was not said over TLS was said by nobody.
    let token = format!("NHSMESH {mailbox}:{TOKEN}");
    let path = format!("/messageexchange/{mailbox}/inbox");
    let plain = exchange.client().send("GET", &path, &[("authorization", &token)], "").unwrap();
    assert!(plain.text.contains(NO_CERTIFICATE), "{}", plain.text);
}

#[test]
fn a_revoked_certificate_counts_no_more_also_on_an_open_connection() {
    let folder = tempfile::tempdir().unwrap();
    let mut exchange = strict(folder.path());
    let (mailbox, ods) = mailbox(&exchange);
    let name = format!("ward.{ods}.api.mesh-client.nhs.uk");
    let (file, key) = issue(&exchange, folder.path(), &name);
    let shown = Some((file.as_str(), key.as_str()));
    let mut open = connect(&exchange, shown).unwrap();
    assert!(ask(&mut open, &mailbox).unwrap().contains(NO_TOKEN));
    let data = exchange.data().to_str().unwrap().to_owned();
    let revoke = ["cert", "revoke", &name, "--data", &data, "--json"];
    let output = exchange.run(&revoke);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let row: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert!(row["revoked"].is_string());
    let at_once = ask(&mut open, &mailbox);
    assert!(at_once.is_none_or(|text| !text.contains(NO_TOKEN)), "the open connection");
    assert!(!exchange.run(&revoke).status.success(), "it is revoked already");
    // By the list it is refused before anything is said, soon.
    let from = Instant::now();
    while let Some(text) = heard(&exchange, shown, &mailbox) {
        assert!(!text.contains(NO_TOKEN), "{text}");
        assert!(from.elapsed() < Duration::from_secs(20), "the list is not heeded");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(heard(&exchange, None, &mailbox).is_some(), "others are served");
    assert!(exchange.stop());
    exchange.resume();
    assert_eq!(heard(&exchange, shown, &mailbox), None, "also after a restart");
    let output = exchange.run(&["cert", "list", "--data", &data, "--json"]);
    let rows: Value = serde_json::from_slice(&output.stdout).unwrap();
    let row = rows.as_array().unwrap().iter().find(|row| row["common_name"] == name.as_str());
    assert!(row.unwrap()["revoked"].is_string());
}

#[test]
fn a_demonstration_makes_certificates_for_its_systems() {
    let exchange = Exchange::start(BINARY, &ARGUMENTS);
    let credentials = exchange.credentials();
    let rows = credentials["certificates"].as_array().unwrap();
    assert!(!rows.is_empty());
    let (mailbox, _) = mailbox(&exchange);
    for row in rows {
        let text = |name: &str| row[name].as_str().unwrap();
        let shown = (text("certificate_file"), text("key_file"));
        assert!(heard(&exchange, Some(shown), &mailbox).is_some(), "{row}");
        assert_eq!(text("authority_file"), exchange.data().join("demo/ca.pem").to_str().unwrap());
    }
}

#[test]
fn new_papers_are_taken_up_while_it_serves_and_bad_ones_are_not() {
    let mut exchange = Exchange::start(BINARY, &ARGUMENTS);
    let demo = exchange.data().join("demo");
    let served = |exchange: &Exchange| connect(exchange, None).is_some();
    assert!(served(&exchange));
    std::fs::write(demo.join("tls.pem"), "rubbish").unwrap();
    std::thread::sleep(Duration::from_secs(3));
    assert!(served(&exchange), "the old papers stay");
    let made = transport::Tls::self_signed(&["127.0.0.1"]).unwrap();
    std::fs::write(demo.join("tls-key.pem"), &made.key).unwrap();
    std::fs::write(demo.join("tls.pem"), &made.certificate).unwrap();
    std::fs::write(demo.join("ca.pem"), &made.authority).unwrap();
    let from = Instant::now();
    while !served(&exchange) {
        assert!(from.elapsed() < Duration::from_secs(20), "the new papers are not taken up");
        std::thread::sleep(Duration::from_millis(100));
    }
    assert!(exchange.stop());
}

#[test]
fn a_demonstration_goes_on_without_tls_when_the_next_port_is_taken() {
    let port = testkit::free_port();
    // By us, or by somebody else: it is taken.
    let _taken = TcpListener::bind(("127.0.0.1", port + 1));
    let folder = tempfile::tempdir().unwrap();
    let mut child = Command::new(BINARY)
        .args(["serve", "--listen", &format!("127.0.0.1:{port}"), "--data"])
        .arg(folder.path())
        .args(ARGUMENTS)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut line = [0; 5];
    let ready = child.stdout.take().unwrap().read_exact(&mut line);
    let text = std::fs::read_to_string(folder.path().join("demo/credentials.json"));
    child.kill().unwrap();
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(ready.is_ok() && &line == b"ready", "{said}");
    assert!(said.contains("no TLS"), "{said}");
    let credentials: Value = serde_json::from_str(&text.unwrap()).unwrap();
    assert!(credentials["tls_base_url"].is_null());
}
