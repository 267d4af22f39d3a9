//! A message as a Bundle: a header that says what happened, and the resources that it is about.
//!
//! Clause: <https://hl7.org/fhir/R4/messaging.html>.

use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::{EVENTS, ORGANISATION, REASONS, SERVICE_ID};
use crate::desk::Desk;

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// Somebody is referred.
    Request,
    /// What became of a referral.
    Response,
}

/// A message in the making.
#[derive(Clone, Debug)]
pub struct Letter<'a> {
    /// The id of its header.
    pub id: Uuid,
    /// What happened.
    pub event: Event,
    /// Why: `new`, `update` or `delete`.
    pub reason: &'a str,
    /// The service that it is from, by id.
    pub from: &'a str,
    /// The service that it is for, by id.
    pub to: &'a str,
    /// The header of the message that it answers, if any.
    pub answers: Option<&'a str>,
}

impl Event {
    /// Its code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Request => "servicerequest-request",
            Self::Response => "servicerequest-response",
        }
    }
}

/// What every resource says of itself: when it was changed.
pub fn meta(at: Timestamp) -> Value {
    json!({ "lastUpdated": at.strftime("%FT%T+00:00").to_string() })
}

impl Letter<'_> {
    /// The Bundle: the first of the resources is what the message is about.
    pub fn bundle(&self, desk: &Desk, resources: Vec<(Uuid, Value)>) -> Value {
        let at = desk.clock.now();
        let endpoint = |service: &str| format!("{SERVICE_ID}|{service}");
        let sender = desk.dice.uuid();
        let focus = resources.first().map(|(id, resource)| {
            json!({
                "reference": urn(*id),
                "type": resource.get("resourceType"),
            })
        });
        let mut header = json!({
            "resourceType": "MessageHeader",
            "id": self.id,
            "meta": meta(at),
            "eventCoding": { "system": EVENTS, "code": self.event.code() },
            "destination": [{ "endpoint": endpoint(self.to) }],
            "sender": { "reference": urn(sender) },
            "source": {
                "name": desk.card.title,
                "software": "Vertebra local system",
                "version": env!("CARGO_PKG_VERSION"),
                "endpoint": endpoint(self.from),
            },
            "reason": { "coding": [{ "system": REASONS, "code": self.reason }] },
            "focus": focus.into_iter().collect::<Vec<_>>(),
        });
        if let (Some(answers), Some(header)) = (self.answers, header.as_object_mut()) {
            header.insert("response".into(), json!({ "identifier": answers, "code": "ok" }));
        }
        let organisation = json!({
            "resourceType": "Organization",
            "id": sender,
            "meta": meta(at),
            "identifier": [{ "system": ORGANISATION, "value": desk.card.organisation }],
            "name": desk.card.title,
        });
        let all = [(self.id, header)].into_iter().chain(resources).chain([(sender, organisation)]);
        let entry = |(id, resource)| json!({ "fullUrl": urn(id), "resource": resource });
        json!({
            "resourceType": "Bundle",
            "id": desk.dice.uuid(),
            "meta": meta(at),
            "type": "message",
            "timestamp": at.strftime("%FT%T+00:00").to_string(),
            "entry": all.map(entry).collect::<Vec<_>>(),
        })
    }
}

fn urn(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}
