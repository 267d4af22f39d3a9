//! GP2GP: the record of a patient goes from the practice that had them to the one that has them
//! now, as HL7 V3 in ebXML, by way of the national message broker.
//!
//! | who | sends | meaning |
//! |---|---|---|
//! | new practice | `RCMR_IN010000UK05` | may I have the record? |
//! | old practice | `RCMR_IN030000UK06` | here it is, or the first of it |
//! | new practice | `COPC_IN000001UK01` | go on |
//! | old practice | `COPC_IN000001UK01` | a fragment; as many of them as the record takes |
//! | new practice | `MCCI_IN010000UK13` | a fragment is here, or is not wanted |
//! | new practice | `MCCI_IN010000UK13` | it is in its place (`AA`), or could not be (`AE`) |
//! | old practice | `MCCI_IN010000UK13` | no, and why (`AE`) |

mod acknowledge;
mod answer;
mod arrive;
mod assemble;
mod attach;
mod envelope;
mod extract;
mod fragment;
mod gather;
mod give_up;
mod integrate;
mod proceed;
mod reason;
mod request;
mod settle;
mod skeleton;
mod work;
mod wrap;

pub(crate) use acknowledge::acknowledge;
pub(crate) use arrive::arrive;
pub(crate) use attach::Going;
pub(crate) use envelope::{Manner, Partner, may_be_retried, send};
pub(crate) use gather::Referred;
pub(crate) use give_up::{is_wanted, not_taken, too_late};
pub(crate) use reason::Reason;
pub(crate) use request::ask;
pub(crate) use work::work;

/// The service that GP2GP messages belong to.
pub const SERVICE: &str = "urn:nhs:names:services:gp2gp";
/// The messages that a practice takes.
pub const INTERACTIONS: [&str; 4] = [REQUEST, EXTRACT, COMMON, ACKNOWLEDGE];
/// Asks for a record.
pub(crate) const REQUEST: &str = "RCMR_IN010000UK05";
/// Brings it.
pub(crate) const EXTRACT: &str = "RCMR_IN030000UK06";
/// Brings a fragment of it, or asks to go on with them.
pub(crate) const COMMON: &str = "COPC_IN000001UK01";
/// Says what became of a message.
pub(crate) const ACKNOWLEDGE: &str = "MCCI_IN010000UK13";

/// An id that follows from words, as the broker has them: a UUID in capitals.
pub(crate) fn id_of(words: &[&str]) -> String {
    desk::derived(words).to_string().to_uppercase()
}
