//! Two parties: one sends, the other acknowledges in its answer, and the acknowledgement is
//! passed back to the first.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use axum::Router;
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::routing::post;
use hl7v3::ebxml::{
    AckRequested, Content, Header, Message, Package, Party, Reference, TO_NEXT_HANDLER,
};
use hl7v3::multipart::{ContentType, Part};
use hyper::Request;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::super::load::{Caller, Work};

const SENDER: &str = "Y99991-000001";
const RECEIVER: &str = "Y99992-000002";
const CPA: &str = "S-BENCH";
const KIND: &str = "urn:nhs:names:partyType:ocs+serviceInstance";
const GP2GP: &str = "urn:nhs:names:services:gp2gp";
const ACTION: &str = "RCMR_IN010000UK05";
/// What stands for the id of a message in what is written before there is one.
const ID: &str = "0-THE-ID-0";
const AT: &str = "2026-03-05T10:20:30Z";
/// How long an acknowledgement may take to come back.
const BACK_MAX: Duration = Duration::from_secs(30);

/// Who waits for the acknowledgement of which message.
type Waiting = Arc<Mutex<HashMap<String, oneshot::Sender<()>>>>;

/// Both parties, with one address.
pub(crate) struct Parties {
    url: String,
    waiting: Waiting,
    request: Arc<(String, String)>,
    sent: Arc<AtomicU64>,
}

impl Parties {
    /// Listens for messages and acknowledgements.
    pub(crate) async fn listen() -> Result<Self, String> {
        let waiting = Waiting::default();
        let (package, acknowledgement) = written()?;
        let woken = Arc::clone(&waiting);
        let router = Router::new()
            .route("/receiver", post(async move |body: String| answer(&body, &acknowledgement)))
            .route("/sender", post(async move |body: String| acknowledged(&woken, &body)));
        let listener = TcpListener::bind("127.0.0.1:0").await.map_err(|error| error.to_string())?;
        let address = listener.local_addr().map_err(|error| error.to_string())?;
        tokio::spawn(async move { axum::serve(listener, router).await });
        let url = format!("http://{address}");
        Ok(Self { url, waiting, request: Arc::new(package), sent: Arc::default() })
    }

    /// What the exchange is told of them, as an `apply` file.
    pub(crate) fn directory(&self) -> String {
        let url = &self.url;
        format!(
            "[[organisation]]\nods = \"Y99991\"\nname = \"Sender\"\nkind = \"gp-practice\"\n\
             [[organisation]]\nods = \"Y99992\"\nname = \"Receiver\"\nkind = \"gp-practice\"\n\
             [[party]]\nkey = \"{SENDER}\"\norganisation = \"Y99991\"\n\
             address = \"{url}/sender\"\nprivate = true\n\
             [[party]]\nkey = \"{RECEIVER}\"\norganisation = \"Y99992\"\n\
             address = \"{url}/receiver\"\nprivate = true\n\
             [[party.contract]]\ncpa = \"{CPA}\"\npattern = \"forward-reliable\"\n\
             interactions = [\"{GP2GP}:{ACTION}\"]\nretries = 2\n\
             retry_interval = \"PT5S\"\npersist_duration = \"PT5M\"\n"
        )
    }

    /// So many senders with one message on its way each.
    pub(crate) fn senders(&self, count: usize) -> Vec<Sender> {
        let sender = |_| Sender {
            waiting: Arc::clone(&self.waiting),
            request: Arc::clone(&self.request),
            sent: Arc::clone(&self.sent),
        };
        (0..count).map(sender).collect()
    }
}

/// A party that sends.
pub(crate) struct Sender {
    waiting: Waiting,
    /// The content type, and the body with a place for the id.
    request: Arc<(String, String)>,
    sent: Arc<AtomicU64>,
}

impl Work for Sender {
    async fn once(&mut self, caller: &mut Caller) -> Result<Option<Duration>, String> {
        let id = format!("M-{:08}", self.sent.fetch_add(1, Ordering::Relaxed));
        let (tell, told) = oneshot::channel();
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner).insert(id.clone(), tell);
        let (content_type, body) = &*self.request;
        let request = Request::post("/reliablemessaging/forwardreliable")
            .header(CONTENT_TYPE, content_type)
            .header("SOAPAction", format!("{GP2GP}/{ACTION}"))
            .body(body.replace(ID, &id))
            .map_err(|error| error.to_string())?;
        let began = Instant::now();
        let status = caller.call(request).await?.status();
        if status != StatusCode::ACCEPTED {
            return Err(format!("a message was answered {status}"));
        }
        let back = tokio::time::timeout(BACK_MAX, told).await;
        Ok(matches!(back, Ok(Ok(()))).then(|| began.elapsed()))
    }
}

/// A request with its content type, and the acknowledgement of it.
fn written() -> Result<((String, String), String), String> {
    let failed = |why: &dyn std::fmt::Debug| format!("no message: {why:?}");
    let header = Header {
        from: Party::new(SENDER, KIND),
        to: Party::new(RECEIVER, KIND),
        cpa: CPA.to_owned(),
        conversation: ID.to_owned(),
        service: GP2GP.to_owned(),
        action: ACTION.to_owned(),
        message_id: ID.to_owned(),
        timestamp: AT.to_owned(),
        eliminate_duplicates: true,
        ack_requested: Some(AckRequested { actor: TO_NEXT_HANDLER.to_owned(), signed: false }),
        ..Header::default()
    };
    let signal = Message::acknowledging(&header, &format!("ACK-{ID}"), AT);
    let signal = hl7v3::ebxml::write(&signal).map_err(|why| failed(&why))?;
    let content = Content::Manifest(vec![Reference::to_part("payload@bench.example")]);
    let payload = format!("<{ACTION} xmlns=\"urn:hl7-org:v3\"><id root=\"{ID}\"/></{ACTION}>");
    let payload = Part::plain("payload@bench.example", "application/xml", payload);
    let package = Package { message: Message { header, content }, parts: vec![payload] };
    let related = ContentType {
        boundary: "--=_bench".to_owned(),
        kind: "text/xml".to_owned(),
        start: "header@bench.example".to_owned(),
    };
    let (content_type, body) = package.write(&related).map_err(|why| failed(&why))?;
    let body = String::from_utf8(body).map_err(|why| failed(&why))?;
    Ok(((content_type, body), signal))
}

/// The receiver: every message is acknowledged.
fn answer(message: &str, signal: &str) -> (StatusCode, [(&'static str, &'static str); 1], String) {
    let known = named(message, "MessageId");
    let status = if known.is_some() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    (status, [("content-type", "text/xml")], signal.replace(ID, known.unwrap_or_default()))
}

/// The sender: whoever waits for this acknowledgement is told.
fn acknowledged(waiting: &Waiting, signal: &str) -> StatusCode {
    let of = named(signal, "RefToMessageId").unwrap_or_default();
    let found = waiting.lock().unwrap_or_else(PoisonError::into_inner).remove(of);
    // Whoever gave up meanwhile is not told.
    let _ = found.map(|tell| tell.send(()));
    StatusCode::ACCEPTED
}

/// The text of the first element of this name.
fn named<'a>(message: &'a str, name: &str) -> Option<&'a str> {
    let (_, rest) = message.split_once(&format!(":{name}>"))?;
    Some(rest.split_once('<')?.0)
}
