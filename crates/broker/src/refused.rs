//! Why the broker does not do something. Each wire words it in its own way.

use store::StoreError;
use store::messages::MessageId;

/// Why the broker does not do something.
#[derive(Debug)]
pub enum Refused {
    /// Nobody has that name.
    NoRecipient(String),
    /// The mailbox or endpoint is closed.
    Closed(String),
    /// The sender may not send that kind of message.
    SenderMayNot,
    /// The recipient may not get that kind of message.
    RecipientMayNot,
    /// There is no such message, or none that this caller may know of.
    NotFound,
    /// The message is somebody else's.
    NotYours,
    /// The message was there once: it has been acknowledged, given up or erased.
    Gone,
    /// It is not in a state in which that can be done; what state it is in.
    NotNow(&'static str),
    /// The same sender used the same name for another message.
    OtherContent(MessageId),
    /// A part beyond the number announced.
    NoSuchPart,
    /// Larger than is allowed.
    TooLarge,
    /// Too much at once: come back in so many seconds.
    Busy(u32),
    /// The disk is nearly full.
    Full,
    /// The store failed.
    Store(StoreError),
}

impl From<StoreError> for Refused {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => Self::Busy(1),
            StoreError::Full => Self::Full,
            other => Self::Store(other),
        }
    }
}

impl From<serde_json::Error> for Refused {
    fn from(error: serde_json::Error) -> Self {
        Self::Store(StoreError::Damaged(error.to_string()))
    }
}
