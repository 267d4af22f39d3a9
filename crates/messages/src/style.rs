//! How the API words what goes wrong: as problems of RFC 9457.

use service::{Style, problem};

use crate::faults::{TABLE, incorrect};

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = Style {
    cors_headers: "authorization, content-type, content-encoding, message-to, message-from, \
        message-type, message-id, idempotency-key, conversation-id, in-reply-to, ordering-key, \
        x-request-id, x-correlation-id",
    ..problem::style(|fault, _| problem::render(fault, TABLE), |what| incorrect("broken-off", what))
};

#[cfg(test)]
mod tests;
