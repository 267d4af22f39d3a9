//! The channel of a subscription: where its events go.
//!
//! `mesh://<mailbox>?workflow_id=<workflow>` is a mailbox. `webhook:<name>` is an endpoint of the
//! directory that events are pushed to; that one is ours, the national service has none like it.

use broker::Broker;
use security::Caller;
use store::messages::TOPIC_BYTES_MAX;

/// What the endpoint of a mailbox begins with.
const MESH: &str = "mesh://";
/// What stands between mailbox and workflow.
const WORKFLOW: &str = "?workflow_id=";
/// What the endpoint of a push begins with.
const WEBHOOK: &str = "webhook:";
/// What the endpoint of a queue of a cloud begins with.
const QUEUE: &str = "arn:";

/// Where events go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Channel {
    /// The word for the kind of channel.
    pub(crate) kind: &'static str,
    /// The mailbox or endpoint.
    pub(crate) deliver: String,
    /// The workflow that events arrive under in a mailbox; empty for a push.
    pub(crate) workflow: String,
}

impl Channel {
    /// Reads an endpoint.
    ///
    /// # Errors
    /// What is wrong with it.
    pub(crate) fn parse(text: &str) -> Result<Self, &'static str> {
        if let Some(rest) = text.strip_prefix(MESH) {
            let (mailbox, workflow) = rest.split_once(WORKFLOW).unwrap_or_default();
            let word = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
            let fits = !mailbox.is_empty()
                && mailbox.bytes().all(word)
                && (1..=TOPIC_BYTES_MAX).contains(&workflow.len())
                && workflow.bytes().all(|byte| word(byte) || matches!(byte, b'.' | b'-'));
            let (deliver, workflow) = (mailbox.to_ascii_uppercase(), workflow.to_owned());
            return if fits { Ok(Self { kind: "MESH", deliver, workflow }) } else { Err(FORMS) };
        }
        match text.strip_prefix(WEBHOOK) {
            Some("") => Err(FORMS),
            Some(name) => {
                Ok(Self { kind: "webhook", deliver: name.to_owned(), workflow: String::new() })
            }
            None if text.starts_with(QUEUE) => Err(NO_QUEUES),
            None => Err(FORMS),
        }
    }

    /// Whether the caller may have events delivered there: the place is its organisation's own,
    /// and takes them. At an open door any place will do.
    ///
    /// # Errors
    /// Why not. It does not tell whether somebody else has such a place.
    pub(crate) fn check(&self, broker: &Broker, caller: &Caller) -> Result<(), &'static str> {
        let table = broker.directory().table();
        let own = |organisation: &str| {
            caller.has(Caller::OPEN)
                || (!organisation.is_empty()
                    && organisation.eq_ignore_ascii_case(&caller.organisation))
        };
        let mailbox = table.mailbox(&self.deliver);
        if self.kind == "webhook" {
            let endpoint = table.endpoint(&self.deliver);
            // A name that both have would be delivered to the mailbox.
            return match endpoint.filter(|one| mailbox.is_none() && own(&one.organisation)) {
                None => Err("Your organisation has no such webhook endpoint"),
                Some(endpoint) if endpoint.closed => Err("The webhook endpoint is closed"),
                Some(_) => Ok(()),
            };
        }
        let mailbox = mailbox.filter(|one| own(&one.organisation)).ok_or(NO_MAILBOX)?;
        if mailbox.closed {
            return Err("The MESH mailbox is closed");
        }
        let receivers = table.workflow(&self.workflow).map(|known| known.receivers.as_slice());
        let among = |list: &[String]| {
            list.is_empty() || list.iter().any(|one| one.eq_ignore_ascii_case(&self.deliver))
        };
        if receivers.is_none_or(among) { Ok(()) } else { Err(NOT_THE_WORKFLOW) }
    }
}

const FORMS: &str = "Please provide mesh://<mailbox>?workflow_id=<workflow>, or webhook:<endpoint>";
const NO_QUEUES: &str = "Queues (arn:) are not delivered to here. Please provide \
    mesh://<mailbox>?workflow_id=<workflow>, or webhook:<endpoint>";
const NO_MAILBOX: &str = "Your organisation has no such MESH mailbox";
const NOT_THE_WORKFLOW: &str = "The MESH mailbox may not receive this workflow";

#[cfg(test)]
mod tests;
