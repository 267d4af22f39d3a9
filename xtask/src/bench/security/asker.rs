//! Callers that prove who they are, each in one way.

use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};

use hyper::header::{AUTHORIZATION, CONTENT_TYPE};
use hyper::http::request::Builder;
use hyper::{Request, StatusCode};
use rustls::ClientConfig;

use super::super::case::{ANSWERED, API, SYNC, retrieval};
use super::super::load::{Caller, Sample, Work};
use super::super::report::Measured;
use super::credentials::{Credentials, Stock, exchange};
use super::tls;

/// Where an application asks for the address of a party, with a key.
const DIRECTORY: &str = "/spine-directory/FHIR/R4/Device\
    ?organization=https%3A%2F%2Ffhir.nhs.uk%2FId%2Fods-organization-code%7CY90001\
    &identifier=https%3A%2F%2Ffhir.nhs.uk%2FId%2FnhsServiceInteractionId%7C\
    urn%3Anhs%3Anames%3Aservices%3Agp2gp%3ARCMR_IN010000UK05";
/// The most tokens in a second that a stock is signed for.
const TOKENS_A_SECOND_MAX: f64 = 6_000.0;

/// A way to prove who calls, or to prove nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Way {
    Hello,
    HelloAnew,
    Open,
    Opaque,
    Access,
    Key,
    Soap,
    Certificate,
    CertificateNew,
    CertificateResumed,
    Assertion,
}

/// A way by so many callers at once.
#[derive(Clone, Copy)]
pub(crate) struct Case {
    pub(crate) name: &'static str,
    pub(crate) way: Way,
    pub(crate) callers: usize,
    /// What is on disk before the answer leaves.
    pub(crate) durable: &'static str,
}

impl Way {
    /// Whether the yardstick is asked.
    pub(crate) fn is_hello(self) -> bool {
        matches!(self, Self::Hello | Self::HelloAnew)
    }

    fn is_over_tls(self) -> bool {
        matches!(self, Self::Certificate | Self::CertificateNew | Self::CertificateResumed)
    }
}

impl Case {
    /// The case with what it gave.
    pub(crate) fn measured(self, sample: Sample) -> Measured {
        let Self { name, way, callers, durable } = self;
        Measured { name, callers, durable, is_yardstick: way == Way::Hello, sample }
    }
}

/// A caller at work on a case.
pub(crate) struct Asker {
    way: Way,
    /// Tells this caller's request ids from all others'.
    number: usize,
    asked: usize,
    credentials: Arc<Credentials>,
    /// What is left to be used once, for all callers of the case.
    stock: Option<Stock>,
    tls: Option<Arc<ClientConfig>>,
    /// The connection that it keeps.
    kept: Option<Caller>,
    /// Whether it has no session yet that could be taken up again.
    is_first: bool,
}

/// The callers of a case for one turn.
pub(crate) fn askers(
    case: Case,
    number: usize,
    credentials: &Arc<Credentials>,
    turn: Duration,
) -> Result<Vec<Asker>, String> {
    let stock = if case.way == Way::Assertion {
        let most = TOKENS_A_SECOND_MAX * turn.as_secs_f64();
        Some(credentials.stock(number, most as usize)?)
    } else {
        None
    };
    let asker = |caller: usize| {
        let resumes = case.way == Way::CertificateResumed;
        let config = || tls::config(credentials, resumes);
        Ok(Asker {
            way: case.way,
            number: number * 1_000 + caller,
            asked: 0,
            credentials: Arc::clone(credentials),
            stock: stock.clone(),
            tls: case.way.is_over_tls().then(config).transpose()?,
            kept: None,
            is_first: true,
        })
    };
    (0..case.callers).map(asker).collect()
}

impl Work for Asker {
    async fn once(&mut self, caller: &mut Caller) -> Result<Option<Duration>, String> {
        self.asked += 1;
        match self.way {
            Way::Soap => answered(caller, self.question()?).await,
            way if way.is_over_tls() => self.over_tls().await,
            Way::HelloAnew => {
                let request = self.plain()?;
                let began = Instant::now();
                let mut caller = Caller::connect(caller.address()).await?;
                let answer = caller.call(request).await?;
                Ok((answer.status() == StatusCode::OK).then(|| began.elapsed()))
            }
            _ => {
                let request = self.plain()?;
                let began = Instant::now();
                let answer = caller.call(request).await?;
                Ok((answer.status() == StatusCode::OK).then(|| began.elapsed()))
            }
        }
    }

    fn is_done(&self) -> bool {
        let stock = self.stock.as_ref();
        stock.is_some_and(|stock| stock.lock().unwrap_or_else(PoisonError::into_inner).is_empty())
    }
}

impl Asker {
    fn plain(&mut self) -> Result<Request<String>, String> {
        let read = format!("{API}/{}", self.anybody()?);
        let known = &self.credentials;
        let bearer = |token: &str| format!("Bearer {token}");
        let request = match self.way {
            Way::Hello | Way::HelloAnew => self.request("GET", "/"),
            Way::Opaque => self.request("GET", &read).header(AUTHORIZATION, bearer(&known.opaque)),
            Way::Access => self.request("GET", &read).header(AUTHORIZATION, bearer(&known.access)),
            Way::Key => self.request("GET", DIRECTORY).header("apikey", &known.api_key),
            Way::Assertion => {
                let stock = self
                    .stock
                    .as_ref()
                    .and_then(|stock| stock.lock().unwrap_or_else(PoisonError::into_inner).pop());
                // Another caller may have taken the last one since this one looked.
                return stock.map_or_else(
                    || finish(self.request("GET", "/health")),
                    |signed| exchange(&signed),
                );
            }
            _ => self.request("GET", &read),
        };
        finish(request)
    }

    /// Asks by SOAP over a connection with a certificate, in which the handshake counts where it
    /// is made anew.
    async fn over_tls(&mut self) -> Result<Option<Duration>, String> {
        let config = self.tls.clone().ok_or("a way without TLS")?;
        let base = self.credentials.tls_base.clone();
        let request = self.question()?;
        if self.way == Way::Certificate {
            let mut caller = match self.kept.take() {
                Some(caller) => caller,
                None => tls::connect(&base, &config).await?.0,
            };
            let took = answered(&mut caller, request).await?;
            self.kept = Some(caller);
            return Ok(took);
        }
        let began = Instant::now();
        let (mut caller, resumed) = tls::connect(&base, &config).await?;
        let took = answered(&mut caller, request).await?;
        // The first connection has nothing to take up again.
        let expected = self.way == Way::CertificateResumed && !std::mem::take(&mut self.is_first);
        Ok(took.filter(|_| resumed == expected).map(|_| began.elapsed()))
    }

    fn question(&self) -> Result<Request<String>, String> {
        let body = retrieval(self.anybody()?, (self.number * 1_000_000 + self.asked) as u64);
        let request = self.request("POST", SYNC).header(CONTENT_TYPE, "text/xml");
        let request = request.header("SOAPAction", "").body(body);
        request.map_err(|error| format!("not a request: {error}"))
    }

    /// Somebody else each time.
    fn anybody(&self) -> Result<&str, String> {
        // A step that shares no factor with the number of people walks over all of them.
        let at = self.asked.wrapping_mul(7_919) + self.number;
        let people = &self.credentials.people;
        let person = people.get(at % people.len().max(1));
        person.map(|person| person.id.as_str()).ok_or_else(|| "nobody to ask for".to_owned())
    }

    fn request(&self, method: &str, target: &str) -> Builder {
        let (number, asked) = (self.number, self.asked);
        let id = format!("{number:08x}-0000-4000-8000-{asked:012x}");
        Request::builder().method(method).uri(target).header("X-Request-ID", id)
    }
}

/// How long an answer to a question by SOAP took; nothing when it was a refusal.
async fn answered(
    caller: &mut Caller,
    request: Request<String>,
) -> Result<Option<Duration>, String> {
    let began = Instant::now();
    let answer = caller.fetch(request).await?;
    let took = began.elapsed();
    let good = answer.windows(ANSWERED.len()).any(|part| part == ANSWERED);
    Ok(good.then_some(took))
}

fn finish(request: Builder) -> Result<Request<String>, String> {
    request.body(String::new()).map_err(|error| format!("not a request: {error}"))
}
