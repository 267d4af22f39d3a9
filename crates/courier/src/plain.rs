//! The wire `plain`: the body as it is, posted, and what else there is to know in headers.

use broker::{Broker, Push, write_id};
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName, HeaderValue};
use http::{HeaderMap, Method, Request};
use service::{BodyStream, Download};
use store::Store;

use crate::webhook::reason;

/// The media type of a body of which nobody said what it is.
const OCTETS: &str = "application/octet-stream";

/// The request that brings a message.
///
/// # Errors
/// When its body cannot be read.
pub(crate) fn request(store: &Store, push: &Push) -> Result<Request<BodyStream>, String> {
    let mut encoding = push.envelope.encoding.clone();
    let body = match push.content {
        None => BodyStream::from(push.body.clone()),
        Some(content) => {
            let read = broker::BodyReader::open(store, content);
            let mut reader = read
                .map_err(|error| format!("the body cannot be read: {error}"))?
                .ok_or("the body is not there any more")?;
            reader.encoding().clone_into(&mut encoding);
            let bytes = reader.bytes();
            let download = Download::from_blocks(Some(bytes), move || reader.next_block());
            download.take().ok_or("the body is somebody else's")?
        }
    };
    let mut request = Request::new(body);
    *request.method_mut() = Method::POST;
    tell(request.headers_mut(), push);
    put(request.headers_mut(), CONTENT_ENCODING, &encoding);
    Ok(request)
}

fn tell(headers: &mut HeaderMap, push: &Push) {
    let envelope = &push.envelope;
    let media_type = if envelope.media_type.is_empty() { OCTETS } else { &envelope.media_type };
    put(headers, CONTENT_TYPE, media_type);
    let to = if envelope.to.is_empty() { &push.endpoint.name } else { &envelope.to };
    let in_reply_to = envelope.in_reply_to.map(|number| write_id(number.into()));
    let number = |number: u64| if number == 0 { String::new() } else { number.to_string() };
    let report = envelope.report.as_ref().map_or("", |report| reason(&report.reason).0);
    let told = [
        ("message-id", write_id(push.message)),
        ("message-delivery", number(push.delivery.number())),
        ("message-attempt", number(push.attempt.into())),
        ("message-type", push.topic.clone()),
        ("message-from", envelope.from.clone()),
        ("message-to", to.clone()),
        ("message-local-id", envelope.local_id.clone()),
        ("message-report", report.to_owned()),
        ("message-missing-before", number(push.gap.into())),
        ("conversation-id", Broker::conversation_of(push.message, envelope)),
        ("in-reply-to", in_reply_to.unwrap_or_default()),
        ("traceparent", envelope.traceparent.clone()),
    ];
    for (name, value) in told {
        put(headers, HeaderName::from_static(name), &value);
    }
}

/// Adds a header, in UTF-8; an empty value and one that cannot stand in a header are left out.
fn put(headers: &mut HeaderMap, name: HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_bytes(value.as_bytes())
        && !value.is_empty()
    {
        headers.insert(name, value);
    }
}
