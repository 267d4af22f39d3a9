//! Calls that an API passes on to somebody else, whose answer becomes its own. Who carries them,
//! and how, is not the API's business.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use http::{HeaderMap, Method, StatusCode};

use crate::{BodyStream, StreamError};

/// A call that is passed on. `Debug` leaves out where to and what: both may hold secrets.
pub struct Onward {
    /// Where to, with the query.
    pub url: String,
    /// Whether that may be an address which is not on the Internet.
    pub private: bool,
    /// The HTTP method.
    pub method: Method,
    /// All headers but those of the connection.
    pub headers: HeaderMap,
    /// The body, as it comes.
    pub body: BodyStream,
    /// How long whoever is called may keep us waiting: for the next piece of the body to be taken,
    /// for the answer to begin, and for the next piece of that.
    pub wait: Duration,
    /// The most bytes of an answer.
    pub bytes_max: usize,
}

/// What came back, whatever it is. Redirects were not followed.
#[derive(Debug)]
pub struct Returned {
    /// The HTTP status.
    pub status: StatusCode,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, within the limits of the call.
    pub body: BodyStream,
}

/// Why nothing came back. The words are for an operator; they name no address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Missed {
    /// There is nobody to be called, or nobody there.
    Unreachable(String),
    /// One of both does not believe that the other is who it says.
    Untrusted(String),
    /// No answer began in time.
    TooSlow,
    /// What came back is no answer, or broke off before it began.
    NoAnswer(String),
    /// The body of the call could not be read to its end: this is whose fault it is.
    Body(StreamError),
}

/// Carries calls to somebody else.
pub type Relay = Arc<
    dyn Fn(Onward) -> Pin<Box<dyn Future<Output = Result<Returned, Missed>> + Send>> + Send + Sync,
>;

/// Makes a [`Relay`] of an async function.
pub fn relay<F, W>(work: F) -> Relay
where
    F: Fn(Onward) -> W + Send + Sync + 'static,
    W: Future<Output = Result<Returned, Missed>> + Send + 'static,
{
    Arc::new(move |onward| Box::pin(work(onward)))
}

impl fmt::Debug for Onward {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Onward").field("method", &self.method).finish_non_exhaustive()
    }
}
