//! How the broker's refusals are worded.

use broker::Refused;
use hl7v2::{Condition, Problem};
use store::StoreError;

/// From what the broker says to what the sender is told.
pub(crate) fn from_broker(refused: Refused) -> Problem {
    match refused {
        Refused::NoRecipient(_) => {
            Problem::reject(Condition::UnknownKey, 6, "nobody is called what MSH-5 and MSH-6 say")
        }
        Refused::Closed(_) => {
            Problem::reject(Condition::UnknownKey, 6, "the receiver takes no more messages")
        }
        Refused::SenderMayNot => Problem::reject(
            Condition::MessageType,
            9,
            "the sender may not send this kind of message",
        ),
        Refused::RecipientMayNot => Problem::reject(
            Condition::MessageType,
            9,
            "the receiver may not get this kind of message",
        ),
        Refused::OtherContent(_) => Problem::error(
            Condition::DuplicateKey,
            10,
            "the control id was used for another message",
        ),
        Refused::TooLarge | Refused::NoSuchPart => {
            Problem::reject(Condition::Internal, 0, "the message is beyond a limit")
        }
        Refused::Busy(_) | Refused::Store(StoreError::Busy | StoreError::Stopped) => {
            Problem::error(Condition::Internal, 0, "too much is asked at once: send it again")
        }
        Refused::Full | Refused::Store(StoreError::Full) => {
            Problem::error(Condition::Internal, 0, "there is no room: send it again later")
        }
        other => broken(&other),
    }
}

/// The house is at fault.
pub(crate) fn broken(cause: &dyn std::fmt::Debug) -> Problem {
    tracing::error!(?cause, "a message could not be taken");
    Problem::error(Condition::Internal, 0, "the exchange is at fault: send it again")
}
