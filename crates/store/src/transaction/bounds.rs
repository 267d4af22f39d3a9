//! What a transaction may hold, whatever the engine.

use super::Transaction;
use crate::error::StoreError;
use crate::messages::{
    Accept, DELIVERIES_MAX, DeliveryId, LEASE_OWNER_BYTES_MAX, MESSAGE_BYTES_MAX, MessageId,
    RECIPIENT_BYTES_MAX, Status, Step, TOPIC_BYTES_MAX,
};
use crate::travels::{CONVERSATION_BYTES_MAX, LEG_BYTES_MAX};

/// Checks everything that can be checked without looking at what is there.
pub(crate) fn check(transaction: &Transaction) -> Result<(), StoreError> {
    transaction.accepts.iter().try_for_each(accept)?;
    transaction.steps.iter().try_for_each(step)?;
    for (lease, _) in &transaction.leases {
        at_most("the owner of a lane", lease.owner.len(), LEASE_OWNER_BYTES_MAX)?;
        number("the epoch of a lane", lease.epoch)?;
    }
    for leg in &transaction.legs {
        at_most("the name of a conversation", leg.conversation.len(), CONVERSATION_BYTES_MAX)?;
        at_most("a leg of a conversation", leg.body.len(), LEG_BYTES_MAX)?;
    }
    for (id, parts) in &transaction.contents {
        number("the id of a content", id.0)?;
        if *parts == 0 {
            return invalid("a content of no parts");
        }
    }
    Ok(())
}

fn accept(accept: &Accept) -> Result<(), StoreError> {
    let message = &accept.message;
    message_id(message.id)?;
    at_most("an envelope", message.envelope.len(), MESSAGE_BYTES_MAX)?;
    at_most("a body kept with its message", message.body.len(), MESSAGE_BYTES_MAX)?;
    at_most("deliveries", accept.deliveries.len(), DELIVERIES_MAX as usize)?;
    if message.content.is_some_and(|content| content.0 != message.id.0) {
        return invalid("a content with another number than its message");
    }
    accept.deliveries.iter().try_for_each(|opening| status(&opening.status))
}

fn step(step: &Step) -> Result<(), StoreError> {
    let DeliveryId(id) = step.delivery;
    message_id(step.delivery.message())?;
    if step.delivery.number() == 0 {
        return invalid(&format!("{id} as the id of a delivery"));
    }
    if step.expect == 0 && step.event.is_none() {
        return invalid("a new delivery without a first line of history");
    }
    if step.expect == u32::MAX {
        return invalid("a version beyond the last");
    }
    status(&step.status)
}

fn status(status: &Status) -> Result<(), StoreError> {
    at_most("a recipient", status.recipient.len(), RECIPIENT_BYTES_MAX)?;
    at_most("a topic", status.topic.len(), TOPIC_BYTES_MAX)?;
    at_most("the detail of a delivery", status.detail.len(), MESSAGE_BYTES_MAX)
}

fn message_id(id: MessageId) -> Result<(), StoreError> {
    if id.0 == 0 || id.0 & DELIVERIES_MAX != 0 {
        return invalid(&format!("{} as the id of a message", id.0));
    }
    number("the id of a message", id.0)
}

/// A number must fit a signed column.
fn number(what: &str, number: u64) -> Result<(), StoreError> {
    if i64::try_from(number).is_err() { invalid(&format!("{number} as {what}")) } else { Ok(()) }
}

fn at_most(what: &str, found: usize, most: usize) -> Result<(), StoreError> {
    if found > most { invalid(&format!("{what} of {found}, at most {most}")) } else { Ok(()) }
}

fn invalid(what: &str) -> Result<(), StoreError> {
    Err(StoreError::Invalid(what.to_owned()))
}
