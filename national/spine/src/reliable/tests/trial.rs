//! A house to try things in: two practices and a national service as parties, and message handlers
//! that answer as they are told.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base::{Clock, Dice};
use broker::{Broker, ENDPOINT, Endpoint, Outcome, Pusher, Settings, State, pusher, record};
use bytes::Bytes;
use hl7v3::ebxml::{
    AckRequested, Content, Header, Message, Package, Party as Named, Reference, TO_NEXT_HANDLER,
};
use hl7v3::multipart::{ContentType, Part};
use http::{HeaderMap, HeaderValue, Method, StatusCode};
use nhs::directory::{Contract, PARTY, Party, Pattern, SYSTEM, System};
use security::{Gate, Tokens};
use service::onward::relay;
use service::route::Incoming;
use service::{BodyStream, Missed, Onward, Reply, Returned, Service, Upload};
use store::messages::MessageId;
use store::{Store, Transaction, directory};
use tempfile::TempDir;

use crate::reliable::words::PARTY_KIND;
use crate::reliable::{BASE, House, service};
use crate::sync::Demographics;

pub(super) const NEW: &str = "Y11111-000001";
pub(super) const OLD: &str = "Y22222-000002";
pub(super) const NATIONAL: &str = "X99999-000003";
pub(super) const EXCHANGE: &str = "X26-000009";
pub(super) const GP2GP: &str = "urn:nhs:names:services:gp2gp";
pub(super) const PDS: &str = "urn:nhs:names:services:pdsquery";
pub(super) const TRACE: &str = "QUPA_IN000006UK02";
pub(super) const ASK: &str = "RCMR_IN010000UK05";
const START: &str = "2026-11-22T10:00:00Z";

/// What a message handler got.
#[derive(Clone, Debug)]
pub(super) struct Got {
    pub(super) url: String,
    pub(super) soap_action: String,
    /// What stands beside these in the call.
    pub(super) correlation: Option<String>,
    pub(super) content_type: String,
    pub(super) body: Vec<u8>,
}

impl Got {
    pub(super) fn package(&self) -> Package {
        Package::read(&self.content_type, &self.body).unwrap()
    }
}

/// What a message handler answers: status and body, or nothing at all.
type Said = Option<(u16, String)>;

pub(super) struct Trial {
    pub(super) house: House,
    pub(super) clock: Clock,
    service: Service,
    pub(super) gate: Gate,
    carry: Pusher,
    pub(super) got: Arc<Mutex<Vec<Got>>>,
    says: Arc<Mutex<VecDeque<Said>>>,
    _folder: TempDir,
}

impl Trial {
    pub(super) async fn new() -> Self {
        Self::answering(None).await
    }

    /// One where somebody answers questions about patients.
    pub(super) async fn answering(demographics: Option<Demographics>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(START.parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        store.commit(entries()).await.unwrap();
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let broker = Broker::new(store, clock.clone(), Dice::seeded(2), settings).unwrap();
        let got: Arc<Mutex<Vec<Got>>> = Arc::default();
        let says: Arc<Mutex<VecDeque<Said>>> = Arc::default();
        let (seen, next) = (Arc::clone(&got), Arc::clone(&says));
        let relay = relay(move |onward: Onward| {
            let (seen, next) = (Arc::clone(&seen), Arc::clone(&next));
            async move { answer(onward, &seen, &next).await }
        });
        let house = House::new(broker, clock.clone(), relay);
        let house = match demographics {
            Some(demographics) => house.answering(demographics),
            None => house,
        };
        let carry = house.pusher(pusher(|_| async { Outcome::Refused("another wire".into()) }));
        let service = service(&house);
        let gate = Gate::open(Tokens::default());
        Self { house, clock, service, gate, carry, got, says, _folder: folder }
    }

    /// What the next message handler that is called answers.
    pub(super) fn says(&self, status: u16, body: &str) {
        self.says.lock().unwrap().push_back(Some((status, body.to_owned())));
    }

    /// Nobody is there when the next one is called.
    pub(super) fn nobody(&self) {
        self.says.lock().unwrap().push_back(None);
    }

    pub(super) async fn post(&self, path: &str, package: &Package) -> Reply {
        let (content_type, body) = package.write(&related()).unwrap();
        self.post_raw(path, &content_type, body).await
    }

    pub(super) async fn post_raw(&self, path: &str, content_type: &str, body: Vec<u8>) -> Reply {
        let mut headers = HeaderMap::new();
        headers.insert("content-type", HeaderValue::from_str(content_type).unwrap());
        let incoming = Incoming {
            method: Method::POST,
            path: format!("{BASE}{path}"),
            query: Vec::new(),
            headers,
            body: Bytes::new(),
            upload: Upload::new(BodyStream::from(Bytes::from(body))),
            origin: "http://127.0.0.1:8600".into(),
        };
        self.service.call(&self.gate, incoming).await.reply
    }

    /// Lets the broker push what is due.
    pub(super) async fn work(&self) {
        self.house.broker.work_once(&self.carry).await;
    }

    pub(super) fn pass_s(&self, seconds: i64) {
        self.clock.advance_ms(seconds * 1_000);
    }

    pub(super) fn take_got(&self) -> Vec<Got> {
        std::mem::take(&mut self.got.lock().unwrap())
    }

    /// The states that a message of a party went through.
    pub(super) fn story(&self, party: &str, id: &str) -> Vec<&'static str> {
        let id: MessageId = self.house.sent(party, id).unwrap().unwrap();
        let lines = self.house.broker.history(id.delivery(1)).unwrap();
        lines.iter().map(|line| State::name(line.state)).collect()
    }
}

impl Trial {
    /// What the last line of the story says beside the state.
    pub(super) fn last_word(&self, party: &str, id: &str) -> String {
        let id: MessageId = self.house.sent(party, id).unwrap().unwrap();
        let lines = self.house.broker.history(id.delivery(1)).unwrap();
        lines.last().unwrap().note.why.clone()
    }

    /// The push of a message once more.
    pub(super) fn again(&self, party: &str, id: &str) -> broker::Push {
        let store = self.house.broker.store();
        let id: MessageId = self.house.sent(party, id).unwrap().unwrap();
        let message = store.messages().get(id).unwrap().unwrap();
        let envelope = broker::Envelope::read(&message.envelope).unwrap();
        let own = Party::read(&store.directory().get(PARTY, EXCHANGE).unwrap().unwrap()).unwrap();
        broker::Push {
            delivery: id.delivery(1),
            message: id,
            attempt: 2,
            endpoint: endpoint(&own),
            topic: envelope.kind.clone(),
            envelope,
            body: message.body,
            content: None,
            gap: 0,
        }
    }

    /// An operator changes how the exchange itself takes questions.
    pub(super) async fn exchange_takes(&self, pattern: Pattern) {
        let store = self.house.broker.store();
        let known = store.directory().get(PARTY, EXCHANGE).unwrap().unwrap();
        let mut own = Party::read(&known).unwrap();
        own.contract[0].pattern = pattern;
        let entry = Transaction::new().record(record(PARTY, EXCHANGE, &own));
        store.commit(entry).await.unwrap();
        self.house.broker.directory().changed().unwrap();
    }

    /// An operator adds a party that takes the same as the old practice.
    pub(super) async fn add_party(&self, key: &str) {
        let store = self.house.broker.store();
        let old = Party::read(&store.directory().get(PARTY, OLD).unwrap().unwrap()).unwrap();
        let party = Party { key: key.to_owned(), ..old };
        let entries = Transaction::new().record(record(PARTY, key, &party)).record(record(
            ENDPOINT,
            key,
            &endpoint(&party),
        ));
        store.commit(entries).await.unwrap();
        self.house.broker.directory().changed().unwrap();
    }
}

async fn answer(
    onward: Onward,
    seen: &Mutex<Vec<Got>>,
    next: &Mutex<VecDeque<Said>>,
) -> Result<Returned, Missed> {
    let mut body = Vec::new();
    let mut stream = onward.body;
    while let Some(piece) = stream.next().await.unwrap() {
        body.extend_from_slice(&piece);
    }
    let header = |name: &str| onward.headers[name].to_str().unwrap().to_owned();
    let got = Got {
        url: onward.url.clone(),
        soap_action: header("soapaction"),
        correlation: onward
            .headers
            .contains_key("x-correlation-id")
            .then(|| header("x-correlation-id")),
        content_type: header("content-type"),
        body,
    };
    let said = next.lock().unwrap().pop_front().unwrap_or(Some((202, String::new())));
    let Some((status, text)) = said else {
        return Err(Missed::Unreachable("nobody is there".into()));
    };
    seen.lock().unwrap().push(got);
    let mut headers = HeaderMap::new();
    headers.insert("content-type", HeaderValue::from_static("text/xml"));
    let status = StatusCode::from_u16(status).unwrap();
    Ok(Returned { status, headers, body: BodyStream::from(Bytes::from(text)) })
}

pub(super) fn related() -> ContentType {
    ContentType {
        boundary: "--=_parts".to_owned(),
        kind: "text/xml".to_owned(),
        start: "header@practice.example".to_owned(),
    }
}

/// A request for a record, from the new practice to the old one.
pub(super) fn request(id: &str) -> Package {
    let header = Header {
        from: Named::new(NEW, PARTY_KIND),
        to: Named::new(OLD, PARTY_KIND),
        cpa: "S-OLD".to_owned(),
        conversation: "6F1D".to_owned(),
        service: GP2GP.to_owned(),
        action: ASK.to_owned(),
        message_id: id.to_owned(),
        timestamp: "2026-11-22T10:00:00Z".to_owned(),
        eliminate_duplicates: true,
        ack_requested: Some(AckRequested { actor: TO_NEXT_HANDLER.to_owned(), signed: false }),
        ..Header::default()
    };
    let reference = Reference { hl7: true, ..Reference::to_part("payload@practice.example") };
    let message = Message { header, content: Content::Manifest(vec![reference]) };
    let payload = Part::plain("payload@practice.example", "text/xml", format!("<{ASK}/>"));
    Package { message, parts: vec![payload] }
}

/// The old practice's word that a message has arrived.
pub(super) fn acknowledgment(of: &Package) -> Package {
    let at = "2026-11-22T10:00:05Z";
    Package::alone(Message::acknowledging(&of.message.header, "ACK-1", at))
}

pub(super) fn text_of(package: &Package) -> String {
    String::from_utf8(package.write(&related()).unwrap().1).unwrap()
}

fn endpoint(party: &Party) -> Endpoint {
    Endpoint {
        name: party.key.clone(),
        url: party.address.clone(),
        wire: "ebxml".to_owned(),
        organisation: String::new(),
        secrets: Vec::new(),
        acknowledges: true,
        in_order: false,
        pushes_max: 8,
        push_s_max: 30,
        private: true,
        closed: false,
    }
}

fn entries() -> Transaction {
    let contract = |cpa: &str, pattern, service: &str, action: &str| Contract {
        cpa: cpa.to_owned(),
        pattern,
        interactions: vec![format!("{service}:{action}")],
        retries: 2,
        retry_interval: "PT1M".to_owned(),
        persist_duration: "PT5M".to_owned(),
    };
    let party = |key: &str, contract: Vec<Contract>| Party {
        key: key.to_owned(),
        organisation: "Y11111".to_owned(),
        address: format!("http://{key}.example/in"),
        contract,
        ..Party::default()
    };
    let psis = "urn:nhs:names:services:psis";
    let parties = [
        party(NEW, vec![contract("S-NEW", Pattern::ForwardReliable, GP2GP, "RCMR_IN030000UK06")]),
        party(
            OLD,
            vec![
                contract("S-OLD", Pattern::ForwardReliable, GP2GP, ASK),
                contract("S-OTHER", Pattern::ForwardExpress, GP2GP, "COPC_IN000001UK01"),
            ],
        ),
        party(
            NATIONAL,
            vec![
                contract("S-SLOW", Pattern::AsyncReliable, psis, "REPC_IN150016UK05"),
                contract("S-FAST", Pattern::AsyncExpress, psis, "QUPC_IN160101UK05"),
            ],
        ),
        Party {
            address: String::new(),
            ..party(EXCHANGE, vec![contract("S-TRACE", Pattern::AsyncExpress, PDS, TRACE)])
        },
    ];
    let mut transaction = Transaction::new();
    for one in &parties {
        transaction = transaction.record(record(PARTY, &one.key, one));
        transaction = transaction.record(record(ENDPOINT, &one.key, &endpoint(one)));
    }
    let system = System {
        asid: "200000000001".to_owned(),
        organisation: "Y11111".to_owned(),
        party_key: Some(NEW.to_owned()),
        ..System::default()
    };
    let body = serde_json::to_string(&system).unwrap();
    let known = directory::Record { kind: SYSTEM, id: system.asid, body: Some(body) };
    transaction.record(known)
}
