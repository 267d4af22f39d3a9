//! From an HTTP request to one that an API can take, within limits.

use base::limit::{QUERY_PARAMETERS_MAX, TARGET_BYTES_MAX};
use bytes::Bytes;
use http::Request;
use http::header::HOST;
use http::request::Parts;
use service::Upload;
use service::route::Incoming;

use crate::connection::Connection;

/// A request without its body.
///
/// # Errors
/// Which limit it is beyond.
pub(crate) fn head(head: Parts, origin: String) -> Result<Incoming, String> {
    let path_and_query = head.uri.path_and_query().map_or("", http::uri::PathAndQuery::as_str);
    if path_and_query.len() > TARGET_BYTES_MAX {
        return Err(format!("the address is longer than {TARGET_BYTES_MAX} bytes"));
    }
    Ok(Incoming {
        query: query(head.uri.query().unwrap_or_default())?,
        path: head.uri.path().to_owned(),
        method: head.method,
        headers: head.headers,
        body: Bytes::new(),
        upload: Upload::none(),
        origin,
    })
}

/// The pairs of a query, decoded, in order.
fn query(text: &str) -> Result<Vec<(String, String)>, String> {
    let mut pairs = Vec::new();
    for pair in text.split('&').filter(|pair| !pair.is_empty()) {
        if pairs.len() == QUERY_PARAMETERS_MAX {
            return Err(format!("more than {QUERY_PARAMETERS_MAX} parameters"));
        }
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        pairs.push((decode(name), decode(value)));
    }
    Ok(pairs)
}

fn decode(text: &str) -> String {
    service::route::decode(&text.replace('+', " "))
}

/// `http://host:port` for links in answers: what the operator set, or else what the caller wrote.
pub(crate) fn origin<B>(public_url: Option<&str>, request: &Request<B>) -> String {
    if let Some(url) = public_url {
        return url.to_owned();
    }
    let secure = request.extensions().get::<Connection>().is_some_and(|known| known.secure);
    let scheme = if secure { "https" } else { "http" };
    // HTTP/2 names the host in the target.
    let named = request.headers().get(HOST).and_then(|host| host.to_str().ok());
    let host = named.or(request.uri().authority().map(http::uri::Authority::as_str));
    let clean = |byte: u8| byte.is_ascii_alphanumeric() || b".-_:[]".contains(&byte);
    let host = host.filter(|host| host.bytes().all(clean)).unwrap_or("localhost");
    format!("{scheme}://{host}")
}

#[cfg(test)]
mod tests;
