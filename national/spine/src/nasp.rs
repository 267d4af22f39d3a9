//! What a Spine SOAP fault says in its detail: a list of errors, each with a number.
//!
//! Clause: the Spine External Interface Specification, "Transport errors".

use hl7v3::soap::{Fault, FaultCode};
use hl7v3::xml::{Element, Prefix};

/// The namespace of the list.
pub const NAMESPACE: &str = "http://national.carerecords.nhs.uk/schema/";
/// Its prefix in what we write.
pub const PREFIX: Prefix<'static> = ("nasp", NAMESPACE);
/// Who defined the numbers.
const CONTEXT: &str = "urn:nhs:names:error:tms";

/// An error that Spine's transport has a number for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Number {
    /// The service or interaction is not one that is served here.
    NotSupported,
    /// The system failed; the same message may go through later.
    SystemFailure,
    /// The message is not well formed.
    NotWellFormed,
    /// The message could not be passed on; the same message may go through later.
    NotRouted,
    /// The message could not be stored; the same message may go through later.
    NotStored,
    /// Anything else.
    Undefined,
}

impl Number {
    const ALL: [Self; 6] = [
        Self::NotSupported,
        Self::SystemFailure,
        Self::NotWellFormed,
        Self::NotRouted,
        Self::NotStored,
        Self::Undefined,
    ];

    /// The number on the wire.
    pub fn code(self) -> &'static str {
        match self {
            Self::NotSupported => "101",
            Self::SystemFailure => "200",
            Self::NotWellFormed => "201",
            Self::NotRouted => "206",
            Self::NotStored => "208",
            Self::Undefined => "300",
        }
    }

    /// The error with a number.
    pub fn of(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.code() == code)
    }

    /// Whether the same message may go through later.
    pub fn may_be_retried(self) -> bool {
        matches!(self, Self::SystemFailure | Self::NotRouted | Self::NotStored)
    }
}

/// A fault with one error in its detail. `description` is for people, and quotes nothing that
/// may be about a patient.
pub fn fault(code: FaultCode, number: Number, description: &str) -> Fault<'_> {
    let said = |name: &'static str, text| Element::new(NAMESPACE, name).with_text(text);
    let error = Element::new(NAMESPACE, "error")
        .with(said("codeContext", CONTEXT))
        .with(said("errorCode", number.code()))
        .with(said("severity", "Error"))
        .with(said("location", "Not Supported"))
        .with(said("description", description));
    let list = Element::new(NAMESPACE, "errorList").with(error);
    Fault { detail: vec![list], ..Fault::new(code, "Application Exception") }
}

/// The errors in the detail of a fault: those with a number that is known, and
/// [`Number::Undefined`] for any other.
pub fn errors(fault: &Fault<'_>) -> Vec<Number> {
    let lists = fault.detail.iter().filter(|one| one.is(NAMESPACE, "errorList"));
    let errors = lists.flat_map(|list| list.all(NAMESPACE, "error"));
    errors
        .map(|error| error.first(NAMESPACE, "errorCode").map(Element::text))
        .map(|code| code.and_then(|code| Number::of(&code)).unwrap_or(Number::Undefined))
        .collect()
}

#[cfg(test)]
mod tests;
