//! From calls that are over to the record of what travelled.

use std::sync::Arc;

use base::Clock;
use http::StatusCode;
use jiff::SignedDuration;
use security::Caller;
use service::{Service, Witness, Witnessed};
use travel::{Ended, Leg, Party, Recorder, is_conversation};

/// Whoever notes the calls that belong to a conversation.
pub(crate) fn witness(recorder: Recorder) -> Witness {
    Arc::new(move |call: &Witnessed<'_>| {
        if is_conversation(call.conversation) {
            let now = Clock::System.now();
            let took = SignedDuration::try_from(call.took).unwrap_or_default();
            let began = now.checked_sub(took).unwrap_or(now);
            recorder.tell(call.conversation, began, &leg(call));
        }
    })
}

fn leg(call: &Witnessed<'_>) -> Leg {
    let service = call.service;
    let asked = service.interactions.iter().find(|one| one.name == call.interaction);
    let summary = asked.map_or("A call", |one| one.summary).trim_end_matches('.');
    let what = summary.split_once(", ").map_or(summary, |(what, _)| what);
    let spoken = service.standards.first().copied().unwrap_or_default();
    let nobody = call.client.is_empty() || call.client == Caller::open().client;
    let client = if nobody { "A caller without credentials" } else { call.client };
    Leg {
        from: Party { name: client.to_owned(), organisation: call.organisation.to_owned() },
        to: Party::own(title(service)),
        what: what.to_owned(),
        wire: spoken.to_owned(),
        took_us: u64::try_from(call.took.as_micros()).unwrap_or(u64::MAX),
        sent_bytes: call.sent_bytes,
        got_bytes: call.got_bytes,
        outcome: outcome(call.status),
        ended: ended(call.status),
    }
}

/// What people call an API: its title, without what kind of API it is.
fn title(service: &Service) -> &'static str {
    service.title.split(" - ").next().unwrap_or(service.title)
}

/// A status in words: `404 Not Found`.
fn outcome(status: StatusCode) -> String {
    let reason = status.canonical_reason().unwrap_or_default();
    format!("{} {reason}", status.as_u16()).trim_end().to_owned()
}

fn ended(status: StatusCode) -> Ended {
    match status {
        StatusCode::ACCEPTED => Ended::Acknowledged,
        status if status.is_server_error() => Ended::Failed,
        status if status.is_client_error() => Ended::Refused,
        _ => Ended::Answered,
    }
}
