//! What travelled from this proxy to a receiver, for the record of the conversation.

use std::time::Duration;

use http::StatusCode;
use http::header::CONTENT_LENGTH;
use jiff::Timestamp;
use service::{Answer, Request};
use travel::{Ended, Leg, Party, Recorder, is_conversation};

use crate::faults::row_of;
use crate::healthcare_service::HealthcareService;
use crate::interactions::Row;

/// What the proxy is called.
const PROXY: &str = "Booking and Referral";

/// Takes down a call that was passed on at an instant and took so long, unless it belongs to no
/// conversation.
pub(crate) fn tell(
    recorder: &Recorder,
    (at, took): (Timestamp, Duration),
    (request, row, target): (&Request, &Row, &HealthcareService),
    answer: &Answer,
) {
    let conversation = request.header("x-correlation-id").unwrap_or_default();
    if !is_conversation(conversation) {
        return;
    }
    let (status, outcome) = match answer {
        Ok(reply) => (reply.status, worded(reply.status)),
        Err(fault) => {
            let row = row_of(fault);
            let status = StatusCode::from_u16(row.status).unwrap_or_default();
            (status, format!("{} {}", row.status, row.code))
        }
    };
    let got = answer.as_ref().ok().filter(|reply| reply.download.is_none());
    let leg = Leg {
        from: Party::own(PROXY),
        to: Party { name: name(target), organisation: target.organisation.to_ascii_uppercase() },
        what: what(request).unwrap_or(row.summary).trim_end_matches('.').to_owned(),
        wire: "FHIR R4".to_owned(),
        took_us: u64::try_from(took.as_micros()).unwrap_or(u64::MAX),
        sent_bytes: request.header(CONTENT_LENGTH.as_str()).and_then(|it| it.parse().ok()),
        got_bytes: got.map(|reply| reply.body.len() as u64),
        outcome,
        ended: match status {
            StatusCode::ACCEPTED => Ended::Acknowledged,
            status if status.is_server_error() => Ended::Failed,
            StatusCode::REQUEST_TIMEOUT => Ended::Failed,
            status if status.is_client_error() => Ended::Refused,
            _ => Ended::Answered,
        },
    };
    recorder.tell(conversation, at, &leg);
}

/// What people call a message, by the event and the reason at the end of its use context.
fn what(request: &Request) -> Option<&'static str> {
    let mut context = request.header("use-context")?.rsplit('|');
    let (reason, event) = (context.next()?, context.next()?);
    Some(match (event, reason) {
        ("servicerequest-request", "new") => "Refers a patient",
        ("servicerequest-request", "update") => "Changes a referral",
        ("servicerequest-request", "delete") => "Takes a referral back",
        ("servicerequest-response", _) => "What became of a referral",
        ("booking-request", "new") => "Books an appointment",
        ("booking-request", "update") => "Changes an appointment",
        ("booking-request", "delete") => "Cancels an appointment",
        _ => return None,
    })
}

fn name(target: &HealthcareService) -> String {
    if target.name.is_empty() { target.id.clone() } else { target.name.clone() }
}

fn worded(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim_end().to_owned()
}
