//! Callers who show certificates: good ones, none, and bad ones.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertifiedIssuer,
    DistinguishedName, DnType, ExtendedKeyUsagePurpose, IsCa, KeyIdMethod, KeyPair,
    KeyUsagePurpose, RevokedCertParams, SerialNumber, date_time_ymd,
};
use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::version::{TLS12, TLS13};
use rustls::{
    ClientConfig, ClientConnection, HandshakeKind, RootCertStore, StreamOwned,
    SupportedProtocolVersion,
};
use tokio::task::spawn_blocking;
use transport::{Papers, SelfSigned, Tls};

use crate::client::Client;
use crate::post::Post;

type Secure = StreamOwned<ClientConnection, TcpStream>;

/// An authority for callers.
struct Authority(CertifiedIssuer<'static, KeyPair>);

/// What a caller shows.
#[derive(Clone)]
struct Shown {
    certificate: String,
    key: String,
}

impl Authority {
    fn new(name: &str) -> Self {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        Self(CertifiedIssuer::self_signed(params, KeyPair::generate().unwrap()).unwrap())
    }

    /// A certificate that ends with a year.
    fn issue(&self, name: &str, serial: u8, last_year: i32) -> Shown {
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.serial_number = Some(SerialNumber::from(vec![serial]));
        params.not_before = date_time_ymd(2020, 1, 1);
        params.not_after = date_time_ymd(last_year, 12, 31);
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        let key = KeyPair::generate().unwrap();
        let certificate = params.signed_by(&key, &self.0).unwrap();
        Shown { certificate: certificate.pem(), key: key.serialize_pem() }
    }

    /// A list of what it takes back.
    fn list(&self, serials: &[u8]) -> Vec<u8> {
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(vec![*serial]),
            revocation_time: date_time_ymd(2026, 1, 1),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(2026, 1, 1),
            next_update: date_time_ymd(2126, 1, 1),
            crl_number: SerialNumber::from(vec![1]),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.0).unwrap().pem().unwrap().into_bytes()
    }
}

/// A house that believes an authority.
struct House {
    made: SelfSigned,
    authority: Authority,
    tls: Tls,
    post: Post,
}

impl House {
    async fn open() -> Self {
        let (made, authority) =
            (Tls::self_signed(&["localhost"]).unwrap(), Authority::new("Authority"));
        let tls = Tls::new(&papers(&made, &authority, Vec::new())).unwrap();
        let post = Post::open(Some(tls.clone())).await;
        Self { made, authority, tls, post }
    }

    fn caller(&self, shown: Option<Shown>) -> Caller {
        self.speaking(&TLS13, shown)
    }

    fn speaking(&self, version: &'static SupportedProtocolVersion, shown: Option<Shown>) -> Caller {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(self.made.authority.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_protocol_versions(&[version])
            .unwrap()
            .with_root_certificates(roots);
        let mut config = match shown {
            None => config.with_no_client_auth(),
            Some(shown) => config
                .with_client_auth_cert(
                    vec![CertificateDer::from_pem_slice(shown.certificate.as_bytes()).unwrap()],
                    PrivateKeyDer::from_pem_slice(shown.key.as_bytes()).unwrap(),
                )
                .unwrap(),
        };
        config.resumption = Resumption::in_memory_sessions(8);
        Caller { config: Arc::new(config), address: self.post.address }
    }
}

fn papers(made: &SelfSigned, authority: &Authority, revoked: Vec<u8>) -> Papers {
    Papers {
        certificates: made.certificate.clone().into_bytes(),
        key: made.key.clone().into_bytes(),
        authorities: authority.0.pem().into_bytes(),
        revoked,
    }
}

/// Somebody who calls, with sessions that may be taken up again.
#[derive(Clone)]
struct Caller {
    config: Arc<ClientConfig>,
    address: SocketAddr,
}

impl Caller {
    /// Who the house says that this is, over a connection of its own; nothing when refused.
    fn name(&self) -> Option<String> {
        name_over(&mut self.connect()?)
    }

    fn connect(&self) -> Option<Client<Secure>> {
        let name = ServerName::try_from("localhost").unwrap();
        let connection = ClientConnection::new(self.config.clone(), name).unwrap();
        let mut stream = StreamOwned::new(connection, TcpStream::connect(self.address).unwrap());
        while stream.conn.is_handshaking() {
            stream.conn.complete_io(&mut stream.sock).ok()?;
        }
        Some(Client { stream })
    }
}

/// The name by which the house knows the caller of a connection; nothing when it is refused
/// or hung up on.
fn name_over(client: &mut Client<Secure>) -> Option<String> {
    let request = b"GET /post/open/caller HTTP/1.1\r\nHost: x\r\nAuthorization: Box open\r\n\r\n";
    client.stream.write_all(request).ok()?;
    let mut heard = Vec::new();
    while !heard.ends_with(b"\r\n\r\n") {
        let mut byte = [0];
        client.stream.read_exact(&mut byte).ok()?;
        heard.push(byte[0]);
    }
    let head = String::from_utf8(heard).unwrap().to_ascii_lowercase();
    if head.starts_with("http/1.1 403") {
        assert!(head.contains("connection: close"), "{head}");
        return None;
    }
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")).unwrap();
    let mut body = vec![0; length.parse().unwrap()];
    client.stream.read_exact(&mut body).ok()?;
    Some(String::from_utf8(body).unwrap())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_certificate_says_who_calls_and_is_asked_of_nobody() {
    let house = House::open().await;
    spawn_blocking(move || {
        let ward = house.authority.issue("ward", 1, 2100);
        for version in [&TLS12, &TLS13] {
            let caller = house.speaking(version, Some(ward.clone()));
            assert_eq!(caller.name().as_deref(), Some("ward"), "{version:?}");
            assert_eq!(house.speaking(version, None).name().as_deref(), Some("Box open"));
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_certificate_is_worse_than_none() {
    let house = House::open().await;
    spawn_blocking(move || {
        let stranger = Authority::new("Stranger").issue("ward", 1, 2100);
        // It says that it is of the authority, and is not.
        let forged = Authority::new("Authority").issue("ward", 1, 2100);
        let over = house.authority.issue("ward", 2, 2021);
        for version in [&TLS12, &TLS13] {
            for shown in [&stranger, &forged, &over] {
                let caller = house.speaking(version, Some(shown.clone()));
                assert_eq!(caller.name(), None, "{version:?}");
            }
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_taken_up_again_keeps_its_caller() {
    let house = House::open().await;
    spawn_blocking(move || {
        for version in [&TLS12, &TLS13] {
            let caller = house.speaking(version, Some(house.authority.issue("ward", 1, 2100)));
            assert_eq!(caller.name().as_deref(), Some("ward"));
            let mut again = caller.connect().unwrap();
            assert_eq!(name_over(&mut again).as_deref(), Some("ward"));
            assert_eq!(again.stream.conn.handshake_kind(), Some(HandshakeKind::Resumed));
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_revoked_counts_no_more_on_no_connection() {
    let house = House::open().await;
    spawn_blocking(move || {
        for version in [&TLS12, &TLS13] {
            let open = papers(&house.made, &house.authority, Vec::new());
            house.tls.renew(&open).unwrap();
            let ward = house.speaking(version, Some(house.authority.issue("ward", 1, 2100)));
            let other = house.speaking(version, Some(house.authority.issue("other", 2, 2100)));
            let (mut ward_open, mut other_open) =
                (ward.connect().unwrap(), other.connect().unwrap());
            assert_eq!(name_over(&mut ward_open).as_deref(), Some("ward"));
            let list = house.authority.list(&[1]);
            house.tls.renew(&papers(&house.made, &house.authority, list)).unwrap();
            assert_eq!(name_over(&mut ward_open), None, "an open connection");
            assert_eq!(ward.name(), None, "a new one, with a session to take up");
            assert_eq!(name_over(&mut other_open).as_deref(), Some("other"));
            assert_eq!(other.name().as_deref(), Some("other"));
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn an_authority_that_is_believed_no_more_takes_its_callers_along() {
    let house = House::open().await;
    spawn_blocking(move || {
        let caller = house.caller(Some(house.authority.issue("ward", 1, 2100)));
        let mut open = caller.connect().unwrap();
        assert_eq!(name_over(&mut open).as_deref(), Some("ward"));
        let other = Authority::new("Other");
        house.tls.renew(&papers(&house.made, &other, Vec::new())).unwrap();
        assert_eq!(name_over(&mut open), None);
        let nobody = Papers { authorities: Vec::new(), ..papers(&house.made, &other, Vec::new()) };
        house.tls.renew(&nobody).unwrap();
        assert_eq!(caller.name().as_deref(), Some("Box open"), "nobody is asked");
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn new_papers_cost_no_caller_an_error() {
    let house = House::open().await;
    spawn_blocking(move || {
        let caller = house.caller(Some(house.authority.issue("ward", 1, 2100)));
        let done = Arc::new(AtomicBool::new(false));
        let callers: Vec<_> = (0..4)
            .map(|_| {
                let (caller, done) = (caller.clone(), done.clone());
                std::thread::spawn(move || {
                    let mut kept = caller.connect().unwrap();
                    let mut calls = 0;
                    while !done.load(Ordering::Relaxed) {
                        assert_eq!(name_over(&mut kept).as_deref(), Some("ward"));
                        assert_eq!(caller.name().as_deref(), Some("ward"));
                        calls += 2;
                    }
                    calls
                })
            })
            .collect();
        for number in 0..20 {
            let list = house.authority.list(&[100 + number]);
            house.tls.renew(&papers(&house.made, &house.authority, list)).unwrap();
            let wrong = papers(&house.made, &house.authority, b"rubbish".to_vec());
            assert!(house.tls.renew(&wrong).unwrap_err().contains("list"));
            std::thread::sleep(std::time::Duration::from_millis(20));
        }
        done.store(true, Ordering::Relaxed);
        for caller in callers {
            assert!(caller.join().unwrap() > 0);
        }
    })
    .await
    .unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn older_kinds_of_tls_are_not_spoken() {
    let house = House::open().await;
    spawn_blocking(move || {
        for (version, refused) in [(1, true), (2, true), (3, false)] {
            let mut stream = TcpStream::connect(house.post.address).unwrap();
            stream.write_all(&hello(version)).unwrap();
            let mut heard = [0];
            stream.read_exact(&mut heard).unwrap();
            // An alert, or a handshake that goes on.
            let due = if refused { 21 } else { 22 };
            assert_eq!(heard[0], due, "TLS 1.{}", version - 1);
        }
    })
    .await
    .unwrap();
}

/// The greeting of a client that speaks TLS 1.0, 1.1 or 1.2 at most.
fn hello(version: u8) -> Vec<u8> {
    let mut hello = vec![3, version];
    hello.extend([7; 32]);
    hello.extend([0, 0, 4, 0xc0, 0x2b, 0xc0, 0x09, 1, 0]);
    // Extensions: one curve, one kind of signature, plain points, extended master secret.
    hello.extend([0, 26, 0, 10, 0, 4, 0, 2, 0, 23, 0, 13, 0, 4, 0, 2, 4, 3]);
    hello.extend([0, 11, 0, 2, 1, 0, 0, 23, 0, 0]);
    let length = hello.len() as u8;
    let mut record = vec![22, 3, 1, 0, length + 4, 1, 0, 0, length];
    record.extend(hello);
    record
}
