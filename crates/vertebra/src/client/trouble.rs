//! Why a call came to nothing, in words for whoever typed it.

use std::fmt;

use serde_json::Value;

use super::Answer;

/// Why a call came to nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Trouble {
    /// No whole answer came: the other side may have done what it was asked, or not.
    Unanswered(String),
    /// The other side said no.
    Refused {
        /// The HTTP status.
        status: u16,
        /// The code of the error, if the other side gave one.
        code: String,
        /// What it said.
        text: String,
        /// When it wants to be asked again, in seconds.
        retry_after_s: Option<u64>,
    },
    /// Something on this side is in the way, such as a file.
    Here(String),
    /// It was told to stop.
    Halted,
}

/// How much of an answer that is no JSON is shown, in characters.
const QUOTED_MAX: usize = 200;

impl Trouble {
    /// No answer came from an address.
    pub(crate) fn unanswered(base: &str, error: &ureq::Error) -> Self {
        use ureq::Error::{HostNotFound, Io, Rustls, Tls};
        let hint = match error {
            Tls(_) | Rustls(_) => "--ca FILE names the authority to trust",
            Io(error) if is::<Stopped>(error) => return Self::Halted,
            Io(error) if is::<rustls::Error>(error) => "--ca FILE names the authority to trust",
            Io(_) | HostNotFound => "is it serving there? `vertebra serve --demo` starts one",
            _ => "is it an exchange that serves there?",
        };
        Self::Unanswered(format!("no answer from {base}: {error}. hint: {hint}"))
    }

    /// An answer that did not come to its end.
    pub(crate) fn broken_off(error: &dyn fmt::Display) -> Self {
        Self::Unanswered(format!("the answer broke off: {error}"))
    }

    /// Something is in the way of a file.
    pub(crate) fn file(path: &std::path::Path, error: &std::io::Error) -> Self {
        Self::Here(format!("{}: {error}", path.display()))
    }

    /// What the other side said when it said no.
    pub(crate) fn refused(answer: Answer) -> Self {
        let status = answer.status;
        let retry_after_s = answer.header("retry-after").parse().ok();
        // Whatever hinders reading it, the status says the most.
        let body = answer.text().unwrap_or_default();
        let (code, text) = words(&body);
        Self::Refused { status, code, text, retry_after_s }
    }

    /// Whether the same call may go well later.
    pub(crate) fn may_pass(&self) -> bool {
        match self {
            Self::Unanswered(_) | Self::Halted => true,
            Self::Refused { status, .. } => matches!(status, 425 | 429 | 502 | 503 | 504),
            Self::Here(_) => false,
        }
    }

    /// The status of an answer that said no.
    pub(crate) fn status(&self) -> Option<u16> {
        if let Self::Refused { status, .. } = self { Some(*status) } else { None }
    }

    /// When the other side wants to be asked again, in seconds.
    pub(crate) fn retry_after_s(&self) -> Option<u64> {
        if let Self::Refused { retry_after_s, .. } = self { *retry_after_s } else { None }
    }
}

/// Whether another error stands behind one of input and output.
fn is<E: std::error::Error + 'static>(error: &std::io::Error) -> bool {
    error.get_ref().is_some_and(<dyn std::error::Error + Send + Sync>::is::<E>)
}

/// How a reader is told to stop, through the libraries between.
#[derive(Debug)]
pub(crate) struct Stopped;

impl fmt::Display for Stopped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("stopped")
    }
}

impl std::error::Error for Stopped {}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Unanswered(text) | Self::Here(text) => f.write_str(text),
            Self::Halted => f.write_str("told to stop before it was done"),
            Self::Refused { status, code, text, retry_after_s } => {
                let coded = if code.is_empty() { String::new() } else { format!(", {code}") };
                write!(f, "the exchange said no ({status}{coded})")?;
                if !text.is_empty() {
                    write!(f, ": {text}")?;
                }
                match (hint(*status, code), retry_after_s) {
                    (Some(hint), _) => write!(f, ". hint: {hint}"),
                    (None, Some(wait)) => write!(f, ". hint: try again in {wait} s"),
                    (None, None) => Ok(()),
                }
            }
        }
    }
}

impl From<Trouble> for String {
    fn from(trouble: Trouble) -> Self {
        trouble.to_string()
    }
}

fn hint(status: u16, code: &str) -> Option<&'static str> {
    match status {
        417 if code == "12" => Some("is the name of the mailbox right?"),
        417 if matches!(code, "16" | "17") => {
            Some("the directory says who may send and who may get a workflow; are both right?")
        }
        300..=399 => Some("the address has moved: name the new one with --url"),
        401 => Some("name a bearer token with --token-file, or the demonstration with --data"),
        403 => Some("are the credentials right, this machine's clock, and what they may do?"),
        _ => None,
    }
}

/// The code and the words of an error, in any of the forms that exchanges use.
fn words(body: &str) -> (String, String) {
    let Ok(body) = serde_json::from_str::<Value>(body) else {
        return (String::new(), quoted(body));
    };
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    match body.get("detail") {
        // A list of mistakes: {event, code, msg} or {type, loc, msg}.
        Some(Value::Array(list)) => {
            let code = list.first().map(|one| text(one, "code")).unwrap_or_default();
            let said: Vec<String> = list.iter().map(mistake).collect();
            (code, said.join("; "))
        }
        // A problem document, or the plain form of unknown paths.
        Some(Value::String(detail)) => (text(&body, "code"), detail.clone()),
        _ => {
            // A mailbox's, that of plain HTTP, or OAuth's.
            let first = |names: [&str; 3]| {
                let mut found = names.iter().map(|name| text(&body, name));
                found.find(|text| !text.is_empty()).unwrap_or_default()
            };
            let said = first(["errorDescription", "title", "error_description"]);
            (first(["errorCode", "code", "error"]), said)
        }
    }
}

/// One mistake of a list, with the place where it was made.
fn mistake(one: &Value) -> String {
    let said = one.get("msg").and_then(Value::as_str).unwrap_or_default();
    let place = one.get("loc").and_then(Value::as_array).and_then(|loc| loc.last()?.as_str());
    place.map_or_else(|| said.to_owned(), |place| format!("{place}: {said}"))
}

/// The beginning of a text, on one line.
fn quoted(text: &str) -> String {
    let line: Vec<&str> = text.split_whitespace().collect();
    line.join(" ").chars().filter(|c| !c.is_control()).take(QUOTED_MAX).collect()
}

#[cfg(test)]
mod tests;
