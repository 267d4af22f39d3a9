//! MLLP at a real socket: one after the other, bounded, and over TLS for those with certificates.

use std::net::SocketAddr;
use std::sync::Arc;

use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, RootCertStore};
use security::{Certificate, Certified, Gate, Tokens};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use transport::{MllpListener, Papers, SelfSigned, Stop, Tls, mllp_handler};

/// A listener that says who calls and what they said.
pub(crate) async fn serve(gate: Gate, tls: Option<Tls>) -> (SocketAddr, Stop) {
    let listener = MllpListener::bind("127.0.0.1:0".parse().unwrap()).await.unwrap();
    let listener = match tls {
        Some(tls) => listener.with_tls(tls),
        None => listener,
    };
    let (address, stop) = (listener.address().unwrap(), Stop::new());
    let answer = mllp_handler(|caller, message| async move {
        let who = caller.map_or("nobody".to_owned(), |caller| caller.client);
        Some([who.as_bytes(), b" ", message.get(..20).unwrap_or(&message)].concat())
    });
    tokio::spawn(listener.serve(gate, answer, stop.clone()));
    (address, stop)
}

pub(crate) async fn all(stream: &mut (impl AsyncReadExt + Unpin)) -> Vec<u8> {
    let mut heard = Vec::new();
    let _ = stream.read_to_end(&mut heard).await;
    heard
}

#[tokio::test]
async fn messages_are_answered_in_order_and_the_last_before_it_closes() {
    let (address, stop) = serve(Gate::open(Tokens::default()), None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"\x0bone\x1c\r\n\x0btwo\x1c\r").await.unwrap();
    let mut heard = [0; 22];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"\x0bopen one\x1c\r\x0bopen two\x1c\r");
    stop.cancel();
    assert_eq!(all(&mut stream).await, b"", "it closes when it is told to");
}

#[tokio::test]
async fn a_closed_house_knows_nobody_without_a_certificate() {
    let (address, _stop) = serve(Gate::closed(Tokens::default()), None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all(b"\x0bone\x1c\r").await.unwrap();
    stream.shutdown().await.unwrap();
    assert_eq!(all(&mut stream).await, b"\x0bnobody one\x1c\r");
}

#[tokio::test]
async fn what_is_too_large_is_hung_up_on() {
    let (address, _stop) = serve(Gate::open(Tokens::default()), None).await;
    let mut stream = TcpStream::connect(address).await.unwrap();
    let block = [b"\x0b".to_vec(), vec![b'x'; 200_000], b"\x1c\r".to_vec()].concat();
    stream.write_all(&block).await.unwrap();
    let mut heard = [0; 28];
    stream.read_exact(&mut heard).await.unwrap();
    assert!(heard.starts_with(b"\x0bopen xxx"), "a large one is taken");
    stream.write_all(b"\x0b").await.unwrap();
    let piece = vec![b'x'; 1024 * 1024];
    let mut sent = 0;
    while sent < 40 && stream.write_all(&piece).await.is_ok() {
        sent += 1;
    }
    assert!(sent < 40, "a message without an end is cut");
}

#[tokio::test]
async fn over_tls_the_certificate_says_who_calls() {
    let mut params = CertificateParams::default();
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let key = KeyPair::generate().unwrap();
    let shown = CertificateParams::new(vec!["lab".to_owned()]).unwrap();
    let shown = shown.signed_by(&key, &authority).unwrap();
    let own: SelfSigned = Tls::self_signed(&["127.0.0.1"]).unwrap();
    let tls = Tls::new(&Papers {
        certificates: own.certificate.clone().into(),
        key: own.key.clone().into(),
        authorities: authority.pem().into(),
        revoked: Vec::new(),
    });
    let gate = Gate::closed(Tokens::default());
    let certificate = Certificate::read(shown.der()).unwrap();
    let row = Certified {
        fingerprint: Some(certificate.fingerprint),
        client: "lab".into(),
        organisation: "A1".into(),
        ..Certified::default()
    };
    gate.know_certificates(vec![row.clone()]);
    let (address, _stop) = serve(gate.clone(), Some(tls.unwrap())).await;

    let connect = async |identity: bool| {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(own.authority.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots);
        let config = if identity {
            let key = PrivateKeyDer::from_pem_slice(key.serialize_pem().as_bytes()).unwrap();
            config.with_client_auth_cert(vec![shown.der().clone()], key).unwrap()
        } else {
            config.with_no_client_auth()
        };
        let name = ServerName::try_from("127.0.0.1").unwrap();
        let socket = TcpStream::connect(address).await.unwrap();
        tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, socket).await.unwrap()
    };

    let mut stream = connect(true).await;
    stream.write_all(b"\x0bone\x1c\r").await.unwrap();
    let mut heard = [0; 10];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"\x0blab one\x1c\r");
    // Revoked meanwhile: the open connection knows at the next message.
    gate.know_certificates(vec![Certified { revoked: true, ..row }]);
    stream.write_all(b"\x0btwo\x1c\r").await.unwrap();
    let mut heard = [0; 13];
    stream.read_exact(&mut heard).await.unwrap();
    assert_eq!(&heard, b"\x0bnobody two\x1c\r");
    let mut bare = connect(false).await;
    let _ = bare.write_all(b"\x0bone\x1c\r").await;
    assert_eq!(all(&mut bare).await, b"", "without a certificate nothing is answered");
}
