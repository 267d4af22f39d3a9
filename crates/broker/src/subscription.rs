//! Subscriptions: who wants to be told of which events, and where.

use serde::{Deserialize, Serialize};

/// The kind of directory record that a subscription is.
pub const SUBSCRIPTION: &str = "subscription";

/// Somebody wants to be told of events.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subscription {
    /// Its id.
    pub id: String,
    /// Who asked for it: a client, or the organisation in whose name it was applied.
    pub owner: String,
    /// The type of event.
    pub event: String,
    /// What the event must say as well: pairs of attribute and value. All must fit, whatever
    /// the case of the attribute's name.
    #[serde(default)]
    pub filters: Vec<(String, String)>,
    /// The mailbox or endpoint that gets the events.
    pub deliver: String,
    /// The kind of message that an event arrives as; the type of event when empty.
    #[serde(default)]
    pub kind: String,
    /// The media type that the events are wanted in; the usual one when empty.
    #[serde(default)]
    pub media_type: String,
    /// What else the API says that took it, as JSON text that only that API understands.
    #[serde(default)]
    pub document: String,
}

impl Subscription {
    /// Whether an event is wanted.
    pub(crate) fn wants(&self, event: &str, attributes: &[(String, String)]) -> bool {
        let says = |(name, value): &(String, String)| {
            attributes.iter().any(|(known, said)| known.eq_ignore_ascii_case(name) && said == value)
        };
        self.event == event && self.filters.iter().all(says)
    }
}
