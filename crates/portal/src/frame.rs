//! What all pages share: the style sheet and the headers that keep a page to itself.

use axum::response::{Html, IntoResponse, Response};
use http::header::{
    CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderName, HeaderValue, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};

/// Sends a page. It may load nothing but our own style sheet and stand in no frame.
pub(crate) fn page(html: String) -> Response {
    const HEADERS: [(HeaderName, HeaderValue); 3] = [
        (
            CONTENT_SECURITY_POLICY,
            HeaderValue::from_static(
                "default-src 'none'; style-src 'self'; img-src 'self'; form-action 'self'; \
                 frame-ancestors 'none'; base-uri 'none'",
            ),
        ),
        (REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
        (X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (HEADERS, Html(html)).into_response()
}

/// `GET /static/house.css`.
pub(crate) async fn style() -> impl IntoResponse {
    const HEADERS: [(HeaderName, HeaderValue); 2] = [
        (CONTENT_TYPE, HeaderValue::from_static("text/css; charset=utf-8")),
        (CACHE_CONTROL, HeaderValue::from_static("max-age=300")),
    ];
    (HEADERS, include_str!("../static/house.css"))
}
