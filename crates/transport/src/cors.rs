//! Pages of other origins: what browsers ask before they call, and what they want in answers.
//!
//! Clause: <https://fetch.spec.whatwg.org/#http-cors-protocol>.

use axum::body::Body;
use http::header::{
    ACCESS_CONTROL_ALLOW_HEADERS, ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN,
    ACCESS_CONTROL_EXPOSE_HEADERS, ACCESS_CONTROL_MAX_AGE, HeaderValue, ORIGIN,
};
use http::{Method, Request, StatusCode};
use service::{Reply, Service};

/// Whether a browser asks what it may send.
pub(crate) fn is_preflight(request: &Request<Body>) -> bool {
    *request.method() == Method::OPTIONS && request.headers().contains_key(ORIGIN)
}

/// What a browser may send to an API.
pub(crate) fn preflight(service: &Service) -> Reply {
    let mut methods: Vec<&str> =
        service.interactions.iter().map(|interaction| interaction.method.as_str()).collect();
    methods.sort_unstable();
    methods.dedup();
    Reply::empty(StatusCode::OK)
        .with(ACCESS_CONTROL_ALLOW_HEADERS, service.style.cors_headers)
        .with(ACCESS_CONTROL_ALLOW_METHODS, &methods.join(", "))
        .with(ACCESS_CONTROL_MAX_AGE, "3628800")
}

/// Lets the page that asked read the answer. Credentials are bearer tokens, never cookies, so any
/// origin may.
pub(crate) fn allow(mut reply: Reply, origin: Option<HeaderValue>) -> Reply {
    if let Some(origin) = origin {
        reply.headers.insert(ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        reply.headers.insert(
            ACCESS_CONTROL_EXPOSE_HEADERS,
            HeaderValue::from_static(
                "etag, x-request-id, x-correlation-id, content-location, retry-after",
            ),
        );
    }
    reply
}
