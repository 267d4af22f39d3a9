//! `POST /messages`: hand over a message. The body of the request is the message itself, of any
//! media type; headers say where it goes.

use base::Fault;
use base::limit::{ADDRESS_BYTES_MAX, MESSAGE_KIND_BYTES_MAX, MESSAGE_NAME_BYTES_MAX};
use broker::{Broker, Envelope, Submission, write_id};
use http::StatusCode;
use http::header::{HeaderName, LOCATION};
use serde_json::json;
use service::{Answer, Reply, Request};
use store::Transaction;

use crate::faults::{from_broker, incorrect};
use crate::house::House;
use crate::rights::WIRE;
use crate::{BASE, body, show};

/// Says that a message had been handed over before, and nothing happened this time.
const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replayed");

/// Answers `POST /messages`.
pub(crate) async fn send_message(house: House, request: Request) -> Answer {
    let envelope = envelope(&house, &request)?;
    let named = !envelope.local_id.is_empty();
    // What would be refused anyhow is refused before the body comes, which may be large.
    house.broker.may_accept(&envelope).map_err(from_broker)?;
    let taken = body::take(&house.broker, &request, &envelope.encoding).await?;
    let envelope = Envelope { bytes: taken.bytes, ..envelope };
    let submission = Submission {
        envelope: envelope.clone(),
        body: taken.body,
        named,
        with: Transaction::new().access(house.access(&request, "send-message", 202)),
    };
    let receipt = house.broker.accept(submission).await.map_err(from_broker)?;
    let envelope = if receipt.repeated {
        house.broker.track(receipt.id).map_err(from_broker)?.envelope
    } else {
        envelope
    };
    let id = write_id(receipt.id);
    let conversation = Broker::conversation_of(receipt.id, &envelope);
    let body = json!({
        "id": id,
        "conversation": conversation,
        "links": {
            "self": show::message_link(&request.origin, &id),
            "conversation": show::conversation_link(&request.origin, &conversation),
        },
    });
    let reply = Reply::new(StatusCode::ACCEPTED, "application/json", body.to_string())
        .with(LOCATION, &format!("{BASE}/{id}"));
    Ok(if receipt.repeated { reply.with(REPLAYED, "true") } else { reply })
}

fn envelope(house: &House, request: &Request) -> Result<Envelope, Fault> {
    let caller = &request.caller;
    let header = |name, bytes_max| text(request, name, bytes_max);
    let to = required(header("Message-To", ADDRESS_BYTES_MAX)?, "Message-To")?;
    let kind = required(header("Message-Type", MESSAGE_KIND_BYTES_MAX)?, "Message-Type")?;
    let from = header("Message-From", ADDRESS_BYTES_MAX)?;
    let replied_to = match header("In-Reply-To", MESSAGE_NAME_BYTES_MAX)? {
        Some(id) => Some(house.replied_to(caller, &id)?),
        None => None,
    };
    let conversation = match (header("Conversation-Id", MESSAGE_NAME_BYTES_MAX)?, &replied_to) {
        (Some(conversation), _) => conversation,
        (None, Some(asked)) => Broker::conversation_of(asked.id, &asked.envelope),
        (None, None) => String::new(),
    };
    Ok(Envelope {
        wire: WIRE.to_owned(),
        from: house.sender(caller, from.as_deref())?,
        to: house.recipient(&to),
        kind,
        local_id: name(request)?.unwrap_or_default(),
        conversation,
        in_reply_to: replied_to.map(|asked| asked.id.into()),
        ordering_key: header("Ordering-Key", MESSAGE_NAME_BYTES_MAX)?.unwrap_or_default(),
        media_type: header("Content-Type", MESSAGE_NAME_BYTES_MAX)?.unwrap_or_default(),
        encoding: encoding(request)?,
        bytes: announced(request),
        parts: 1,
        traceparent: header("traceparent", MESSAGE_NAME_BYTES_MAX)?.unwrap_or_default(),
        ..Envelope::default()
    })
}

/// The sender's own name for the message, by either of the headers that it may stand in.
fn name(request: &Request) -> Result<Option<String>, Fault> {
    let id = text(request, "Message-Id", MESSAGE_NAME_BYTES_MAX)?;
    let key = text(request, "Idempotency-Key", MESSAGE_NAME_BYTES_MAX)?;
    if id.is_some() && key.is_some() && id != key {
        let why = "Message-Id and Idempotency-Key are two names for one message: give one of them";
        return Err(incorrect("invalid-header", why));
    }
    Ok(id.or(key))
}

/// How many bytes the sender says are coming; 0 when nothing is said.
fn announced(request: &Request) -> u64 {
    request.header("Content-Length").and_then(|bytes| bytes.parse().ok()).unwrap_or(0)
}

/// How the body is compressed. It is kept and handed on like that.
fn encoding(request: &Request) -> Result<String, Fault> {
    match request.header("Content-Encoding").unwrap_or_default().trim() {
        "" | "identity" => Ok(String::new()),
        "gzip" => Ok("gzip".to_owned()),
        _ => Err(incorrect("invalid-header", "Content-Encoding: gzip, or none")),
    }
}

fn required(value: Option<String>, name: &str) -> Result<String, Fault> {
    value.ok_or_else(|| incorrect("missing-header", format!("there is no {name}")))
}

/// A header as text; nothing when it is absent or empty.
fn text(request: &Request, name: &str, bytes_max: usize) -> Result<Option<String>, Fault> {
    let Some(value) = request.header_lossy(name) else { return Ok(None) };
    let value = value.trim();
    if value.len() > bytes_max {
        let why = format!("{name} is longer than {bytes_max} bytes");
        return Err(incorrect("invalid-header", why));
    }
    if value.chars().any(char::is_control) {
        return Err(incorrect("invalid-header", format!("{name} holds a control character")));
    }
    Ok((!value.is_empty()).then(|| value.to_owned()))
}
