//! Receiving messages: what is checked before what a message means, and the rule of retries.
//!
//! Whoever had no answer sends the same message again, under the same id. A receiver that has it
//! says 409, one that still works on it 425, so that a patient is not expected twice.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use aws_lc_rs::digest::{SHA256, digest};
use base::hex;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fhir::message::Message;
use http::{Method, StatusCode};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use uuid::Uuid;

use super::{BASE, MEDIA_TYPE, Refusal};
use crate::desk::Desk;
use crate::request::{Reply, Request};

/// The kind of the records that say which messages were taken.
const RECEIPT: &str = "receipt";

/// Takes messages for one service.
#[derive(Debug)]
pub struct Receiver {
    service: String,
    running: Mutex<HashSet<String>>,
}

/// Under which ids a message arrived.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Arrival {
    /// The id of the request, which is that of each retry.
    pub request: String,
    /// The id of the conversation.
    pub correlation: Uuid,
    /// When.
    pub at: Timestamp,
}

/// That a message was taken.
#[derive(Deserialize, Serialize)]
struct Receipt {
    at: Timestamp,
    sha256: String,
}

impl Receiver {
    /// A receiver of messages for the service of an id.
    pub fn new(service: &str) -> Self {
        Self { service: service.to_owned(), running: Mutex::default() }
    }

    /// The id of the service.
    pub fn service(&self) -> &str {
        &self.service
    }

    /// Answers a request for the service. `take` takes a message that is one, and gives what is
    /// answered; `read` gives the resource that a path names.
    pub async fn answer<T, R>(
        &self,
        desk: &Desk,
        request: &Request,
        take: impl FnOnce(Value, Arrival) -> T,
        read: impl FnOnce(String) -> R,
    ) -> Reply
    where
        T: Future<Output = Result<Value, Refusal>>,
        R: Future<Output = Result<Value, Refusal>>,
    {
        let path = request.path.strip_prefix(BASE).unwrap_or_default();
        let answered = match (&request.method, path) {
            (&Method::GET, "/metadata") => Ok(capabilities(desk.clock.now())),
            (&Method::POST, "/$process-message") => self.receive(desk, request, take).await,
            (&Method::GET, path) if path.starts_with("/ServiceRequest/") => {
                read(path.trim_start_matches("/ServiceRequest/").to_owned()).await
            }
            _ => Err(Refusal::not_implemented()),
        };
        let reply = match answered {
            Ok(document) => Reply::json(StatusCode::OK, MEDIA_TYPE, &document),
            Err(refusal) => refusal.reply(),
        };
        let ids = ["x-request-id", "x-correlation-id"];
        ids.into_iter().fold(reply, |reply, name| reply.header(name, request.header(name)))
    }

    async fn receive<T>(
        &self,
        desk: &Desk,
        request: &Request,
        take: impl FnOnce(Value, Arrival) -> T,
    ) -> Result<Value, Refusal>
    where
        T: Future<Output = Result<Value, Refusal>>,
    {
        let arrival = self.arrival(desk.clock.now(), request)?;
        let body = request.body.as_ref().map_err(|status| Refusal::unread(*status))?;
        let _working = Working::begin(&self.running, &arrival.request)?;
        let sha256 = hex(digest(&SHA256, body).as_ref());
        let known: Option<Receipt> = desk.folder.get(RECEIPT, &arrival.request).await?;
        match known {
            Some(known) if known.sha256 == sha256 => {
                return Err(Refusal::conflict("duplicate", "this message was taken before"));
            }
            Some(_) => {
                let why = "another message was taken under this X-Request-Id";
                return Err(Refusal::conflict("conflict", why));
            }
            None => {}
        }
        let bundle = fhir::json::parse(body);
        let bundle = bundle.map_err(|_| Refusal::bad("invalid", "the message is not JSON"))?;
        Message::read(&bundle)?;
        dated(&bundle)?;
        let receipt = Receipt { at: arrival.at, sha256 };
        let request = arrival.request.clone();
        // Before anything is taken: what is taken and not noted is refused when it comes again.
        desk.folder.make_room(RECEIPT).await?;
        let answer = take(bundle, arrival).await?;
        desk.folder.put(RECEIPT, &request, &receipt).await?;
        Ok(answer)
    }

    fn arrival(&self, at: Timestamp, request: &Request) -> Result<Arrival, Refusal> {
        let id = |name: &str| {
            let uuid = Uuid::parse_str(request.header(name));
            uuid.map_err(|_| Refusal::bad("value", format!("{name} is missing, or is no UUID")))
        };
        let (request_id, correlation) = (id("x-request-id")?, id("x-correlation-id")?);
        if target(request).is_none_or(|target| target != self.service) {
            let why = "nhsd-target-identifier names no service of this receiver";
            return Err(Refusal::not_found(why));
        }
        Ok(Arrival { request: request_id.to_string(), correlation, at })
    }
}

/// The id of the service that a request is for.
fn target(request: &Request) -> Option<String> {
    let bytes = STANDARD.decode(request.header("nhsd-target-identifier")).ok()?;
    let target: Value = fhir::json::parse(&bytes).ok()?;
    Some(target.get("value")?.as_str()?.to_owned())
}

/// Every resource says when it was last changed.
fn dated(bundle: &Value) -> Result<(), Refusal> {
    let entries = bundle.get("entry").and_then(Value::as_array).map_or(&[][..], Vec::as_slice);
    let undated = entries.iter().position(|entry| {
        let at = entry.pointer("/resource/meta/lastUpdated").and_then(Value::as_str);
        at.and_then(|at| at.parse::<Timestamp>().ok()).is_none()
    });
    match undated {
        None => Ok(()),
        Some(index) => {
            let why = format!("Bundle.entry[{index}].resource.meta.lastUpdated: it is required");
            Err(Refusal::bad("required", why))
        }
    }
}

fn capabilities(at: Timestamp) -> Value {
    json!({
        "resourceType": "CapabilityStatement",
        "status": "active",
        "date": at.strftime("%F").to_string(),
        "kind": "instance",
        "fhirVersion": "4.0.1",
        "format": ["application/fhir+json"],
        "rest": [{
            "mode": "server",
            "resource": [{ "type": "ServiceRequest", "interaction": [{ "code": "read" }] }],
            "operation": [{
                "name": "process-message",
                "definition": "http://hl7.org/fhir/OperationDefinition/MessageHeader-process-message",
            }],
        }],
    })
}

/// That a message is being worked on, for as long as this is held.
struct Working<'a> {
    running: &'a Mutex<HashSet<String>>,
    request: String,
}

impl<'a> Working<'a> {
    fn begin(running: &'a Mutex<HashSet<String>>, request: &str) -> Result<Self, Refusal> {
        let mut all = running.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.insert(request.to_owned()) {
            return Err(Refusal::too_early());
        }
        Ok(Self { running, request: request.to_owned() })
    }
}

impl Drop for Working<'_> {
    fn drop(&mut self) {
        self.running.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.request);
    }
}
