//! The work on a message that arrived: what it is decides who does it.

use desk::Conversation;
use hl7v3::ebxml::Package;
use hl7v3::wrapper::Transmission;
use hl7v3::xml;
use jiff::Timestamp;
use uuid::Uuid;

use super::acknowledge::About;
use super::fragment::{self, Said};
use super::{
    ACKNOWLEDGE, COMMON, EXTRACT, Partner, REQUEST, Reason, acknowledge, answer, integrate,
    proceed, settle,
};
use crate::inbox::Arrival;
use crate::system::System;

/// A step of the work. It may be done again after a crash, and then does the same: all that it
/// makes follows from what is here.
pub(super) struct Step<'a> {
    pub(super) system: &'a System,
    pub(super) conversation: Uuid,
    /// The id of the message, in its envelope.
    pub(super) message: &'a str,
    /// From whom it is.
    pub(super) from: &'a Partner,
    /// When it came.
    pub(super) at: Timestamp,
    /// Whether this is the last attempt.
    pub(super) last: bool,
}

impl Step<'_> {
    /// How long an extract and a fragment may be under way to here, in seconds.
    pub(super) async fn persist(&self) -> (i64, i64) {
        let conversation = Conversation::new(self.conversation);
        let extract = self.system.persist_s(&conversation, EXTRACT).await;
        (extract, self.system.persist_s(&conversation, COMMON).await)
    }

    /// Says that the folder failed.
    #[expect(clippy::needless_pass_by_value, reason = "it maps errors")]
    pub(super) fn failed(error: std::io::Error) -> String {
        format!("the folder: {error}")
    }
}

/// Works on a message. What nobody understands is left.
///
/// # Errors
/// When it cannot be done now.
pub(crate) async fn work(
    system: &System,
    arrival: &Arrival,
    body: &[u8],
    last: bool,
) -> Result<(), String> {
    let Ok(package) = Package::read(&arrival.content_type, body) else { return Ok(()) };
    let payload = package.payload().map_or(&[][..], |part| &part.body);
    let Ok(root) = xml::parse(payload) else { return Ok(()) };
    let Ok(message) = Transmission::read(root) else { return Ok(()) };
    let Ok(conversation) = Uuid::parse_str(&package.message.header.conversation) else {
        return Ok(());
    };
    let (message_id, from, at) = (arrival.id.to_uppercase(), &arrival.from, arrival.at);
    let step = Step { system, conversation, message: &message_id, from, at, last };
    match message.interaction.extension.as_str() {
        REQUEST => answer::answer(&step, &message).await,
        EXTRACT => integrate::integrate(&step, &package, &message).await,
        ACKNOWLEDGE => settle::settle(&step, &message).await,
        COMMON => match fragment::read(&message) {
            Some(Said::Continue) => proceed::proceed(&step).await,
            Some(Said::Fragment) => integrate::add(&step, &package, &message).await,
            None => {
                let reason = Some(Reason::LargeMessage);
                let about = About { of: &message.id, reason, fragment: true, at };
                acknowledge(system, conversation, from, about).await.map_err(Step::failed)
            }
        },
        _ => Ok(()),
    }
}
