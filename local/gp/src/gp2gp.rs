//! GP2GP: the record of a patient goes from the practice that had them to the one that has them
//! now, as HL7 V3 in ebXML, by way of the national message broker.
//!
//! | who | sends | meaning |
//! |---|---|---|
//! | new practice | `RCMR_IN010000UK05` | may I have the record? |
//! | old practice | `RCMR_IN030000UK06` | here it is |
//! | new practice | `MCCI_IN010000UK13` | it is in its place (`AA`), or could not be (`AE`) |
//! | old practice | `MCCI_IN010000UK13` | no, and why (`AE`) |

mod acknowledge;
mod answer;
mod arrive;
mod envelope;
mod extract;
mod integrate;
mod request;
mod wrap;

pub(crate) use arrive::arrive;
pub use envelope::Partner;
pub(crate) use envelope::{Manner, post};
pub(crate) use request::ask;

/// The service that GP2GP messages belong to.
pub const SERVICE: &str = "urn:nhs:names:services:gp2gp";
/// The messages that a practice takes.
pub const INTERACTIONS: [&str; 3] = [REQUEST, EXTRACT, ACKNOWLEDGE];
/// Asks for a record.
pub(crate) const REQUEST: &str = "RCMR_IN010000UK05";
/// Brings it.
pub(crate) const EXTRACT: &str = "RCMR_IN030000UK06";
/// Says what became of a message.
pub(crate) const ACKNOWLEDGE: &str = "MCCI_IN010000UK13";

/// Why a practice says no, as the code system of GP2GP has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The patient is not at this practice.
    NotHere,
    /// The extract could not be made or sent.
    NotGenerated,
    /// The record could not be put in its place.
    NotIntegrated,
    /// The request cannot be understood.
    Malformed,
    /// Who asks is not the practice that the patient has now.
    NotTheirPractice,
    /// The extract cannot be understood.
    MalformedExtract,
    /// The extract is about somebody else.
    WrongPatient,
    /// Something else.
    Unexpected,
}

impl Reason {
    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Self::NotHere => "06",
            Self::NotGenerated => "10",
            Self::NotIntegrated => "11",
            Self::Malformed => "18",
            Self::NotTheirPractice => "19",
            Self::MalformedExtract => "21",
            Self::WrongPatient => "28",
            Self::Unexpected => "99",
        }
    }

    /// The same in words.
    pub(crate) fn display(self) -> &'static str {
        match self {
            Self::NotHere => "Patient not at surgery",
            Self::NotGenerated => "Failed to successfully generate EHR Extract",
            Self::NotIntegrated => "Failed to successfully integrate EHR Extract",
            Self::Malformed => "Request message not well-formed or not able to be processed",
            Self::NotTheirPractice => {
                "Sender check indicates that Requester is not the patient's \
                current healthcare provider"
            }
            Self::MalformedExtract => {
                "EHR Extract message not well-formed or not able to be \
                processed"
            }
            Self::WrongPatient => {
                "Non-ABA EHR Extract received and rejected due to wrong record \
                or wrong patient"
            }
            Self::Unexpected => "Unexpected condition",
        }
    }
}
