//! The names that ebXML messages are made of.

/// The namespace of SOAP 1.1 envelopes.
pub const SOAP: &str = "http://schemas.xmlsoap.org/soap/envelope/";
/// The namespace of ebXML headers.
pub const EBXML: &str = "http://www.oasis-open.org/committees/ebxml-msg/schema/msg-header-2_0.xsd";
/// The namespace of references to parts.
pub const XLINK: &str = "http://www.w3.org/1999/xlink";
/// The namespace of HL7's own element in the manifest.
pub(super) const HL7: &str = "urn:hl7-org:transport/ebXML/DSTUv1.0";
/// The service that signals belong to.
pub const SERVICE: &str = "urn:oasis:names:tc:ebxml-msg:service";
/// The action of an acknowledgment.
pub const ACKNOWLEDGMENT: &str = "Acknowledgment";
/// The action of a message of errors.
pub const MESSAGE_ERROR: &str = "MessageError";
/// The context of the error codes of the standard.
pub const ERRORS: &str = "urn:oasis:names:tc:ebxml-msg:service:errors";
/// Asks the message handler of the party that a message is for.
pub const TO_PARTY_HANDLER: &str = "urn:oasis:names:tc:ebxml-msg:actor:toPartyMSH";
/// Asks the next message handler on the way.
pub const TO_NEXT_HANDLER: &str = "urn:oasis:names:tc:ebxml-msg:actor:nextMSH";
/// Asks whoever gets the call.
pub const FROM_NEXT: &str = "http://schemas.xmlsoap.org/soap/actor/next";
/// The version of the standard.
pub(super) const VERSION: &str = "2.0";
