//! What the audit trail says of who made a request: the same for every API.

use jiff::Timestamp;
use security::Mode;
use store::{Access, Audit};

use crate::Request;

/// How long a trace id and a span id are, in hexadecimal digits.
const TRACE_DIGITS: usize = 32;
const SPAN_DIGITS: usize = 16;

impl Request {
    /// The beginning of an audit line: when, who, and in which trace. What was done to whose
    /// record is for the API to say. A patient who calls is there under the keyed hash, as
    /// everywhere on the chain.
    pub fn access(&self, audit: &Audit<'_>, at: Timestamp) -> Access {
        let caller = &self.caller;
        let user = match caller.mode {
            Mode::Patient => audit.pseudonym(caller.patient.as_deref().unwrap_or(&caller.user)),
            _ => caller.user.clone(),
        };
        Access {
            at,
            mode: caller.mode.name().into(),
            client: caller.client.clone(),
            organisation: caller.organisation.clone(),
            system: caller.system.clone(),
            user,
            trace: self.trace_id().unwrap_or_default().to_owned(),
            purpose: purpose(caller.mode).to_owned(),
            ..Access::default()
        }
    }

    /// The trace that the caller says the request belongs to: `trace-id` of
    /// <https://www.w3.org/TR/trace-context/#traceparent-header>. Nothing when there is no such
    /// header or it is malformed.
    pub fn trace_id(&self) -> Option<&str> {
        let mut parts = self.header("traceparent")?.split('-');
        let (version, trace, span) = (parts.next()?, parts.next()?, parts.next()?);
        let known = is_hex(version, 2) && version != "ff";
        let named = is_id(trace, TRACE_DIGITS) && is_id(span, SPAN_DIGITS);
        (known && named && parts.next().is_some()).then_some(trace)
    }
}

/// Why somebody calls, where how they were let in says so: a signed-in patient asks for themselves.
/// Of the others no wire gives a reason, and none is made up. Codes:
/// <https://terminology.hl7.org/CodeSystem-v3-ActReason.html>.
fn purpose(mode: Mode) -> &'static str {
    if mode == Mode::Patient { "PATRQT" } else { "" }
}

/// Whether a text is so many digits of an id, which is never all noughts.
fn is_id(text: &str, digits: usize) -> bool {
    is_hex(text, digits) && text.bytes().any(|byte| byte != b'0')
}

fn is_hex(text: &str, digits: usize) -> bool {
    text.len() == digits && text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests;
