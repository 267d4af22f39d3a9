use std::sync::Arc;
use std::time::Duration;

use base::{Clock, Dice};
use broker::Outcome;
use bytes::Bytes;
use http::{HeaderMap, Method};
use rcgen::{CertificateParams, CertifiedIssuer, ExtendedKeyUsagePurpose, KeyPair};
use rustls::pki_types::PrivateKeyDer;
use rustls::server::WebPkiClientVerifier;
use rustls::{RootCertStore, ServerConfig};
use service::{Missed, Onward};
use store::Store;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio_rustls::TlsAcceptor;

use super::*;
use crate::Courier;
use crate::tests::trial::{push, why};

/// An authority, and a certificate for somebody on this machine.
struct Signed {
    authority: CertificateDer<'static>,
    certificate: String,
    key: String,
}

fn signed() -> Signed {
    let mut params = CertificateParams::new(Vec::new()).unwrap();
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap();
    let mut params = CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
    params.extended_key_usages =
        vec![ExtendedKeyUsagePurpose::ClientAuth, ExtendedKeyUsagePurpose::ServerAuth];
    let key = KeyPair::generate().unwrap();
    let certificate = params.signed_by(&key, &authority).unwrap();
    Signed {
        authority: authority.der().clone(),
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    }
}

fn roots(signed: &Signed) -> RootCertStore {
    let mut roots = RootCertStore::empty();
    roots.add(signed.authority.clone()).unwrap();
    roots
}

/// A receiver that only lets in who shows a certificate of an authority, and says this. Its port.
async fn demanding(server: &Signed, client: &Signed, answer: &'static str) -> u16 {
    let provider = Arc::new(aws_lc_rs::default_provider());
    let verifier =
        WebPkiClientVerifier::builder_with_provider(roots(client).into(), Arc::clone(&provider));
    let chain = CertificateDer::pem_slice_iter(server.certificate.as_bytes());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_client_cert_verifier(verifier.build().unwrap())
        .with_single_cert(
            chain.collect::<Result<_, _>>().unwrap(),
            PrivateKeyDer::from_pem_slice(server.key.as_bytes()).unwrap(),
        )
        .unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let acceptor = TlsAcceptor::from(Arc::new(config));
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let Ok(mut stream) = acceptor.accept(stream).await else { continue };
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
        }
    });
    port
}

fn call(port: u16) -> Onward {
    Onward {
        url: format!("https://localhost:{port}/"),
        private: true,
        method: Method::GET,
        headers: HeaderMap::new(),
        body: Bytes::new().into(),
        wait: Duration::from_secs(5),
        bytes_max: 64,
    }
}

#[tokio::test]
async fn who_asks_for_a_certificate_is_shown_it() {
    let (server, client, stranger) = (signed(), signed(), signed());
    let answer = "HTTP/1.1 204 Well\r\nconnection: close\r\n\r\n";
    let port = demanding(&server, &client, answer).await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let trust = Trust::These(roots(&server));
    let with = |signed: &Signed| {
        let identity =
            Identity::from_pem(signed.certificate.as_bytes(), signed.key.as_bytes()).unwrap();
        Courier::identified(store.clone(), Clock::System, "", &trust, identity).unwrap()
    };
    let returned = with(&client).pass_on(call(port)).await.unwrap();
    assert_eq!(returned.status, 204);
    let nobody = Courier::new(store.clone(), Clock::System, "", &trust).unwrap();
    for courier in [nobody, with(&stranger)] {
        let missed = courier.pass_on(call(port)).await.unwrap_err();
        assert!(matches!(&missed, Missed::Untrusted(why) if why.contains("TLS")), "{missed:?}");
    }
}

#[tokio::test]
async fn a_receiver_of_mllp_is_shown_it_as_well() {
    let (server, client, stranger) = (signed(), signed(), signed());
    let port = demanding(&server, &client, "\x0bMSH|^~\\&|\rMSA|AA|7\r\x1c\r").await;
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let carry = async |shown: &Signed, believed: &Signed, host: &str| {
        let trust = Trust::These(roots(believed));
        let identity = Identity::from_pem(shown.certificate.as_bytes(), shown.key.as_bytes());
        let with = identity.unwrap();
        let courier = Courier::identified(store.clone(), Clock::System, "", &trust, with);
        let mut one = push("mllp", &format!("mllps://{host}:{port}"));
        one.body = "MSH|^~\\&|A|B|C|D|||ADT^A01|7|T|2.5\r".into();
        courier.unwrap().carry(one).await
    };
    assert_eq!(carry(&client, &server, "localhost").await, Outcome::Acknowledged);
    for (shown, believed, host) in [
        (&stranger, &server, "localhost"),
        (&client, &stranger, "localhost"),
        (&client, &server, "127.0.0.1"),
    ] {
        let why = why(carry(shown, believed, host).await);
        assert!(why.contains("TLS"), "{why}");
    }
}

#[test]
fn what_is_no_certificate_is_told() {
    let (one, other) = (signed(), signed());
    for (certificate, key, why) in [
        ("", one.key.as_str(), "there is no certificate"),
        (one.certificate.as_str(), "", "there is no private key"),
    ] {
        let error = Identity::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err();
        assert!(error.contains(why), "{error}");
    }
    let mixed = Identity::from_pem(one.certificate.as_bytes(), other.key.as_bytes()).unwrap();
    let error = config(&Trust::These(RootCertStore::empty()), Some(mixed)).unwrap_err();
    assert!(error.contains("do not serve"), "{error}");
}
