//! Signals that come in: the word that a message has arrived at its party, or could not be taken
//! there. They are passed on to its sender.

use hl7v3::ebxml::{Content, Message};
use http::StatusCode;
use service::Reply;

use super::check::{Objection, unknown};
use super::faults;
use super::receive::Incoming;
use super::words::codes;

/// Takes a signal on.
pub(super) async fn take(incoming: &Incoming<'_>, signal: &Message) -> Result<Reply, Objection> {
    let (house, header) = (incoming.house, &signal.header);
    let about = match &signal.content {
        Content::Acknowledgment(it) => Some(it.ref_to.as_str()),
        _ => header.ref_to.as_deref(),
    };
    let not_known = || unknown("eb:RefToMessageId", "no such message was sent to this party");
    let about = house.sent(&header.to.id, about.unwrap_or_default())?.ok_or_else(not_known)?;
    let asked = house.broker.track(about).map_err(faults::from_broker)?;
    // Who got a message of one conversation has no say in another.
    let of_it = asked.envelope.conversation.eq_ignore_ascii_case(&header.conversation);
    if asked.envelope.to != header.from.id || !of_it {
        return Err(not_known());
    }
    let mut envelope = incoming.envelope(header)?;
    envelope.conversation = asked.envelope.conversation;
    envelope.in_reply_to = Some(about.into());
    envelope.acknowledges = matches!(signal.content, Content::Acknowledgment(_));
    match codes(&signal.content) {
        Some(codes) => envelope.refuses = format!("a message error: {codes}"),
        // A warning is passed on, and says nothing of whether the message arrived.
        None if !envelope.acknowledges => envelope.in_reply_to = None,
        None => {}
    }
    incoming.accept(envelope, true).await?;
    Ok(Reply::empty(StatusCode::ACCEPTED))
}
