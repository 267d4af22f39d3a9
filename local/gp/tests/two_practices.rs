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
use gp::{Handler, Patience};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use percent_encoding::percent_decode_str;
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
    /// The actions of messages that are lost, each with how many of them pass before.
    lost: Arc<Mutex<Vec<(&'static str, usize)>>>,
    /// What is changed in messages of an action: a text, and what stands in its place.
    changed: Arc<Mutex<Vec<(&'static str, &'static str, &'static str)>>>,
    /// The action of messages that come once more, under another id.
    again: Arc<Mutex<Option<&'static str>>>,
    /// The codes of refusals that passed.
    codes: Arc<Mutex<Vec<String>>>,
    /// The interactions that nobody has a contract for.
    unlisted: Arc<Mutex<Vec<&'static str>>>,
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
            (&Method::GET, path) if path.starts_with("/spine-directory") => {
                assert_eq!(request.header("apikey"), "key");
                json(self.listed(&request.query))
            }
            (&Method::GET, _) => Reply::new(StatusCode::NOT_FOUND),
            _ => self.forward(request, body.to_vec()),
        }
    }

    /// What the directory knows of the organisation or party that a query names.
    fn listed(&self, query: &str) -> Value {
        let query = percent_decode_str(query).decode_utf8().unwrap().into_owned();
        let unlisted = self.unlisted.lock().unwrap().iter().any(|one| query.contains(one));
        let known = ["OLD", "NEW"]
            .into_iter()
            .find(|code| query.ends_with(code) || query.contains(&format!("|{code}&")));
        let (Some(code), false) = (known, unlisted) else { return json!({ "entry": [] }) };
        let identifier = |name: &str, value: &str| json!({ "system": format!("https://fhir.nhs.uk/Id/{name}"), "value": format!("{value}-{code}") });
        json!({ "entry": [{ "resource": {
            "managingOrganization": { "identifier": { "value": code } },
            "identifier": [
                identifier("nhsSpineASID", "S"),
                identifier("nhsMhsPartyKey", "P"),
                identifier("nhsMhsCPAId", "C"),
            ],
            "extension": [{ "extension": [
                { "url": "nhsMHSPersistDuration", "valueString": "PT1S" },
            ] }],
        } }] })
    }

    /// What is forwarded of a message, in order.
    fn forwarded(&self, action: &str, id: &str, body: Vec<u8>, times: usize) -> Vec<Vec<u8>> {
        let mut text = String::from_utf8(body).unwrap();
        if let Some((_, code)) =
            text.split_once("<acknowledgementDetail typeCode=\"ER\"><code code=\"")
        {
            self.codes.lock().unwrap().push(code[..2].to_owned());
        }
        let changes = self.changed.lock().unwrap();
        for (_, from, to) in changes.iter().filter(|change| change.0 == action) {
            text = text.replace(from, to);
        }
        let mut bodies = vec![text.clone().into_bytes(); times];
        if *self.again.lock().unwrap() == Some(action) {
            let other = format!("{}{}", if id.starts_with('F') { "E" } else { "F" }, &id[1..]);
            bodies.push(text.replace(id, &other).into_bytes());
        }
        bodies
    }

    /// Whether a message is to be lost.
    fn loses(&self, action: &str) -> bool {
        let mut lost = self.lost.lock().unwrap();
        let Some(row) = lost.iter_mut().find(|row| row.0 == action) else { return false };
        if row.1 == 0 {
            return true;
        }
        row.1 -= 1;
        false
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
        let to = package.message.header.to.id.clone();
        if self.loses(&package.message.header.action) {
            return Reply::new(StatusCode::ACCEPTED);
        }
        let places = self.places.lock().unwrap().clone();
        let (_, url) = places.iter().find(|(party, _)| *party == to).unwrap().clone();
        let times = *self.times.lock().unwrap();
        let header = &package.message.header;
        let bodies = self.forwarded(&header.action, &header.message_id, body, times);
        tokio::spawn(async move {
            for body in bodies {
                let mut headers = HeaderMap::new();
                headers.insert("content-type", HeaderValue::from_str(&content_type).unwrap());
                let client = Client::new().unwrap();
                let sent = client.send(Method::POST, &url, headers, body.into()).await;
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

    async fn act(&self, act: &str, told: Value) -> Value {
        self.ask(Method::POST, &format!("/acts/{act}"), told).await
    }

    async fn records(&self, kind: &str) -> Value {
        self.ask(Method::GET, &format!("/records/{kind}"), json!({})).await
    }
}

impl Practice {
    /// The state of its only transfer, once it is the one that is waited for.
    async fn comes_to(&self, state: &str) -> Value {
        for _ in 0..400 {
            let transfer = self.records("transfer").await[0].clone();
            if transfer["state"] == state {
                return transfer;
            }
            tokio::time::sleep(std::time::Duration::from_millis(25)).await;
        }
        panic!("{state} never came: {}", self.records("transfer").await);
    }
}

impl Trial {
    async fn new() -> Self {
        Self::with(|_| {}).await
    }

    /// Everybody, both practices with these changes to how they exchange messages.
    async fn with(change: impl Fn(&mut Handler)) -> Self {
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
    trial.old.comes_to("acknowledged").await;
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
    let sent = trial.old.comes_to("acknowledged").await;
    assert_eq!(sent["fragments_done"], fragments, "each was acknowledged");
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

/// A record that takes several messages.
fn large() -> Value {
    let scan = json!({ "name": "scan.tiff", "bytes": 300_000 });
    json!({ "nhs_number": NUMBER, "notes": ["a note"], "documents": [scan] })
}

/// Times that end within a test: a look each second.
fn soon(handler: &mut Handler) {
    handler.patience = Patience {
        extract_weight: 0.5,
        fragment_weight: 0.1,
        acknowledgement_s: 1,
        look_every_s: 1,
        ..Patience::default()
    };
}

#[tokio::test(flavor = "multi_thread")]
async fn fragments_that_do_not_come_in_time_end_the_transfer() {
    let trial = Trial::with(|handler| {
        soon(handler);
        handler.patience.acknowledgement_s = 60;
    })
    .await;
    // The word to go on passes, and two of the fragments.
    trial.stand_in.lost.lock().unwrap().push(("COPC_IN000001UK01", 3));
    trial.old.act("admit", large()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-25", "{done}");
    trial.old.comes_to("refused-25").await;
    assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_record_of_which_nobody_said_what_became_of_it_ends_with_99() {
    let trial = Trial::with(soon).await;
    trial.stand_in.lost.lock().unwrap().push(("MCCI_IN010000UK13", 0));
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    trial.old.comes_to("unacknowledged-99").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn who_takes_no_fragments_gets_no_large_record_but_a_small_one() {
    let trial = Trial::new().await;
    trial.stand_in.unlisted.lock().unwrap().push("COPC_IN000001UK01");
    trial.old.act("admit", large()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-14", "{done}");
    trial.old.act("admit", notes()).await;
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "integrated");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_practice_that_exchanges_no_records_says_so() {
    let trial = Trial::with(|handler| handler.disabled = true).await;
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-07", "{done}");
}

#[tokio::test(flavor = "multi_thread")]
async fn whom_the_directory_does_not_know_nobody_can_ask() {
    let trial = Trial::new().await;
    trial.old.act("admit", notes()).await;
    let told = json!({ "nhs_number": NUMBER, "from": "ELSEWHERE" });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "no-partner-24");
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_larger_than_may_be_sent_is_not_sent() {
    let trial = Trial::new().await;
    let scan = json!({ "name": "scan.tiff", "bytes": 100 * 1024 * 1024 + 1 });
    let told = json!({ "nhs_number": NUMBER, "documents": [scan] });
    assert_eq!(trial.old.act("admit", told).await["outcome"], "admitted");
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "refused-10", "{done}");
}

/// Rows: the message, what is changed in it, and the code with which both practices end.
#[tokio::test(flavor = "multi_thread")]
async fn a_record_that_comes_otherwise_than_it_was_sent_is_refused_with_the_right_code() {
    let extract = "RCMR_IN030000UK06";
    let rows = [
        (extract, "\"cid:attachment-", "\"cid:elsewhere-", "31"),
        (extract, "Length=2000", "Length=2001", "29"),
        (extract, "EhrExtract", "EhrRubbish", "21"),
        (extract, NUMBER, "9000000017", "28"),
    ];
    for (action, from, to, code) in rows {
        let trial = Trial::new().await;
        trial.stand_in.changed.lock().unwrap().push((action, from, to));
        let letter = json!({ "name": "letter.txt", "bytes": 2_000 });
        let told = json!({ "nhs_number": NUMBER, "documents": [letter] });
        trial.old.act("admit", told).await;
        let state = format!("refused-{code}");
        let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
        assert_eq!(done["outcome"], state, "{done}");
        trial.old.comes_to(&state).await;
        assert!(trial.new.records("record").await.as_array().unwrap().is_empty());
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fragment_that_nobody_understands_ends_the_transfer() {
    let trial = Trial::new().await;
    // The word to go on is of the same interaction, and of another subject.
    trial.stand_in.changed.lock().unwrap().push(("COPC_IN000001UK01", "TTACHMENTINFO", "TTACK"));
    trial.old.act("admit", large()).await;
    let told = json!({ "nhs_number": NUMBER, "wait_s": 0 });
    assert_eq!(trial.new.act("transfer", told).await["outcome"], "asked");
    trial.old.comes_to("refused-30").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_extract_is_one_too_many() {
    let trial = Trial::new().await;
    *trial.stand_in.again.lock().unwrap() = Some("RCMR_IN030000UK06");
    trial.old.act("admit", notes()).await;
    let done = trial.new.act("transfer", json!({ "nhs_number": NUMBER })).await;
    assert_eq!(done["outcome"], "integrated", "{done}");
    for _ in 0..200 {
        if trial.stand_in.codes.lock().unwrap().contains(&"12".to_owned()) {
            assert_eq!(trial.new.records("record").await[0]["notes"].as_array().unwrap().len(), 2);
            trial.old.comes_to("acknowledged").await;
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(25)).await;
    }
    panic!("nobody said 12");
}

#[tokio::test(flavor = "multi_thread")]
async fn codes_that_nobody_knows_are_kept_as_they_are() {
    let trial = Trial::new().await;
    trial.stand_in.changed.lock().unwrap().push((
        "MCCI_IN010000UK13",
        "code=\"06\"",
        "code=\"4711\"",
    ));
    let told = json!({ "nhs_number": NUMBER, "from": "OLD" });
    let done = trial.new.act("transfer", told).await;
    assert_eq!(done["outcome"], "refused-4711", "{done}");
}
