//! What is known of a message beside its body. Written once, when it is accepted.

use serde::{Deserialize, Serialize};
use store::messages::MessageId;

/// What is known of a message beside its body.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    /// The door that it came in by: `mesh`, `http`, `event`, or `broker` for its own reports.
    #[serde(rename = "w")]
    pub wire: String,
    /// Who sent it: a mailbox, or whatever name the door gives its caller.
    #[serde(rename = "f")]
    pub from: String,
    /// Who shall get it, as the sender put it.
    #[serde(rename = "t")]
    pub to: String,
    /// What kind of message it is: the workflow, the interaction, the type of event.
    #[serde(rename = "k")]
    pub kind: String,
    /// The sender's own name for it.
    #[serde(rename = "l", default, skip_serializing_if = "String::is_empty")]
    pub local_id: String,
    /// Groups what belongs together; its own id when nobody said otherwise.
    #[serde(rename = "c", default, skip_serializing_if = "String::is_empty")]
    pub conversation: String,
    /// The message that it answers, acknowledges or reports on.
    #[serde(rename = "r", default, skip_serializing_if = "Option::is_none")]
    pub in_reply_to: Option<Number>,
    /// Messages with the same key go to an endpoint one after the other, where a route asks for
    /// it.
    #[serde(rename = "o", default, skip_serializing_if = "String::is_empty")]
    pub ordering_key: String,
    /// The media type of the body; empty when the sender gave none.
    #[serde(rename = "m", default, skip_serializing_if = "String::is_empty")]
    pub media_type: String,
    /// How the body is encoded as it is kept, such as `gzip`; empty for not.
    #[serde(rename = "e", default, skip_serializing_if = "String::is_empty")]
    pub encoding: String,
    /// How many bytes the body has, as announced or as received.
    #[serde(rename = "b", default)]
    pub bytes: u64,
    /// How many parts a large body has; 1 for any other.
    #[serde(rename = "p", default = "one", skip_serializing_if = "is_one")]
    pub parts: u32,
    /// What else the wire says of it, as pairs that only that wire understands.
    #[serde(rename = "x", default, skip_serializing_if = "Vec::is_empty")]
    pub extra: Vec<(String, String)>,
    /// What it reports, when it is the broker's own report on another message.
    #[serde(rename = "n", default, skip_serializing_if = "Option::is_none")]
    pub report: Option<Report>,
    /// Whether it only says that the message it replies to has arrived; it is no answer to it.
    #[serde(rename = "a", default, skip_serializing_if = "is_not")]
    pub acknowledges: bool,
    /// Why the receiver of the message that it replies to does not want that, in codes; empty when
    /// it says no such thing.
    #[serde(rename = "rf", default, skip_serializing_if = "String::is_empty")]
    pub refuses: String,
    /// How its sender wants it to be tried again; as the house does when nothing is said.
    #[serde(rename = "pc", default, skip_serializing_if = "Option::is_none")]
    pub pace: Option<Pace>,
    /// W3C trace context of the request that brought it.
    #[serde(rename = "tp", default, skip_serializing_if = "String::is_empty")]
    pub traceparent: String,
}

/// How a message is tried again that did not arrive, or that nobody acknowledged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pace {
    /// How often, after the first time.
    pub retries: u32,
    /// How long to wait before that, in seconds.
    pub every_s: u32,
    /// When it is given up, in seconds from its acceptance.
    pub within_s: u32,
}

/// A message id inside an envelope.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Number(pub u64);

impl From<MessageId> for Number {
    fn from(id: MessageId) -> Self {
        Self(id.0)
    }
}

impl From<Number> for MessageId {
    fn from(number: Number) -> Self {
        Self(number.0)
    }
}

/// What the broker tells a sender about a message that did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The message.
    pub about: Number,
    /// Why it did not arrive.
    pub reason: Reason,
    /// The same in words, without patient data.
    pub text: String,
}

/// Why a message did not arrive.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Reason {
    /// Nobody fetched and acknowledged it in time.
    NotCollected,
    /// It could not be pushed in time.
    NotDelivered,
    /// The receiver refused it.
    Refused,
    /// It had nowhere to go; the code is that of whoever looked for the recipient.
    NoRecipient(String),
}

impl Envelope {
    /// Reads one from the ledger.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(bytes: &[u8]) -> Result<Self, serde_json::Error> {
        serde_json::from_slice(bytes)
    }

    /// The value of a pair that only its wire understands.
    pub fn extra(&self, name: &str) -> Option<&str> {
        let found = self.extra.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether it is a report on another message.
    pub fn is_report(&self) -> bool {
        self.report.is_some()
    }
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_not(flag: &bool) -> bool {
    !flag
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_one(parts: &u32) -> bool {
    *parts == 1
}
