//! What a receiver answered, as the sender gets it: as it is where it is FHIR, and otherwise as the
//! row of the table that its status means.

use base::limit::{ONWARD_BYTES_MAX, ONWARD_HELD_BYTES_MAX};
use base::{Fault, Kind};
use http::StatusCode;
use http::header::{
    CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderName, LAST_MODIFIED, LOCATION,
    RETRY_AFTER,
};
use service::{Answer, Download, Missed, ReadAhead, Reply, Returned, StreamError};

use crate::healthcare_service::HealthcareService;
use crate::onward::{broken, seen_from_here};

/// The headers of an answer that go to the sender, beside where a new resource is.
const HEADERS: [HeaderName; 5] = [CONTENT_TYPE, CONTENT_ENCODING, ETAG, LAST_MODIFIED, RETRY_AFTER];

/// What answers are written in. Anything else would stand on this house's own address in the
/// sender's browser.
const MEDIA_TYPES: [&str; 3] =
    ["application/fhir+json", "application/fhir+xml", "application/json"];

/// The answer to the sender.
///
/// # Errors
/// The row of the table that says why there is none.
pub(crate) async fn answer(
    returned: Result<Returned, Missed>,
    target: &HealthcareService,
    origin: &str,
) -> Answer {
    let returned = returned.map_err(missed)?;
    let (status, headers) = (returned.status, returned.headers);
    if status == StatusCode::GATEWAY_TIMEOUT || status.is_redirection() || is_no_answer(status) {
        return Err(by_status(status, &headers));
    }
    let body = returned.body.read_ahead(ONWARD_HELD_BYTES_MAX).await.map_err(cut_off)?;
    let is_empty = matches!(&body, ReadAhead::Whole(bytes) if bytes.is_empty());
    let fits = if is_empty { status.is_success() } else { is_fhir(&headers) };
    if !fits && status.is_success() {
        return Err(receiver("REC_RUBBISH", "The receiver's answer is not FHIR"));
    }
    if !fits {
        return Err(by_status(status, &headers));
    }
    let mut reply = Reply::empty(status);
    for name in HEADERS {
        if let Some(value) = headers.get(&name) {
            reply.headers.insert(name, value.clone());
        }
    }
    let location = headers.get(LOCATION).and_then(|value| value.to_str().ok());
    if let Some(location) = location.and_then(|url| seen_from_here(target, origin, url)) {
        reply = reply.with(LOCATION, &location);
    }
    match body {
        ReadAhead::Whole(bytes) => reply.body = bytes,
        ReadAhead::More(stream) => reply.download = Some(Download::from_stream(stream)),
    }
    Ok(reply)
}

/// Statuses that begin an answer and do not make one.
fn is_no_answer(status: StatusCode) -> bool {
    status.is_informational() || status.as_u16() >= 600
}

fn is_fhir(headers: &HeaderMap) -> bool {
    let written = headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let written = written.and_then(|value| value.split(';').next()).unwrap_or_default().trim();
    MEDIA_TYPES.iter().any(|known| known.eq_ignore_ascii_case(written))
}

/// The fault that a status means, from a receiver who says nothing more.
fn by_status(status: StatusCode, headers: &HeaderMap) -> Fault {
    let said = || format!("The receiver answered {} and said nothing more", status.as_u16());
    let id = match status.as_u16() {
        300..=399 => {
            let why = "The receiver answered with a redirect, which is not followed";
            return receiver("REC_RUBBISH", why);
        }
        504 | 408 => return Fault::new(Kind::Interrupted, "REC_TIMEOUT", said()),
        401 => "REC_UNAUTHORIZED",
        403 => "REC_FORBIDDEN",
        404 => "REC_NOT_FOUND",
        405 => "REC_METHOD_NOT_ALLOWED",
        406 => "REC_NOT_ACCEPTABLE",
        409 => "REC_CONFLICT",
        422 => "REC_UNPROCESSABLE_ENTITY",
        425 => "REC_TOO_EARLY",
        429 => "REC_TOO_MANY_REQUESTS",
        400..=499 => "REC_INVALID",
        501 => "REC_NOT_IMPLEMENTED",
        502 | 503 => "REC_SERVICE_UNAVAILABLE",
        _ => "REC_SERVER_ERROR",
    };
    let fault = receiver(id, said());
    let after = headers.get(RETRY_AFTER).and_then(|value| value.to_str().ok()?.parse().ok());
    match after {
        Some(seconds) => fault.retry_after(seconds),
        None => fault,
    }
}

/// The fault when nothing came back.
fn missed(missed: Missed) -> Fault {
    match missed {
        Missed::TooSlow => Fault::new(Kind::Interrupted, "REC_TIMEOUT", ""),
        Missed::Unreachable(why) => {
            receiver("REC_SERVICE_UNAVAILABLE", "The receiver cannot be reached").because(why)
        }
        Missed::Untrusted(why) => {
            receiver("REC_FORBIDDEN_TLS", "The receiver and this proxy do not trust each other")
                .because(why)
        }
        Missed::NoAnswer(why) => {
            receiver("REC_TRANSIENT", "The receiver broke off before it answered").because(why)
        }
        Missed::Body(error) => broken(error),
    }
}

/// The fault when an answer began and did not end.
fn cut_off(error: StreamError) -> Fault {
    match error {
        StreamError::BrokenOff => {
            receiver("REC_TRANSIENT", "The receiver broke off in the middle of its answer")
        }
        StreamError::TooSlow => Fault::new(Kind::Interrupted, "REC_TIMEOUT", ""),
        StreamError::TooLarge => {
            let why = format!("The receiver's answer has more than {ONWARD_BYTES_MAX} bytes");
            receiver("REC_TOO_COSTLY", why)
        }
    }
}

/// Something is the receiver's fault. It is no fault of the house, and nobody is woken for it.
fn receiver(id: &'static str, why: impl Into<String>) -> Fault {
    Fault::new(Kind::Unavailable, id, why)
}
