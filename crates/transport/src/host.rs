//! Which host a request names.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::HOST;
use http::uri::Authority;
use http::{HeaderValue, StatusCode, Version};

use crate::door::turned_away;

/// Lets in what names one host. With none or two, whoever stands between may have understood
/// another one than we do.
///
/// Clause: <https://www.rfc-editor.org/rfc/rfc9112#section-3.2>.
pub(crate) async fn one(request: Request, next: Next) -> Response {
    let mut named = request.headers().get_all(HOST).iter();
    let (first, second) = (named.next(), named.next());
    // Before 1.1 there was no such header, and after it the target says it.
    let needed = request.version() == Version::HTTP_11;
    if second.is_some() || first.map_or(needed, |host| !is_host(host)) {
        let error = "a request of HTTP/1.1 names one host";
        let hint = "send one Host header, with the name and port that you call";
        return turned_away(StatusCode::BAD_REQUEST, error, hint);
    }
    next.run(request).await
}

/// Whether this is a host, perhaps with a port, and nothing else.
fn is_host(value: &HeaderValue) -> bool {
    Authority::try_from(value.as_bytes()).is_ok_and(|authority| {
        let host = authority.host();
        let port = authority.as_str().strip_prefix(host).and_then(|rest| rest.strip_prefix(':'));
        !host.is_empty() && (host == authority.as_str() || port.is_some_and(is_port))
    })
}

fn is_port(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_digit()) && text.parse::<u16>().is_ok()
}
