//! The word about what became of a message: `MCCI_IN010000UK13`.

use hl7v3::wrapper::{AckKind, Acknowledgement, Code};
use jiff::Timestamp;
use uuid::Uuid;

use super::wrap::Draft;
use super::{ACKNOWLEDGE, Partner, Reason, id_of};
use crate::system::System;

/// The code system of the reasons.
pub(super) const REASONS: &str = "2.16.840.1.113883.2.1.3.2.4.17.101";

/// A message, and what became of it.
pub(crate) struct About<'a> {
    /// Its id.
    pub(crate) of: &'a str,
    /// Why it was not done; nothing when it was.
    pub(crate) reason: Option<Reason>,
    /// Whether it was but a fragment.
    pub(crate) fragment: bool,
    /// When that was seen.
    pub(crate) at: Timestamp,
}

/// Tells a partner what became of its message: done, or not done for a reason.
///
/// # Errors
/// When this cannot be kept.
pub(crate) async fn acknowledge(
    system: &System,
    conversation: Uuid,
    to: &Partner,
    about: About<'_>,
) -> std::io::Result<()> {
    let code = about.reason.map_or("AA", Reason::code);
    let detail = about.reason.map(|reason| Code {
        code: reason.code().to_owned(),
        system: REASONS.to_owned(),
        display: reason.display().to_owned(),
        ..Code::default()
    });
    let acknowledgement = Acknowledgement {
        kind: if about.reason.is_some() { AckKind::Error } else { AckKind::Accept },
        of: about.of.to_owned(),
        details: detail.into_iter().collect(),
    };
    let what = match (about.reason, about.fragment) {
        (None, false) => "MCCI_IN010000UK13: the record is in its place",
        (None, true) => "MCCI_IN010000UK13: the fragment is here",
        (Some(_), _) => "MCCI_IN010000UK13: no, and why",
    };
    let draft = Draft {
        id: id_of(&["acknowledgement", &conversation.to_string(), about.of, code]),
        conversation,
        to,
        interaction: ACKNOWLEDGE,
        what: what.to_owned(),
        at: about.at,
    };
    system.post(&draft.letter(system, Some(acknowledgement), None, Vec::new())).await
}
