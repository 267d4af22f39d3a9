//! From an HTTP request to one that an API can take, within limits.

use std::time::Duration;

use axum::body::{Body, to_bytes};
use base::limit::{BODY_BYTES_MAX, BODY_READ_S_MAX, QUERY_PARAMETERS_MAX, TARGET_BYTES_MAX};
use base::{Fault, Kind};
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, HOST};
use http::{HeaderMap, Request};
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
    let announced = headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
    let too_many = || too_large(&format!("the body is larger than {BODY_BYTES_MAX} bytes"));
    if announced.is_some_and(|length: usize| length > BODY_BYTES_MAX) {
        return Err(too_many());
    }
    let limit = Duration::from_secs(BODY_READ_S_MAX);
    match tokio::time::timeout(limit, to_bytes(body, BODY_BYTES_MAX)).await {
        Ok(Ok(bytes)) => Ok(bytes),
        Ok(Err(_)) => Err(too_many()),
        Err(_) => Err(Fault::new(
            Kind::Interrupted,
            "UNABLE_TO_CALL_SERVICE",
            "the body did not come in time",
        )),
    }
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
