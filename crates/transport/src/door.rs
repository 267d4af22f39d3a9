//! The HTTP door: every path of every API, and the few paths of the house itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use base::{Fault, Kind};
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use metrics_exporter_prometheus::PrometheusHandle;
use security::Gate;
use service::{Registry, Reply, Service};

use tracing::Instrument;

use crate::{Health, cors, incoming, measure, trace};

/// What the door opens onto.
#[derive(Clone)]
pub struct Exchange {
    /// The APIs.
    pub registry: Registry,
    /// Who may come in.
    pub gate: Gate,
    /// Whether the house is well.
    pub health: Health,
    /// What `GET /metrics` shows.
    pub metrics: PrometheusHandle,
    /// `http://host:port` for links in answers; the caller's Host header when not set.
    pub public_url: Option<String>,
}

/// The routes of the house: its own, then the pages given, then the APIs.
pub fn router(exchange: Exchange, pages: Router) -> Router {
    let own = Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/catalogue.json", get(catalogue))
        .fallback(call)
        .with_state(Arc::new(exchange));
    own.merge(pages)
}

async fn health(State(exchange): State<Arc<Exchange>>) -> Response {
    exchange.health.answer()
}

async fn metrics(State(exchange): State<Arc<Exchange>>) -> Response {
    let text = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");
    ([(CONTENT_TYPE, text)], exchange.metrics.render()).into_response()
}

async fn catalogue(
    State(exchange): State<Arc<Exchange>>,
    request: axum::extract::Request,
) -> Response {
    let origin = incoming::origin(exchange.public_url.as_deref(), request.headers());
    json(StatusCode::OK, exchange.registry.catalogue(&origin).to_string())
}

/// Hands a request to the API that owns its path.
async fn call(State(exchange): State<Arc<Exchange>>, request: axum::extract::Request) -> Response {
    let started = Instant::now();
    let Some(service) = exchange.registry.find(request.uri().path()).cloned() else {
        return nothing_here();
    };
    let origin_header = request.headers().get(http::header::ORIGIN).cloned();
    let span = trace::span(service.name, request.headers());
    let (interaction, reply) = answer(&exchange, &service, request).instrument(span.clone()).await;
    trace::end(&span, interaction, reply.status);
    measure::call(service.name, interaction, reply.status, started.elapsed());
    respond(cors::allow(reply, origin_header))
}

async fn answer(
    exchange: &Exchange,
    service: &Service,
    request: axum::extract::Request,
) -> (&'static str, Reply) {
    if cors::is_preflight(&request) {
        return ("preflight", cors::preflight(service));
    }
    let origin = incoming::origin(exchange.public_url.as_deref(), request.headers());
    if is_specification(service, &request) {
        let document = service.openapi(&origin).to_string();
        return ("openapi", Reply::new(StatusCode::OK, "application/json", document));
    }
    let mirrored = service.mirrored(request.headers());
    let incoming = match incoming::read(request, origin).await {
        Ok(incoming) => incoming,
        Err(fault) => return ("none", mirror(service.render(&fault), mirrored)),
    };
    let limit = Duration::from_secs(base::limit::REQUEST_S_MAX);
    match tokio::time::timeout(limit, service.call(&exchange.gate, incoming)).await {
        Ok(outcome) => (outcome.interaction, outcome.reply),
        Err(_) => ("none", mirror(service.render(&too_slow()), mirrored)),
    }
}

fn is_specification(service: &Service, request: &axum::extract::Request) -> bool {
    *request.method() == Method::GET
        && request.uri().path().strip_prefix(service.base) == Some("/openapi.json")
}

fn too_slow() -> Fault {
    Fault::new(Kind::Interrupted, "UNABLE_TO_CALL_SERVICE", "").retry_after(5)
}

fn mirror(mut reply: Reply, mirrored: Vec<(http::HeaderName, http::HeaderValue)>) -> Reply {
    reply.headers.extend(mirrored);
    reply
}

fn respond(reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

fn nothing_here() -> Response {
    let body = serde_json::json!({
        "error": "nothing here",
        "hint": "see /catalogue.json for what there is",
    });
    json(StatusCode::NOT_FOUND, body.to_string())
}

fn json(status: StatusCode, body: String) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}
