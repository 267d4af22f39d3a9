//! A message cannot be sent: the broker does not take it, or its time is over.

use jiff::Timestamp;

use super::acknowledge::About;
use super::{ACKNOWLEDGE, COMMON, EXTRACT, Partner, Reason, acknowledge};
use crate::outbox::Letter;
use crate::system::System;
use crate::transfer::{Transfer, Way};

/// Whether a message is still worth sending: no fragments once a transfer came to an end.
///
/// # Errors
/// When that cannot be seen.
pub(crate) async fn is_wanted(system: &System, letter: &Letter) -> std::io::Result<bool> {
    if letter.interaction != COMMON {
        return Ok(true);
    }
    let known = system.transfer(letter.conversation).await?;
    Ok(known.is_some_and(|known| known.is_open()))
}

/// The other practice must not wait for what cannot be sent.
///
/// # Errors
/// When this cannot be kept.
pub(crate) async fn not_taken(
    system: &System,
    letter: &Letter,
    status: u16,
) -> std::io::Result<()> {
    tracing::warn!(status, interaction = letter.interaction, "a message could not be sent");
    let known = system.transfer(letter.conversation).await?;
    let known = known.filter(|known| known.is_open() && letter.interaction != ACKNOWLEDGE);
    let Some(transfer) = known else { return Ok(()) };
    let reason = match letter.interaction.as_str() {
        EXTRACT => Some(Reason::NotGenerated),
        COMMON => Some(Reason::LargeMessage),
        _ => None,
    };
    if let Some(reason) = reason.filter(|_| transfer.way == Way::Out) {
        let (of, at) = (&transfer.request_message, letter.at);
        let about = About { of, reason: Some(reason), fragment: false, at };
        acknowledge(system, letter.conversation, &letter.to, about).await?;
    }
    system.ended(letter.conversation, &format!("not-taken-{status}")).await
}

/// Not all of a record came in time.
///
/// # Errors
/// When this cannot be kept.
pub(crate) async fn too_late(
    system: &System,
    partner: &Partner,
    transfer: &Transfer,
    at: Timestamp,
) -> std::io::Result<()> {
    let (of, reason) = (&transfer.extract, Some(Reason::TimedOut));
    let about = About { of, reason, fragment: false, at };
    acknowledge(system, transfer.conversation, partner, about).await?;
    transfer.forget_pieces(system).await
}
