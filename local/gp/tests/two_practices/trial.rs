//! Two practices with the stand-in between them, running.

use std::path::Path;

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base::{Clock, Dice};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use desk::{Card, Client, Desk, Door, Folder, Stop};
use gp::Handler;
use http::{HeaderMap, HeaderValue, Method};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

use crate::MESSAGE_BYTES_MAX;
use crate::stand_in::StandIn;

/// Everybody, running.
pub(crate) struct Trial {
    pub(crate) folder: TempDir,
    pub(crate) stand_in: StandIn,
    pub(crate) old: Practice,
    pub(crate) new: Practice,
}

/// Whatever else a trial is about: messages that were forwarded were acknowledged.
impl Drop for Trial {
    fn drop(&mut self) {
        let receipts = self.stand_in.receipts.lock().unwrap();
        let good = (202, "Acknowledgment".to_owned());
        assert!(std::thread::panicking() || receipts.iter().all(|one| *one == good));
    }
}

pub(crate) struct Practice {
    control: String,
    secret: String,
}

impl Practice {
    async fn open(
        place: &Path,
        code: &str,
        (stand_in, exchange): (&StandIn, &str),
        change: impl Fn(&mut Handler),
    ) -> Self {
        let card = Card {
            name: code.to_owned(),
            title: code.to_owned(),
            organisation: code.to_owned(),
            system: format!("S-{code}"),
            exchange: exchange.to_owned(),
            token_url: format!("{exchange}/oauth2/token"),
            client: code.to_owned(),
            kid: "1".to_owned(),
            key_file: place.join("key.pem"),
            api_key_file: Some(place.join("key.txt")),
            papers: None,
        };
        let mut handler = Handler::new(format!("P-{code}"), exchange.to_owned());
        handler.message_bytes_max = MESSAGE_BYTES_MAX;
        change(&mut handler);
        let desk = Desk::open(card, &place.join(code), Clock::System, Dice::System).unwrap();
        let secret = desk.control_secret().expose().clone();
        let (doors, running) = gp::open(desk, handler, Stop::new()).await.unwrap();
        tokio::spawn(running);
        stand_in.places.lock().unwrap().push((format!("P-{code}"), doors.systems));
        Self { control: doors.control, secret }
    }

    async fn ask(&self, method: Method, path: &str, told: Value) -> Value {
        let mut headers = HeaderMap::new();
        let proof = format!("Bearer {}", self.secret);
        headers.insert("authorization", HeaderValue::from_str(&proof).unwrap());
        let client = Client::new().unwrap();
        let url = format!("{}{path}", self.control);
        client.send(method, &url, headers, told.to_string().into()).await.unwrap().json()
    }

    pub(crate) async fn act(&self, act: &str, told: Value) -> Value {
        self.ask(Method::POST, &format!("/acts/{act}"), told).await
    }

    pub(crate) async fn records(&self, kind: &str) -> Value {
        self.ask(Method::GET, &format!("/records/{kind}"), json!({})).await
    }
}

impl Practice {
    /// The state of its only transfer, once it is the one that is waited for.
    pub(crate) async fn comes_to(&self, state: &str) -> Value {
        for _ in 0..2_000 {
            let transfer = self.records("transfer").await[0].clone();
            if transfer["state"] == state {
                return transfer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        unreachable!("{state} never came: {}", self.records("transfer").await);
    }
}

impl Trial {
    pub(crate) async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Everybody, both practices with these changes to how they exchange messages.
    pub(crate) async fn with(change: impl Fn(&mut Handler)) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<Pkcs8V1Der<'static>>::as_der(&key).unwrap();
        let pem = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n");
        std::fs::write(folder.path().join("key.pem"), pem).unwrap();
        std::fs::write(folder.path().join("key.txt"), "key\n").unwrap();
        let stand_in = StandIn::default();
        *stand_in.times.lock().unwrap() = 1;
        let kept = Folder::open(&folder.path().join("exchange")).unwrap();
        let door = Door::open(&kept, "all").await.unwrap();
        let (url, answering) = (door.url(), stand_in.clone());
        tokio::spawn(async move {
            let (_always, here) = watch::channel(true);
            let answer = move |request| std::future::ready(answering.clone().answer(&request));
            door.serve(answer, here, Stop::new()).await;
        });
        let old = Practice::open(folder.path(), "OLD", (&stand_in, &url), &change).await;
        let new = Practice::open(folder.path(), "NEW", (&stand_in, &url), &change).await;
        Self { folder, stand_in, old, new }
    }

    /// How many files the new practice has of a kind.
    pub(crate) fn left_behind(&self, kind: &str) -> usize {
        let files = std::fs::read_dir(self.folder.path().join("NEW").join(kind));
        files.map_or(0, Iterator::count)
    }
}
