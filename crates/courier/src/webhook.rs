//! The wire `webhook`: a signed JSON document that tells of the message, and holds it when it is
//! small.
//!
//! Clause: <https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md>.

use base::Secret;
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use broker::{Broker, Endpoint, Envelope, Push, Reason, Report, named_at, write_id};
use bytes::Bytes;
use hmac::{Hmac, KeyInit, Mac};
use http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use http::{Method, Request};
use jiff::Timestamp;
use serde_json::{Map, Value, json};
use service::BodyStream;
use sha2::Sha256;

/// How a secret is written: this, and then the key in base64.
const SECRET: &str = "whsec_";
/// How long a key is, in bytes, by the standard.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;

/// The request that brings a message.
///
/// # Errors
/// When the endpoint has no secret to sign with.
pub(crate) fn request(
    push: &Push,
    origin: &str,
    now: Timestamp,
) -> Result<Request<BodyStream>, String> {
    let keys = keys(&push.endpoint)?;
    let body = document(push, origin).to_string();
    let id = webhook_id(push);
    let timestamp = now.as_second().to_string();
    let signatures: Vec<String> =
        keys.iter().map(|key| signature(key, &id, &timestamp, &body)).collect();
    let mut request = Request::new(BodyStream::from(Bytes::from(body)));
    *request.method_mut() = Method::POST;
    let headers = request.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    let own = [
        ("webhook-id", id),
        ("webhook-timestamp", timestamp),
        ("webhook-signature", signatures.join(" ")),
        ("traceparent", push.envelope.traceparent.clone()),
    ];
    for (name, value) in own {
        if let Ok(value) = HeaderValue::from_str(&value)
            && !value.is_empty()
        {
            headers.insert(HeaderName::from_static(name), value);
        }
    }
    Ok(request)
}

/// The id of a delivery: the same on every try. It holds no full stop, by the standard.
fn webhook_id(push: &Push) -> String {
    format!("{}-{}", write_id(push.message), push.delivery.number())
}

/// The signature by one key.
fn signature(key: &[u8], id: &str, timestamp: &str, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else {
        return String::new(); // HMAC takes a key of any length: cannot happen
    };
    for part in [id, ".", timestamp, ".", body] {
        mac.update(part.as_bytes());
    }
    format!("v1,{}", BASE64_STANDARD.encode(mac.finalize().into_bytes()))
}

/// The keys of an endpoint's secrets.
///
/// # Errors
/// When there is none, or one of them is none.
pub(crate) fn keys(endpoint: &Endpoint) -> Result<Vec<Vec<u8>>, String> {
    if endpoint.secrets.is_empty() {
        return Err("the endpoint has no secret. hint: secrets = [\"whsec_...\"]".into());
    }
    let key = |secret: &Secret<String>| {
        let key = BASE64_STANDARD.decode(secret.expose().strip_prefix(SECRET)?).ok()?;
        KEY_BYTES.contains(&key.len()).then_some(key)
    };
    endpoint.secrets.iter().map(key).collect::<Option<_>>().ok_or_else(|| {
        "a secret of the endpoint is none. hint: whsec_ and 24 to 64 bytes in base64".to_owned()
    })
}

/// What the receiver is told.
fn document(push: &Push, origin: &str) -> Value {
    let accepted = named_at(push.message).to_string();
    json!({ "type": push.topic, "timestamp": accepted, "data": data(push, origin) })
}

fn data(push: &Push, origin: &str) -> Value {
    let envelope = &push.envelope;
    let message = write_id(push.message);
    let to = if envelope.to.is_empty() { &push.endpoint.name } else { &envelope.to };
    let mut data = Map::new();
    let mut tell = |name: &str, value: Value| data.insert(name.to_owned(), value);
    tell("message", json!(message));
    tell("delivery", json!(push.delivery.number()));
    tell("conversation", json!(Broker::conversation_of(push.message, envelope)));
    if let Some(number) = envelope.in_reply_to {
        tell("in_reply_to", json!(write_id(number.into())));
    }
    tell("from", json!(envelope.from));
    tell("to", json!(to));
    if !envelope.local_id.is_empty() {
        tell("local_id", json!(envelope.local_id));
    }
    if push.gap > 0 {
        tell("missing_before", json!(push.gap));
    }
    if let Some(report) = &envelope.report {
        tell("report", reported(report));
    }
    tell("media_type", json!(envelope.media_type));
    tell("bytes", json!(envelope.bytes));
    if push.content.is_some() {
        tell("content_url", json!(format!("{origin}/messages/{message}/body")));
    } else {
        for (name, value) in body(envelope, &push.body) {
            tell(name, value);
        }
    }
    Value::Object(data)
}

/// A small body: JSON as JSON, text as text, anything else in base64.
fn body(envelope: &Envelope, body: &[u8]) -> Vec<(&'static str, Value)> {
    let in_base64 = || vec![("encoding", json!("base64")), ("body", json!(base64(body)))];
    if !envelope.encoding.is_empty() {
        let mut told = in_base64();
        told.push(("content_encoding", json!(envelope.encoding)));
        return told;
    }
    if is_json(&envelope.media_type)
        && let Ok(value) = serde_json::from_slice::<Value>(body)
    {
        return vec![("body", value)];
    }
    match std::str::from_utf8(body) {
        Ok(text) => vec![("body", json!(text))],
        Err(_) => in_base64(),
    }
}

fn base64(bytes: &[u8]) -> String {
    BASE64_STANDARD.encode(bytes)
}

/// Whether a media type is JSON, or something made of it.
fn is_json(media_type: &str) -> bool {
    let essence = media_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    essence == "application/json" || essence.ends_with("+json")
}

/// What a report tells.
fn reported(report: &Report) -> Value {
    let (reason, code) = reason(&report.reason);
    let mut told =
        json!({ "about": write_id(report.about.into()), "reason": reason, "text": report.text });
    if let (Some(code), Some(told)) = (code, told.as_object_mut()) {
        told.insert("code".into(), json!(code));
    }
    told
}

/// Why a message did not arrive, in a word, and the code of whoever said so.
pub(crate) fn reason(reason: &Reason) -> (&'static str, Option<&str>) {
    match reason {
        Reason::NotCollected => ("not-collected", None),
        Reason::NotDelivered => ("not-delivered", None),
        Reason::Refused => ("refused", None),
        Reason::NoRecipient(code) => ("no-recipient", Some(code)),
    }
}

#[cfg(test)]
mod tests;
