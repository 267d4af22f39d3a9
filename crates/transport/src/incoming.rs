//! From an HTTP request to one that an API can take, within limits.

use std::time::Duration;

use axum::body::{Body, HttpBody};
use base::limit::{
    BODY_BYTES_MAX, BODY_DISCARDED_BYTES_MAX, BODY_READ_S_MAX, QUERY_PARAMETERS_MAX,
    TARGET_BYTES_MAX,
};
use base::{Fault, Kind};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, EXPECT, HOST};
use http::{HeaderMap, Request};
use http_body_util::BodyExt;
use service::route::Incoming;

/// Reads a request whole.
///
/// # Errors
/// When it is larger than a limit, or its body does not come.
pub(crate) async fn read(request: Request<Body>, origin: String) -> Result<Incoming, Fault> {
    let (head, body) = request.into_parts();
    let path_and_query = head.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
    if path_and_query.len() > TARGET_BYTES_MAX {
        return Err(too_large(&format!("the address is longer than {TARGET_BYTES_MAX} bytes")));
    }
    let query = query(head.uri.query().unwrap_or_default())?;
    let body = read_body(&head.headers, body).await?;
    Ok(Incoming {
        path: head.uri.path().to_owned(),
        method: head.method,
        query,
        headers: head.headers,
        body,
        origin,
    })
}

async fn read_body(headers: &HeaderMap, body: Body) -> Result<Bytes, Fault> {
    let announced =
        headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    if announced.is_some_and(|length: u64| length > BODY_BYTES_MAX as u64)
        && headers.contains_key(EXPECT)
    {
        // The caller asks first: say no before anything is sent.
        return Err(too_large_body());
    }
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let limit = Duration::from_secs(BODY_READ_S_MAX);
    match tokio::time::timeout(limit, collect(body)).await {
        Ok(collected) => collected,
        Err(_) => Err(Fault::new(
            Kind::Interrupted,
            "UNABLE_TO_CALL_SERVICE",
            "the body did not come in time",
        )),
    }
}

/// Reads a body. One that is too large is read on for a while and thrown away: a caller who is
/// hung up on while sending never gets to see why.
async fn collect(mut body: Body) -> Result<Bytes, Fault> {
    let mut kept = Vec::new();
    let mut seen = 0_usize;
    while let Some(frame) = body.frame().await {
        let frame = frame
            .map_err(|_| Fault::new(Kind::Incorrect, "INVALID_VALUE", "the body broke off"))?;
        let Ok(data) = frame.into_data() else { continue };
        seen = seen.saturating_add(data.len());
        if seen > BODY_DISCARDED_BYTES_MAX {
            break;
        }
        if seen <= BODY_BYTES_MAX {
            kept.extend_from_slice(&data);
        }
    }
    if seen > BODY_BYTES_MAX { Err(too_large_body()) } else { Ok(kept.into()) }
}

fn too_large_body() -> Fault {
    too_large(&format!("the body is larger than {BODY_BYTES_MAX} bytes"))
}

/// The pairs of a query, decoded, in order.
fn query(text: &str) -> Result<Vec<(String, String)>, Fault> {
    let mut pairs = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        if pairs.len() == QUERY_PARAMETERS_MAX {
            return Err(too_large(&format!("more than {QUERY_PARAMETERS_MAX} parameters")));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decode(name), decode(value)));
    }
    Ok(pairs)
}

fn decode(text: &str) -> String {
    service::route::decode(&text.replace('+', " "))
}

fn too_large(what: &str) -> Fault {
    Fault::new(Kind::Incorrect, "PAYLOAD_TOO_LARGE", format!("Request is too large - {what}"))
}

/// `http://host:port` for links in answers: what the operator set, or else what the caller wrote.
pub(crate) fn origin(public_url: Option<&str>, headers: &HeaderMap) -> String {
    if let Some(url) = public_url {
        return url.to_owned();
    }
    let host = headers.get(HOST).and_then(|host| host.to_str().ok()).unwrap_or("localhost");
    let clean = |byte: u8| byte.is_ascii_alphanumeric() || b".-:[]".contains(&byte);
    let host = if host.bytes().all(clean) { host } else { "localhost" };
    format!("http://{host}")
}

#[cfg(test)]
mod tests;
