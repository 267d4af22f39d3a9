//! The word about what became of a message: `MCCI_IN010000UK13`.

use desk::{Answer, Conversation, Trouble};
use hl7v3::wrapper::{AckKind, Acknowledgement, Code};

use super::envelope::{Manner, Outgoing};
use super::wrap::wrap;
use super::{ACKNOWLEDGE, Partner, Reason, post};
use crate::system::System;

/// The code system of the reasons.
const REASONS: &str = "2.16.840.1.113883.2.1.3.2.4.17.101";

/// Tells a partner what became of its message: done, or not done for a reason.
///
/// # Errors
/// Why no answer came.
pub(super) async fn acknowledge(
    system: &System,
    conversation: &Conversation,
    to: &Partner,
    of: &str,
    reason: Option<Reason>,
) -> Result<Answer, Trouble> {
    let detail = reason.map(|reason| Code {
        code: reason.code().to_owned(),
        system: REASONS.to_owned(),
        display: reason.display().to_owned(),
        ..Code::default()
    });
    let acknowledgement = Acknowledgement {
        kind: if reason.is_some() { AckKind::Error } else { AckKind::Accept },
        of: of.to_owned(),
        details: detail.into_iter().collect(),
    };
    let message = wrap(&system.desk, ACKNOWLEDGE, to, Some(acknowledgement), None);
    let what = match reason {
        None => "MCCI_IN010000UK13: the record is in its place",
        Some(_) => "MCCI_IN010000UK13: no, and why",
    };
    let outgoing = Outgoing { to, what, message, manner: Manner::Usual };
    post(&system.desk, &system.handler, conversation, outgoing).await
}
