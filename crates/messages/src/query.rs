//! What callers say in queries and in small JSON bodies.

use base::Fault;
use base::limit::{MESSAGES_A_PAGE_MAX, REASON_BYTES_MAX};
use serde::de::DeserializeOwned;
use service::Request;

use crate::faults::incorrect;

/// A JSON body; an empty one says nothing, as `{}` does.
///
/// # Errors
/// When it is not what it should be.
pub(crate) fn body<T: DeserializeOwned>(request: &Request) -> Result<T, Fault> {
    let bytes: &[u8] = if request.body.is_empty() { b"{}" } else { &request.body };
    serde_json::from_slice(bytes).map_err(|error| {
        // The text of the error may quote the body; where it went wrong says enough.
        let (line, column) = (error.line(), error.column());
        incorrect("invalid-body", format!("line {line}, column {column} is not as it should be"))
    })
}

/// A reason that somebody gives.
///
/// # Errors
/// When it is too long.
pub(crate) fn reason(why: &str) -> Result<(), Fault> {
    if why.len() > REASON_BYTES_MAX || why.chars().any(char::is_control) {
        let why = format!("why is one line of at most {REASON_BYTES_MAX} bytes");
        return Err(incorrect("invalid-body", why));
    }
    Ok(())
}

/// Lets only these parameters pass, each at most once.
///
/// # Errors
/// The first that may not be.
pub(crate) fn only(request: &Request, known: &[&str]) -> Result<(), Fault> {
    for (at, (name, _)) in request.query.iter().enumerate() {
        let again = request.query.iter().take(at).any(|(other, _)| other == name);
        if again || !known.contains(&name.as_str()) {
            let known = known.join(", ");
            let why = format!("each of these at most once, and no other: {known}");
            return Err(incorrect("invalid-parameter", why));
        }
    }
    Ok(())
}

/// The value of a parameter; nothing when it is absent or empty.
pub(crate) fn value<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.query.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
}

/// The value of a parameter, understood.
///
/// # Errors
/// When it is not understood.
pub(crate) fn parsed<T>(
    request: &Request,
    name: &str,
    hint: &str,
    parse: impl Fn(&str) -> Option<T>,
) -> Result<Option<T>, Fault> {
    let Some(text) = value(request, name) else { return Ok(None) };
    let known = parse(text);
    known.map(Some).ok_or_else(|| incorrect("invalid-parameter", format!("{name}: {hint}")))
}

/// How many entries a page may have.
///
/// # Errors
/// When it is no number, or none that may be.
pub(crate) fn most(request: &Request) -> Result<usize, Fault> {
    let hint = format!("a number from 1 to {MESSAGES_A_PAGE_MAX}");
    let number =
        |text: &str| text.parse().ok().filter(|number| (1..=MESSAGES_A_PAGE_MAX).contains(number));
    Ok(parsed(request, "most", &hint, number)?.unwrap_or(MESSAGES_A_PAGE_MAX))
}
