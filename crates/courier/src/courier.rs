//! One attempt: the message becomes a request, the answer an outcome.

use std::fmt;
use std::sync::Arc;
use std::time::{Duration, Instant};

use base::Clock;
use base::limit::{FETCH_S_MAX, HEADER_BYTES_MAX, PUSH_ANSWER_BYTES_MAX, PUSH_ANSWER_S_MAX};
use broker::{Outcome, Push, Pusher, pusher};
use bytes::Bytes;
use http::header::{HeaderValue, USER_AGENT};
use http::{Request, StatusCode};
use http_body_util::{BodyExt, Limited};
use hyper::body::Incoming;
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::ClientConfig;
use service::BodyStream;
use store::Store;

use crate::dial::{Dial, InTime};
use crate::line::Lines;
use crate::tls::{Identity, Trust};
use crate::{answer, mllp, place, plain, tls, trouble, webhook};

/// How long a connection that nobody uses is kept, in seconds.
const IDLE_S_MAX: u64 = 30;
/// The most connections that nobody uses, for each host.
const IDLE_MAX: usize = 64;
/// What requests say that they are from.
const AGENT: &str = concat!("vertebra/", env!("CARGO_PKG_VERSION"));

type Http = Client<InTime<hyper_rustls::HttpsConnector<Dial>>, BodyStream>;

/// Carries messages to endpoints. Cheap to clone.
#[derive(Clone)]
pub struct Courier {
    inner: Arc<Inner>,
}

struct Inner {
    store: Store,
    clock: Clock,
    origin: String,
    /// For endpoints that anybody could call, and for those that only this machine or network
    /// can: apart, so that no connection of the one serves the other.
    public: Http,
    private: Http,
    lines: Lines,
}

impl Courier {
    /// A courier for messages whose large bodies are in a store. `origin` is where receivers find
    /// the house: `https://host:port`.
    ///
    /// # Errors
    /// When TLS cannot be had.
    pub fn new(store: Store, clock: Clock, origin: &str, trust: &Trust) -> Result<Self, String> {
        Ok(Self::with_tls(store, clock, origin, tls::config(trust, None)?))
    }

    /// The same, which shows a certificate to those who ask for one.
    ///
    /// # Errors
    /// When TLS cannot be had, or the certificate does not serve.
    pub fn identified(
        store: Store,
        clock: Clock,
        origin: &str,
        trust: &Trust,
        identity: Identity,
    ) -> Result<Self, String> {
        Ok(Self::with_tls(store, clock, origin, tls::config(trust, Some(identity))?))
    }

    fn with_tls(store: Store, clock: Clock, origin: &str, tls: ClientConfig) -> Self {
        let inner = Inner {
            store,
            clock,
            origin: origin.trim_end_matches('/').to_owned(),
            public: http(tls.clone(), false),
            private: http(tls.clone(), true),
            lines: Lines::new(tls),
        };
        Self { inner: Arc::new(inner) }
    }

    /// What the broker pushes with.
    pub fn pusher(&self) -> Pusher {
        let courier = self.clone();
        pusher(move |push| {
            let courier = courier.clone();
            async move { courier.carry(push).await }
        })
    }

    /// Makes one attempt.
    pub async fn carry(&self, push: Push) -> Outcome {
        let mut measured = Measured::begin(&push);
        let failed = |why| Outcome::Failed { why, after_s: None };
        let outcome = self.bring(push).await.unwrap_or_else(failed);
        measured.outcome = match outcome {
            Outcome::Delivered | Outcome::Acknowledged | Outcome::Settled => "delivered",
            Outcome::Refused(_) | Outcome::Unwanted(_) => "refused",
            Outcome::Failed { .. } => "failed",
        };
        outcome
    }

    /// Gets a document of so many bytes at most, from an address as an endpoint may have it:
    /// over TLS and on the Internet, or else `private`. Redirects are not followed.
    ///
    /// # Errors
    /// Why it did not come.
    pub async fn fetch(&self, url: &str, private: bool, bytes_max: usize) -> Result<Bytes, String> {
        let mut request = Request::new(BodyStream::from(Bytes::new()));
        *request.uri_mut() = place::address(url, private)?;
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let http = if private { &self.inner.private } else { &self.inner.public };
        let whole = async {
            let response = http.request(request).await.map_err(|error| trouble::why(&error))?;
            if response.status() != StatusCode::OK {
                return Err(format!("answered {}", response.status().as_u16()));
            }
            let body = Limited::new(response.into_body(), bytes_max).collect().await;
            body.map(http_body_util::Collected::to_bytes)
                .map_err(|_| format!("no whole document of {bytes_max} bytes at most came"))
        };
        let longest = Duration::from_secs(FETCH_S_MAX);
        let slow = || format!("it did not come within {FETCH_S_MAX} s");
        tokio::time::timeout(longest, whole).await.map_err(|_| slow())?
    }

    /// Makes a request as it is, and gives the answer as it comes.
    pub(crate) async fn ask(
        &self,
        mut request: Request<BodyStream>,
        private: bool,
    ) -> Result<http::Response<Incoming>, legacy::Error> {
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let http = if private { &self.inner.private } else { &self.inner.public };
        http.request(request).await
    }

    async fn bring(&self, push: Push) -> Result<Outcome, String> {
        let inner = &self.inner;
        place::check(&push.endpoint)?;
        if push.endpoint.wire == "mllp" {
            return mllp::carry(&inner.lines, &inner.store, &push).await;
        }
        let mut request = match push.endpoint.wire.as_str() {
            "webhook" => webhook::request(&push, &inner.origin, inner.clock.now())?,
            _ => plain::request(&inner.store, &push)?,
        };
        *request.uri_mut() = place::place(&push.endpoint)?;
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let http = if push.endpoint.private { &inner.private } else { &inner.public };
        self.answered(http, request).await
    }

    async fn answered(&self, http: &Http, request: Request<BodyStream>) -> Result<Outcome, String> {
        let response = http.request(request).await.map_err(|error| trouble::why(&error))?;
        let outcome =
            answer::outcome(response.status(), response.headers(), self.inner.clock.now());
        // The status is the answer. What else comes matters to the connection only, which can be
        // used again once all of it was read.
        tokio::spawn(throw_away(response.into_body()));
        Ok(outcome)
    }
}

impl fmt::Debug for Courier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Courier")
    }
}

/// Reads the body of an answer, up to limits of size and time.
async fn throw_away(body: Incoming) {
    let mut body = Limited::new(body, PUSH_ANSWER_BYTES_MAX);
    let longest = Duration::from_secs(PUSH_ANSWER_S_MAX);
    let all = async { while let Some(Ok(_)) = body.frame().await {} };
    // Who has not sent all of it by then loses the connection.
    let _ = tokio::time::timeout(longest, all).await;
}

fn http(tls: ClientConfig, private: bool) -> Http {
    let connector = HttpsConnectorBuilder::new()
        .with_tls_config(tls)
        .https_or_http()
        .enable_http1()
        .enable_http2()
        .wrap_connector(Dial { private });
    Client::builder(TokioExecutor::new())
        .pool_timer(TokioTimer::new())
        .pool_idle_timeout(Duration::from_secs(IDLE_S_MAX))
        .pool_max_idle_per_host(IDLE_MAX)
        .http1_max_buf_size(HEADER_BYTES_MAX)
        .http2_max_header_list_size(HEADER_BYTES_MAX as u32)
        .build(InTime(connector))
}

/// Counts a push, however it ends: one that the broker broke off ends here as well.
struct Measured {
    endpoint: String,
    begun: Instant,
    outcome: &'static str,
}

impl Measured {
    fn begin(push: &Push) -> Self {
        let endpoint = push.endpoint.name.clone();
        Self { endpoint, begun: Instant::now(), outcome: "broken-off" }
    }
}

impl Drop for Measured {
    fn drop(&mut self) {
        let endpoint = self.endpoint.clone();
        metrics::counter!(
            "courier_pushes_total",
            "endpoint" => endpoint.clone(),
            "outcome" => self.outcome
        )
        .increment(1);
        metrics::histogram!("courier_push_seconds", "endpoint" => endpoint)
            .record(self.begun.elapsed().as_secs_f64());
    }
}
