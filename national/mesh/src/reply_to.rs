//! Answers: which earlier message a message answers.
//!
//! Either its sender says so (`Mex-In-Reply-To`, an extension of ours), or it follows the
//! convention for business acknowledgements: its workflow is that of the message it answers with
//! `_ACK` behind, and its local id is the id or the local id of that message.

use base::Fault;
use broker::{Broker, Envelope, Refused, Tracked};
use store::messages::MessageId;

use crate::envelope::Control;
use crate::faults::{incorrect, not_sent};
use crate::house::House;

const ACKNOWLEDGEMENT: &str = "_ACK";

/// The envelope, with what it answers and the conversation of that, if it answers something.
///
/// # Errors
/// When its sender says that it answers something that they never got.
pub(crate) fn answering(
    house: &House,
    control: &Control,
    envelope: Envelope,
) -> Result<Envelope, Fault> {
    let asked = if control.in_reply_to.is_empty() {
        acknowledged(house, control, &envelope)?
    } else {
        let id = broker::read_id(&control.in_reply_to);
        let asked = id.map_or(Ok(None), |id| got(house, id, &envelope.from))?;
        Some(asked.ok_or_else(|| incorrect("MALFORMED"))?)
    };
    let Some(asked) = asked else { return Ok(envelope) };
    let conversation = if envelope.conversation.is_empty() {
        Broker::conversation_of(asked.id, &asked.envelope)
    } else {
        envelope.conversation.clone()
    };
    Ok(Envelope { in_reply_to: Some(asked.id.into()), conversation, ..envelope })
}

/// The message that a business acknowledgement is about.
fn acknowledged(
    house: &House,
    control: &Control,
    envelope: &Envelope,
) -> Result<Option<Tracked>, Fault> {
    let Some(workflow) = control.workflow.strip_suffix(ACKNOWLEDGEMENT) else { return Ok(None) };
    if control.local_id().is_empty() {
        return Ok(None);
    }
    let by_id = broker::read_id(control.local_id());
    let by_id = by_id.map_or(Ok(None), |id| got(house, id, &envelope.from))?;
    let theirs = |asked: &Tracked| asked.envelope.kind == workflow;
    if by_id.as_ref().is_some_and(theirs) {
        return Ok(by_id);
    }
    let found = house.broker.track_local(&envelope.to, control.local_id()).map_err(not_sent)?;
    let mut found = found.into_iter().rev();
    Ok(found.find(|asked| theirs(asked) && has(asked, &envelope.from)))
}

/// A message, if a mailbox got it.
fn got(house: &House, id: MessageId, mailbox: &str) -> Result<Option<Tracked>, Fault> {
    match house.broker.track(id) {
        Ok(asked) => Ok(Some(asked).filter(|asked| has(asked, mailbox))),
        Err(Refused::NotFound) => Ok(None),
        Err(error) => Err(not_sent(error)),
    }
}

fn has(asked: &Tracked, mailbox: &str) -> bool {
    asked.deliveries.iter().any(|delivery| delivery.recipient == mailbox)
}
