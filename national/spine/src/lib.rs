//! The national message broker as its callers see it: HL7 V3 over SOAP and ebXML.
//!
//! Specification: <https://digital.nhs.uk/developer/guides-and-documentation/spine-external-interface-specification>.
//! What a message goes through is the business of `crates/broker`; here is only what is this
//! wire's own.

mod name;
pub mod nasp;
pub mod oid;
pub mod reliable;
pub mod sync;
