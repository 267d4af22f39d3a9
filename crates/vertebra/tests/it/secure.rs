//! TLS at the door of the real binary.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::os::unix::fs::PermissionsExt;
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};

use crate::BINARY;

/// What a caller hears over TLS who trusts nobody but the authority in this file.
fn health(url: &str, authority: &std::path::Path) -> String {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_file(authority).unwrap()).unwrap();
    let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let name = ServerName::try_from("127.0.0.1").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(url.strip_prefix("https://").unwrap()).unwrap();
    let mut stream = StreamOwned::new(connection, socket);
    stream.write_all(b"GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

#[test]
fn a_demonstration_makes_its_certificate_once() {
    let arguments = ["--demo", "--people", "50", "--tls-listen", "127.0.0.1:0"];
    let mut exchange = testkit::Exchange::start(BINARY, &arguments);
    let folder = exchange.data().join("demo");
    let key = std::fs::metadata(folder.join("tls-key.pem")).unwrap();
    assert_eq!(key.permissions().mode() & 0o777, 0o600);
    let authority = std::fs::read(folder.join("ca.pem")).unwrap();
    for _ in 0..2 {
        let url = exchange.credentials()["tls_url"].as_str().unwrap().to_owned();
        let answer = health(&url, &folder.join("ca.pem"));
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
        assert_eq!(exchange.client().get("/health").unwrap().status, 200);
        assert!(exchange.stop());
        exchange.resume();
    }
    assert_eq!(std::fs::read(folder.join("ca.pem")).unwrap(), authority);
}

#[test]
fn without_a_certificate_there_is_no_tls() {
    let folder = tempfile::tempdir().unwrap();
    let output = std::process::Command::new(BINARY)
        .args(["serve", "--listen", "127.0.0.1:0", "--tls-listen", "127.0.0.1:0", "--data"])
        .arg(folder.path())
        .output()
        .unwrap();
    assert!(!output.status.success());
    assert!(String::from_utf8_lossy(&output.stderr).contains("tls_certificate"));
}
