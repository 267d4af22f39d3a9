//! Which host a request names.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::Response;
use http::header::HOST;
use http::{StatusCode, Version};

use crate::door::turned_away;

/// Lets in what names one host. With none or two, whoever stands between may have understood
/// another one than we do.
///
/// Clause: <https://www.rfc-editor.org/rfc/rfc9112#section-3.2>.
pub(crate) async fn one(request: Request, next: Next) -> Response {
    let named = request.headers().get_all(HOST).iter().count();
    if request.version() == Version::HTTP_11 && named != 1 {
        let error = "a request of HTTP/1.1 names one host";
        return turned_away(StatusCode::BAD_REQUEST, error, "send one Host header");
    }
    next.run(request).await
}
