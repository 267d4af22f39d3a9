//! Why there was no answer, in words for an operator. They name no address and quote nothing that
//! was sent.

use std::error::Error;
use std::{fmt, io};

use base::limit::PUSH_CONNECT_S_MAX;
use hyper_util::client::legacy;

/// Why no connection was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// The name of the host leads nowhere.
    NoAddress,
    /// It leads to addresses that may not be called.
    NotPublic,
    /// Nobody answered in time.
    TooSlow,
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAddress => f.write_str("the name of the host leads nowhere"),
            Self::NotPublic => f.write_str(
                "the host has no public address. hint: if it shall be called all the same, its \
                 endpoint is private",
            ),
            Self::TooSlow => write!(f, "no connection within {PUSH_CONNECT_S_MAX} s"),
        }
    }
}

impl Error for Trouble {}

/// The first error of a kind, of an error and what lies behind it.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        // What an input or output error wraps is not among its sources.
        let wrapped = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
        let wrapped = wrapped.and_then(|inner| find(inner));
        if let Some(found) = error.downcast_ref::<E>().or(wrapped) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

/// Whether it came to nothing because one of both did not believe the other.
pub(crate) fn is_of_trust(error: &legacy::Error) -> bool {
    use rustls::Error::{AlertReceived, InvalidCertificate, NoCertificatesPresented};
    let found = find::<rustls::Error>(error);
    matches!(found, Some(AlertReceived(_) | InvalidCertificate(_) | NoCertificatesPresented))
}

/// Why a request came to nothing.
pub(crate) fn why(error: &legacy::Error) -> String {
    because(if error.is_connect() { "no connection" } else { "no whole answer" }, error)
}

/// What came of it, and why, as far as an error and what lies behind it say so.
pub(crate) fn because(what: &str, error: &(dyn Error + 'static)) -> String {
    let mut next = Some(error);
    let mut known = None;
    while let Some(error) = next {
        known = reason(error).or(known);
        next = error.source();
    }
    known.map_or_else(|| what.to_owned(), |known| format!("{what}: {known}"))
}

/// What an error says, if it is of a kind that says something.
fn reason(error: &(dyn Error + 'static)) -> Option<String> {
    if let Some(trouble) = error.downcast_ref::<Trouble>() {
        return Some(trouble.to_string());
    }
    if let Some(error) = error.downcast_ref::<rustls::Error>() {
        return Some(format!("TLS: {error}"));
    }
    if let Some(error) = error.downcast_ref::<io::Error>() {
        // What an input or output error wraps is not among its sources.
        let inner = error.get_ref().and_then(|inner| reason(inner));
        return Some(inner.unwrap_or_else(|| error.kind().to_string()));
    }
    let error = error.downcast_ref::<hyper::Error>()?;
    let word = match error {
        error if error.is_timeout() => "it took too long",
        error if error.is_parse() => "what came back is no HTTP",
        error if error.is_incomplete_message() => "the connection was closed before the answer",
        error if error.is_user() => "the body could not be read to its end",
        _ => return None,
    };
    Some(word.to_owned())
}
