//! What the tests share: pushes, and a receiver that answers as it is told.

use std::io::{ErrorKind, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use base::{Clock, Dice};
use broker::{Endpoint, Envelope, Outcome, Push};
use bytes::Bytes;
use store::Store;
use store::messages::MessageId;
use tempfile::TempDir;

use crate::{Courier, Trust};

pub(crate) const ORIGIN: &str = "https://exchange.example";
pub(crate) const NOW: &str = "2026-11-22T10:00:00Z";
pub(crate) const SECRET: &str = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";

/// A private endpoint that wants to be spoken to in this way.
pub(crate) fn endpoint(wire: &str, url: &str) -> Endpoint {
    Endpoint {
        name: "HOOK".into(),
        url: url.into(),
        wire: wire.into(),
        organisation: String::new(),
        secrets: vec![SECRET.into()],
        acknowledges: false,
        in_order: false,
        pushes_max: 4,
        push_s_max: 30,
        private: true,
        closed: false,
    }
}

/// A push of a small letter.
pub(crate) fn push(wire: &str, url: &str) -> Push {
    let message = MessageId(1_763_805_600_000 << 21);
    Push {
        delivery: message.delivery(1),
        message,
        attempt: 2,
        endpoint: endpoint(wire, url),
        envelope: Envelope {
            wire: "http".into(),
            from: "ALPHA".into(),
            to: "BETA".into(),
            kind: "LETTER".into(),
            local_id: "mine-1".into(),
            media_type: "text/plain".into(),
            bytes: 5,
            parts: 1,
            traceparent: "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".into(),
            ..Envelope::default()
        },
        topic: "LETTER".into(),
        body: Bytes::from_static(b"hello"),
        content: None,
        gap: 0,
    }
}

/// A courier, and the store that it reads large bodies from.
pub(crate) struct Trial {
    pub(crate) courier: Courier,
    pub(crate) store: Store,
    _folder: TempDir,
}

impl Trial {
    pub(crate) fn new() -> Self {
        Self::trusting(&Trust::These(rustls::RootCertStore::empty()))
    }

    pub(crate) fn trusting(trust: &Trust) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(NOW.parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        let courier = Courier::new(store.clone(), clock, ORIGIN, trust).unwrap();
        Self { courier, store, _folder: folder }
    }

    /// What comes of a push of a small letter.
    pub(crate) async fn carry(&self, wire: &str, url: &str) -> Outcome {
        self.courier.carry(push(wire, url)).await
    }

    /// What comes of it at a receiver that answers so.
    pub(crate) async fn answered(&self, answer: &'static str) -> Outcome {
        let receiver = Receiver::answering(answer);
        self.carry("plain", &receiver.url()).await
    }
}

/// Why a push failed.
pub(crate) fn why(outcome: Outcome) -> String {
    match outcome {
        Outcome::Failed { why, .. } => why,
        other => panic!("{other:?}"),
    }
}

/// A request as a receiver saw it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Seen {
    /// The request line and the headers.
    pub(crate) head: String,
    /// The body.
    pub(crate) body: Vec<u8>,
    /// Which connection it came on, from 1.
    pub(crate) connection: usize,
}

impl Seen {
    /// A header, by its name in lower case; empty when it is not there.
    pub(crate) fn header(&self, name: &str) -> &str {
        let mut pairs = self.head.lines().filter_map(|line| line.split_once(": "));
        pairs.find(|(known, _)| known.eq_ignore_ascii_case(name)).map_or("", |(_, value)| value)
    }
}

/// A receiver on a port of its own: a plain socket, so that it can answer what no server would.
pub(crate) struct Receiver {
    address: SocketAddr,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Receiver {
    /// One that gives these bytes to every request.
    pub(crate) fn answering(answer: &'static str) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let seen: Arc<Mutex<Vec<Seen>>> = Arc::default();
        let all = Arc::clone(&seen);
        thread::spawn(move || {
            for (at, stream) in listener.incoming().enumerate() {
                let (all, stream) = (Arc::clone(&all), stream.unwrap());
                thread::spawn(move || serve(stream, at + 1, answer, &all));
            }
        });
        Self { address, seen }
    }

    pub(crate) fn url(&self) -> String {
        format!("http://{}/in?key=secret", self.address)
    }

    pub(crate) fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }
}

fn serve(mut stream: TcpStream, connection: usize, answer: &str, all: &Mutex<Vec<Seen>>) {
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    while let Some(seen) = request(&mut stream, connection) {
        all.lock().unwrap().push(seen);
        let written = stream.write_all(answer.as_bytes());
        if written.is_err() || !answer.contains("keep-alive") {
            return;
        }
    }
}

/// Reads a request with its Content-Length; nothing when the caller has hung up.
fn request(stream: &mut TcpStream, connection: usize) -> Option<Seen> {
    let mut bytes = Vec::new();
    let mut block = [0; 8 * 1024];
    loop {
        if let Some(end) = bytes.windows(4).position(|four| four == b"\r\n\r\n") {
            let head = String::from_utf8(bytes[..end].to_vec()).unwrap();
            let seen = Seen { head, body: bytes[end + 4..].to_vec(), connection };
            if seen.body.len() >= seen.header("content-length").parse().unwrap_or(0) {
                return Some(seen);
            }
        }
        match stream.read(&mut block) {
            Ok(0) => return None,
            Ok(count) => bytes.extend_from_slice(&block[..count]),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(_) => return None,
        }
    }
}
