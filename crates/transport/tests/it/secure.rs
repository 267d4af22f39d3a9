//! TLS, with callers who trust the authority and callers who do not.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
};
use tokio::task::spawn_blocking;
use transport::{SelfSigned, Tls};

use crate::client::Client;
use crate::post::Post;

type Secure = StreamOwned<ClientConnection, TcpStream>;

const LOCAL: &[&str] = &["localhost", "127.0.0.1"];

async fn open() -> (SelfSigned, Post) {
    let made = Tls::self_signed(LOCAL).unwrap();
    let tls = Tls::from_pem(made.certificate.as_bytes(), made.key.as_bytes()).unwrap();
    (made, Post::open(Some(tls)).await)
}

/// A connection of a caller who trusts an authority and speaks this.
fn connect(
    address: SocketAddr,
    authority: &str,
    name: &'static str,
    version: &'static SupportedProtocolVersion,
    protocols: &[&str],
) -> std::io::Result<Client<Secure>> {
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(authority.as_bytes()).unwrap()).unwrap();
    let mut config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = protocols.iter().map(|name| name.as_bytes().to_vec()).collect();
    let name = ServerName::try_from(name).unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let mut stream = StreamOwned::new(connection, TcpStream::connect(address)?);
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock)?;
    }
    Ok(Client { stream })
}

#[tokio::test(flavor = "multi_thread")]
async fn callers_who_trust_the_authority_are_served_by_either_version() {
    let (made, post) = open().await;
    spawn_blocking(move || {
        for version in [&TLS12, &TLS13] {
            for name in LOCAL {
                let client = connect(post.address, &made.authority, name, version, &["http/1.1"]);
                let mut client = client.unwrap();
                client.ask("GET", "/open/origin", &[]);
                assert_eq!(client.answer(), (200, "https://x".into()));
                client.ask("PUT", "/open/large", &["Content-Length: 3"]);
                client.send(b"abc");
                assert_eq!(client.answer(), (200, "3 bytes".into()));
            }
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_spoken_inside_is_agreed_on() {
    let (made, post) = open().await;
    spawn_blocking(move || {
        for (offered, agreed) in [
            (&["h2", "http/1.1"][..], Some(&b"h2"[..])),
            (&["http/1.1"], Some(b"http/1.1")),
            (&[], None),
        ] {
            let client = connect(post.address, &made.authority, "localhost", &TLS13, offered);
            let mut client = client.unwrap();
            assert_eq!(client.stream.conn.alpn_protocol(), agreed);
            if agreed == Some(b"h2") {
                // The preface and empty settings of HTTP/2; the answer begins with settings too.
                client.send(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0");
                let mut frame = [0; 9];
                client.stream.read_exact(&mut frame).unwrap();
                assert_eq!(frame[3], 4);
            }
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_does_not_trust_or_does_not_speak_it_gets_nothing() {
    let (made, post) = open().await;
    spawn_blocking(move || {
        let other = Tls::self_signed(LOCAL).unwrap();
        assert!(connect(post.address, &other.authority, "localhost", &TLS13, &[]).is_err());
        assert!(connect(post.address, &made.authority, "other.example", &TLS13, &[]).is_err());
        let mut plain = Client::connect(post.address);
        plain.ask("GET", "/open/origin", &[]);
        let mut heard = Vec::new();
        let _ = plain.stream.read_to_end(&mut heard);
        assert!(!heard.starts_with(b"HTTP"), "{heard:?}");
        // Others are served meanwhile, whoever is silent.
        let silent: Vec<TcpStream> =
            (0..50).map(|_| TcpStream::connect(post.address).unwrap()).collect();
        let client = connect(post.address, &made.authority, "localhost", &TLS13, &[]);
        let mut client = client.unwrap();
        client.ask("GET", "/open/origin", &[]);
        assert_eq!(client.answer().0, 200);
        client.stream.flush().unwrap();
        drop(silent);
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn a_caller_who_never_agrees_is_hung_up_on() {
    let (_, post) = open().await;
    let address = post.address;
    let (connected, ready) = tokio::sync::oneshot::channel();
    let silent = spawn_blocking(move || {
        let mut client = Client::connect(address);
        connected.send(()).unwrap();
        client.rest()
    });
    ready.await.unwrap();
    tokio::time::pause();
    // The house may not have taken the connection yet: push until it has, and has waited.
    while !silent.is_finished() {
        tokio::time::advance(std::time::Duration::from_secs(11)).await;
    }
    assert_eq!(silent.await.unwrap(), 0);
}
