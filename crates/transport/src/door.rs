//! The HTTP door: every path of every API, and the few paths of the house itself.

use std::sync::Arc;
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use http::header::{CONNECTION, CONTENT_TYPE, HeaderValue};
use http::{Method, StatusCode};
use metrics_exporter_prometheus::PrometheusHandle;
use security::Gate;
use service::route::Whence;
use service::{Answer, Registry, Reply, Service, StreamError, Style, Upload, Witness};
use tracing::Instrument;

use crate::arriving::Arriving;
use crate::connection::{Connection, Cut};
use crate::leaving::Leaving;
use crate::seen::Seen;
use crate::{Health, Proxies, cors, host, incoming, measure, trace};

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
    /// Whose word on where calls came from is believed.
    pub proxies: Proxies,
    /// Who is told of calls that belong to a conversation, once they are over.
    pub witness: Option<Witness>,
}

/// The routes of the house: its own, then the pages given, then the APIs.
pub fn router(exchange: Exchange, pages: Router) -> Router {
    let own = Router::new()
        .route("/health", get(health))
        .route("/metrics", get(metrics))
        .route("/catalogue.json", get(catalogue))
        .fallback(call)
        .with_state(Arc::new(exchange));
    own.merge(pages).layer(axum::middleware::from_fn(host::one))
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
    let origin = incoming::origin(exchange.public_url.as_deref(), &request);
    json(StatusCode::OK, exchange.registry.catalogue(&origin).to_string())
}

/// Hands a request to the API that owns its path.
async fn call(State(exchange): State<Arc<Exchange>>, request: axum::extract::Request) -> Response {
    let started = Instant::now();
    let connection = request.extensions().get::<Connection>().cloned().unwrap_or_default();
    if connection.peer.as_ref().is_some_and(|peer| !peer.is_good()) {
        return not_any_more();
    }
    let Some(service) = exchange.registry.find(request.uri().path()).cloned() else {
        return nothing_here();
    };
    let origin_header = request.headers().get(http::header::ORIGIN).cloned();
    let span = trace::span(service.name, request.headers());
    let mut seen = exchange.witness.as_ref().and_then(|_| Seen::first(request.headers()));
    let (interaction, reply) =
        answer(&exchange, &service, request, &mut seen).instrument(span.clone()).await;
    trace::end(&span, interaction, reply.status);
    measure::call(service.name, interaction, reply.status, started.elapsed());
    if let (Some(seen), Some(witness)) = (seen, &exchange.witness) {
        seen.tell(witness, &service, interaction, &reply, started.elapsed());
    }
    respond(cors::allow(reply, origin_header), &connection.cut)
}

async fn answer(
    exchange: &Exchange,
    service: &Service,
    request: axum::extract::Request,
    seen: &mut Option<Seen>,
) -> (&'static str, Reply) {
    if cors::is_preflight(&request) {
        return ("preflight", cors::preflight(service));
    }
    let origin = incoming::origin(exchange.public_url.as_deref(), &request);
    if is_specification(service, &request) {
        let document = service.openapi(&origin).to_string();
        return ("openapi", Reply::new(StatusCode::OK, "application/json", document));
    }
    let heeded = service.heeded(request.uri().path(), request.headers());
    let (interaction, answer) = work(exchange, service, request, origin, seen).await;
    (interaction, service.reply(answer, heeded))
}

/// Lets the caller in, then takes the body, then has the work done.
async fn work(
    exchange: &Exchange,
    service: &Service,
    request: axum::extract::Request,
    origin: String,
    seen: &mut Option<Seen>,
) -> (&'static str, Answer) {
    let style = &service.style;
    let (head, body) = request.into_parts();
    let connection = head.extensions.get::<Connection>().cloned().unwrap_or_default();
    let whence = Whence {
        certificate: connection.peer.as_ref().map(|peer| &peer.certificate),
        address: connection.address.map(|from| exchange.proxies.source(from, &head.headers)),
    };
    let body = Arriving::new(&head.headers, body);
    let mut incoming = match incoming::head(head, origin) {
        Ok(incoming) => incoming,
        Err(limit) => return ("none", Err((style.too_large)(&limit))),
    };
    let admitted = match service.admit(&exchange.gate, &incoming, whence).await {
        Ok(admitted) => admitted,
        Err(fault) => return ("none", Err(fault)),
    };
    let interaction = admitted.interaction;
    if let Some(seen) = seen {
        seen.by(&admitted.caller);
    }
    let too_much = |error| match error {
        StreamError::TooLarge => {
            let bytes_max = interaction.body_bytes_max();
            (style.too_large)(&format!("the body is larger than {bytes_max} bytes"))
        }
        error => style.interrupted(error),
    };
    let answer = if interaction.upload.is_some() {
        match body.stream(interaction.body_bytes_max()) {
            Ok(stream) => {
                incoming.upload = Upload::new(stream);
                admitted.run(incoming).await
            }
            Err(error) => Err(too_much(error)),
        }
    } else {
        match body.whole(interaction.body_bytes_max()).await {
            Ok(whole) => {
                incoming.body = whole;
                in_time(style, admitted.run(incoming)).await
            }
            Err(error) => Err(too_much(error)),
        }
    };
    (interaction.name, answer)
}

async fn in_time(style: &Style, work: impl Future<Output = Answer>) -> Answer {
    let limit = Duration::from_secs(base::limit::REQUEST_S_MAX);
    tokio::time::timeout(limit, work).await.unwrap_or_else(|_| Err((style.too_slow)("")))
}

fn is_specification(service: &Service, request: &axum::extract::Request) -> bool {
    *request.method() == Method::GET
        && request.uri().path().strip_prefix(service.base) == Some("/openapi.json")
}

/// A reply as HTTP. To HEAD the same headers go out, with the length of the body that is left out.
fn respond(reply: Reply, cut: &Cut) -> Response {
    let stream = reply.download.and_then(|download| download.take());
    let mut response = Response::new(match stream {
        Some(stream) => Body::new(Leaving::new(stream, cut.clone())),
        None => Body::from(reply.body),
    });
    *response.status_mut() = reply.status;
    *response.headers_mut() = reply.headers;
    response
}

fn nothing_here() -> Response {
    told(StatusCode::NOT_FOUND, "nothing here", "see /catalogue.json for what there is")
}

/// The certificate of the connection was good once.
fn not_any_more() -> Response {
    let error = "the certificate of this connection is not good any more";
    let hint = "connect anew, with one that was not revoked and is not over";
    turned_away(StatusCode::FORBIDDEN, error, hint)
}

/// Turns a whole connection away, and says why.
pub(crate) fn turned_away(status: StatusCode, error: &str, hint: &str) -> Response {
    let mut response = told(status, error, hint);
    response.headers_mut().insert(CONNECTION, HeaderValue::from_static("close"));
    response
}

/// What is wrong, and what to do.
fn told(status: StatusCode, error: &str, hint: &str) -> Response {
    json(status, serde_json::json!({ "error": error, "hint": hint }).to_string())
}

fn json(status: StatusCode, body: String) -> Response {
    (status, [(CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response()
}
