//! Two practices, and between them a stand-in for the exchange that forwards what it gets and
//! knows one patient. What it cannot show, the whole house's own tests do.
#![expect(clippy::unwrap_used, clippy::indexing_slicing, reason = "a test may fail")]

use std::path::Path;
use std::sync::{Arc, Mutex};

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rsa::{KeyPair, KeySize};
use base::{Clock, Dice};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use desk::{Card, Client, Desk, Door, Folder, Reply, Request, Stop};
use gp::{Handler, Partner};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::watch;

const NUMBER: &str = "9000000009";
/// A message is small here, so that records are soon too large for one.
const MESSAGE_BYTES_MAX: usize = 100_000;

/// What the stand-in knows.
#[derive(Clone, Default)]
struct StandIn {
    practice: Arc<Mutex<String>>,
    /// Where parties are.
    places: Arc<Mutex<Vec<(String, String)>>>,
    /// How often everything is forwarded.
    times: Arc<Mutex<usize>>,
    /// What came back for what was forwarded.
    receipts: Arc<Mutex<Vec<(u16, String)>>>,
}

impl StandIn {
    fn answer(self, request: &Request) -> Reply {
        let json = |value: Value| Reply::json(StatusCode::OK, "application/json", &value);
        let body = request.body.clone().unwrap();
        match (&request.method, request.path.as_str()) {
            (&Method::POST, "/oauth2/token") => {
                json(json!({ "access_token": "t", "expires_in": "599" }))
            }
            (&Method::PATCH, _) => {
                let patches: Value = serde_json::from_slice(&body).unwrap();
                let practice = patches["patches"][1]["value"].as_str().unwrap();
                practice.clone_into(&mut self.practice.lock().unwrap());
                json(self.patient())
            }
            (&Method::GET, path) if path.ends_with(NUMBER) => json(self.patient()),
            (&Method::GET, _) => Reply::new(StatusCode::NOT_FOUND),
            _ => self.forward(request, body.to_vec()),
        }
    }

    fn patient(&self) -> Value {
        let practice = self.practice.lock().unwrap().clone();
        json!({ "id": NUMBER, "meta": { "versionId": "1" }, "generalPractitioner": [
            { "id": "a", "identifier": { "value": practice } },
        ] })
    }

    fn forward(self, request: &Request, body: Vec<u8>) -> Reply {
        let content_type = request.header("content-type").to_owned();
        let package = hl7v3::ebxml::Package::read(&content_type, &body).unwrap();
        let to = package.message.header.to.id;
        let places = self.places.lock().unwrap().clone();
        let (_, url) = places.iter().find(|(party, _)| *party == to).unwrap().clone();
        let times = *self.times.lock().unwrap();
        tokio::spawn(async move {
            for _ in 0..times {
                let mut headers = HeaderMap::new();
                headers.insert("content-type", HeaderValue::from_str(&content_type).unwrap());
                let client = Client::new().unwrap();
                let sent = client.send(Method::POST, &url, headers, body.clone().into()).await;
                let answer = sent.unwrap();
                let kind = answer.header("content-type").to_owned();
                let said = hl7v3::ebxml::Package::read(&kind, &answer.body).unwrap();
                let receipt = (answer.status, said.message.header.action.clone());
                self.receipts.lock().unwrap().push(receipt);
            }
        });
        Reply::new(StatusCode::ACCEPTED)
    }
}

/// Everybody, running.
struct Trial {
    _folder: TempDir,
    stand_in: StandIn,
    old: Practice,
    new: Practice,
}

/// Whatever else a trial is about: messages that were forwarded were acknowledged.
impl Drop for Trial {
    fn drop(&mut self) {
        let receipts = self.stand_in.receipts.lock().unwrap();
        let good = (202, "Acknowledgment".to_owned());
        assert!(std::thread::panicking() || receipts.iter().all(|one| *one == good));
    }
}

struct Practice {
    control: String,
    secret: String,
}

impl Practice {
    async fn open(place: &Path, code: &str, stand_in: &StandIn, exchange: &str) -> Self {
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
            papers: None,
        };
        let partner = |code: &str| Partner {
            organisation: code.to_owned(),
            system: format!("S-{code}"),
            party: format!("P-{code}"),
            cpa: format!("C-{code}"),
        };
        let partners = ["OLD", "NEW"].map(partner).to_vec();
        let mut handler = Handler::new(format!("P-{code}"), exchange.to_owned(), partners);
        handler.message_bytes_max = MESSAGE_BYTES_MAX;
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

    async fn act(&self, act: &str, told: Value) -> Value {
        self.ask(Method::POST, &format!("/acts/{act}"), told).await
    }

    async fn records(&self, kind: &str) -> Value {
        self.ask(Method::GET, &format!("/records/{kind}"), json!({})).await
    }
}

impl Trial {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = KeyPair::generate(KeySize::Rsa2048).unwrap();
        let der = AsDer::<Pkcs8V1Der<'static>>::as_der(&key).unwrap();
        let pem = STANDARD.encode(der.as_ref());
        let pem = format!("-----BEGIN PRIVATE KEY-----\n{pem}\n-----END PRIVATE KEY-----\n");
        std::fs::write(folder.path().join("key.pem"), pem).unwrap();
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
        let old = Practice::open(folder.path(), "OLD", &stand_in, &url).await;
        let new = Practice::open(folder.path(), "NEW", &stand_in, &url).await;
        Self { _folder: folder, stand_in, old, new }
    }
}

fn notes() -> Value {
    json!({ "nhs_number": NUMBER, "notes": ["asthma since 2019", "a < b & \"c\""] })
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_moves_and_both_practices_know_it() {
    let trial = Trial::new().await;
    assert_eq!(trial.old.act("admit", notes()).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    assert_eq!(*trial.stand_in.practice.lock().unwrap(), "NEW");
    let records = trial.new.records("record").await;
    assert_eq!(records, trial.old.records("record").await, "word for word");
    assert_eq!(records[0]["notes"].as_array().unwrap().len(), 2);
    for _ in 0..100 {
        if trial.old.records("transfer").await[0]["state"] == "acknowledged" {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    unreachable!("the old practice never learned of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_forwarded_twice_is_done_once() {
    let trial = Trial::new().await;
    *trial.stand_in.times.lock().unwrap() = 3;
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let records = trial.new.records("record").await;
    assert_eq!(records[0]["notes"].as_array().unwrap().len(), 2);
    assert!(trial.stand_in.receipts.lock().unwrap().len() >= 3, "each time");
    assert_eq!(trial.old.records("transfer").await.as_array().unwrap().len(), 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_that_knows_nobody_says_so() {
    let trial = Trial::new().await;
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    let done = trial.new.act("transfer", told).await;
    assert_eq!(done["outcome"], "refused-06", "{done}");
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn who_is_not_the_patients_practice_gets_nothing() {
    let trial = Trial::new().await;
    trial.old.act("admit", notes()).await;
    let told = json!({ "nhs_number": NUMBER, "from": "OLD", "without_registration": true });
    let done = trial.new.act("transfer", told).await;
    assert_eq!(done["outcome"], "refused-19", "{done}");
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn nobody_can_be_asked_for_somebody_whom_no_one_knows() {
    let trial = Trial::new().await;
    let told = json!({ "nhs_number": "9000000017" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "unknown");
    let told = json!({ "nhs_number": "9000000010" });
    let refused = trial.new.act("transfer", told).await;
    assert_eq!(refused["error"], "nhs_number: that is none");
}

#[tokio::test(flavor = "multi_thread")]
async fn documents_go_with_the_record_apart_from_it_and_in_fragments() {
    let trial = Trial::new().await;
    let document = |name: &str, bytes: u64| json!({ "name": name, "content_type": "image/tiff", "bytes": bytes });
    let documents = json!([
        document("letter \"one\".tiff", 20_000),
        document("scan.tiff", 60_000),
        document("scan.tiff", 400_000),
        document("scan.tiff", 0),
    ]);
    let told = json!({ "nhs_number": NUMBER, "notes": ["a note"], "documents": documents });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let (old, new) = (trial.old.records("record").await, trial.new.records("record").await);
    let names = |record: &Value| -> Vec<(String, u64, String)> {
        let all = record[0]["documents"].as_array().unwrap().iter();
        let text = |one: &Value, name: &str| one[name].as_str().unwrap().to_owned();
        all.map(|one| (text(one, "id"), one["bytes"].as_u64().unwrap(), text(one, "sha256")))
            .collect()
    };
    assert_eq!(names(&old), names(&new), "each with the same hash");
    let transfer = &trial.new.records("transfer").await[0];
    let fragments = transfer["fragments"].as_u64().unwrap();
    assert!(fragments > 6, "one whole, one index and its fragments: {fragments}");
    assert_eq!(transfer["fragments_done"], fragments);
    for _ in 0..100 {
        let transfer = &trial.old.records("transfer").await[0];
        if transfer["state"] == "acknowledged" {
            assert_eq!(transfer["fragments_done"], fragments, "each was acknowledged");
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    unreachable!("the old practice never learned of it");
}

#[tokio::test(flavor = "multi_thread")]
async fn an_extract_that_is_too_large_goes_compressed_behind_a_skeleton() {
    let trial = Trial::new().await;
    let told = json!({ "nhs_number": NUMBER, "notes": ["a note"], "notes_bytes": 600_000 });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    let (old, new) = (trial.old.records("record").await, trial.new.records("record").await);
    assert_eq!(new[0]["notes"].as_array().unwrap().len(), 601);
    assert_eq!(old, new);
}
