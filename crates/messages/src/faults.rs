//! The published table of errors, and how the broker's refusals are worded.

use base::{Fault, Kind};
use broker::{Refused, write_id};
use service::FaultRow;
use service::problem::row;
use store::StoreError;

/// Every error that the API can answer with.
#[rustfmt::skip]
pub(crate) const TABLE: &[FaultRow] = &[
    row("missing-header", 400, "A header that must be there is missing."),
    row("invalid-header", 400, "The value of a header is not one that is taken."),
    row("invalid-parameter", 400, "A parameter of the query is not known, or its value is not one that is taken."),
    row("invalid-body", 400, "The body is not what it should be."),
    row("broken-off", 400, "The body ended before its end."),
    row("unauthenticated", 401, "Nobody knows who is calling."),
    row("forbidden", 403, "The caller may not do this."),
    row("sender-not-yours", 403, "The caller may not send in this name."),
    row("not-permitted", 403, "This sender and this recipient may not exchange this kind of message."),
    row("not-found", 404, "There is no such thing, or none that the caller may know of."),
    row("unknown-path", 404, "There is no such path."),
    row("unknown-method", 405, "The path does not take this method."),
    row("too-slow", 408, "It took too long."),
    row("not-now", 409, "It is not in a state in which this can be done."),
    row("other-content", 409, "The same sender used the same name for another message."),
    row("gone", 410, "The body was erased: its time was over."),
    row("too-large", 413, "The request is beyond a limit."),
    row("unknown-recipient", 422, "Nobody has the name that the message is addressed to."),
    row("closed-recipient", 422, "The recipient takes no more messages."),
    row("too-many", 429, "The caller asks more often than it may."),
    row("broken", 500, "The house is at fault."),
    row("busy", 503, "Too much is asked at once, or something is away."),
    row("full", 507, "There is no room for the message."),
];

/// The caller sent something wrong.
pub(crate) fn incorrect(id: &'static str, public: impl Into<String>) -> Fault {
    Fault::new(Kind::Incorrect, id, public)
}

/// The caller may not do this.
pub(crate) fn forbidden(id: &'static str, public: impl Into<String>) -> Fault {
    Fault::new(Kind::Forbidden, id, public)
}

/// There is no such thing, or none that the caller may know of.
pub(crate) fn not_found() -> Fault {
    Fault::new(Kind::NotFound, "not-found", "")
}

/// The body was there once.
pub(crate) fn gone() -> Fault {
    Fault::new(Kind::NotFound, "gone", "")
}

/// It is not in a state in which this can be done.
pub(crate) fn not_now(public: impl Into<String>) -> Fault {
    Fault::new(Kind::Conflict, "not-now", public)
}

/// The house is at fault.
pub(crate) fn broken(cause: impl Into<base::fault::Cause>) -> Fault {
    Fault::broken("broken", cause)
}

/// From what the broker says to what the caller is told.
pub(crate) fn from_broker(refused: Refused) -> Fault {
    match refused {
        Refused::NoRecipient(name) => {
            incorrect("unknown-recipient", format!("nobody is called '{name}'"))
        }
        Refused::Closed(name) => {
            incorrect("closed-recipient", format!("'{name}' takes no more messages"))
        }
        Refused::SenderMayNot => forbidden("not-permitted", "the sender may not send this kind"),
        Refused::RecipientMayNot => {
            forbidden("not-permitted", "the recipient may not get this kind")
        }
        Refused::NotFound | Refused::NotYours => not_found(),
        Refused::Gone => gone(),
        Refused::NotNow(state) => not_now(format!("it is {state}")),
        Refused::OtherContent(id) => Fault::new(
            Kind::Conflict,
            "other-content",
            format!("the name was used for the message {} already", write_id(id)),
        ),
        Refused::NoSuchPart | Refused::TooLarge => incorrect("too-large", ""),
        Refused::Busy(seconds) => Fault::new(Kind::Busy, "busy", "").retry_after(seconds),
        Refused::Full => full(),
        Refused::Store(error) => from_store(error),
    }
}

/// From what the store says to what the caller is told.
pub(crate) fn from_store(error: StoreError) -> Fault {
    match error {
        StoreError::Busy => Fault::new(Kind::Busy, "busy", "").retry_after(1),
        StoreError::Full => full(),
        StoreError::Stopped => {
            Fault::new(Kind::Unavailable, "busy", "").retry_after(5).because(error)
        }
        _ => broken(error),
    }
}

fn full() -> Fault {
    Fault::new(Kind::Unavailable, "full", "").retry_after(60)
}
