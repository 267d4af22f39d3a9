//! The header of a message, its fields by name.
//!
//! Clause: HL7 2.5.1 chapter 2, 2.15.9
//! (<https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading91>).

use base::limit::HL7V2_HEADER_FIELD_BYTES_MAX;

use crate::message::{Field, Message, Segment};
use crate::problem::{Condition, Problem};
use crate::separators::Separators;

/// When an acknowledgement is wanted: table 0155.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    /// AL: always.
    Always,
    /// NE: never.
    Never,
    /// ER: when the message is refused.
    Error,
    /// SU: when it is accepted.
    Success,
}

/// The header of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header<'a> {
    segment: Segment<'a>,
    separators: Separators,
    /// MSH-3: the application that sends.
    pub sending_application: String,
    /// MSH-4: where that is.
    pub sending_facility: String,
    /// MSH-5: the application that shall get it.
    pub receiving_application: String,
    /// MSH-6: where that is.
    pub receiving_facility: String,
    /// MSH-9.1: `ADT`.
    pub message_code: String,
    /// MSH-9.2: `A01`; empty for those that have none.
    pub trigger_event: String,
    /// MSH-10: the sender's name for the message.
    pub control_id: String,
    /// MSH-11.1: `P` for production, `T` for training, `D` for debugging.
    pub processing_id: String,
    /// MSH-12.1: `2.5.1`.
    pub version: String,
}

impl<'a> Header<'a> {
    /// The header of a message. Whether it is a good one is for [`Header::check`] to say.
    pub fn read(message: &Message<'a>) -> Option<Self> {
        let segment = message.segment("MSH")?;
        let first = |number| segment.field(number).component(1).text();
        Some(Self {
            segment,
            separators: message.separators(),
            sending_application: first(3),
            sending_facility: first(4),
            receiving_application: first(5),
            receiving_facility: first(6),
            message_code: first(9),
            trigger_event: segment.field(9).component(2).text(),
            control_id: segment.field(10).text(),
            processing_id: first(11),
            version: first(12),
        })
    }

    /// A field as it came.
    pub fn field(&self, number: usize) -> Field<'a> {
        self.segment.field(number)
    }

    /// What the message is divided by.
    pub fn separators(&self) -> Separators {
        self.separators
    }

    /// What kind of message it is: `ADT^A01`, or `ACK` where there is no event.
    pub fn kind(&self) -> String {
        match self.trigger_event.as_str() {
            "" => self.message_code.clone(),
            event => format!("{}^{event}", self.message_code),
        }
    }

    /// When the sender wants to hear that the message is safe: MSH-15. Nothing when not said.
    pub fn accept_acknowledgement(&self) -> Option<When> {
        self.when(15)
    }

    /// When the sender wants to hear what the receiver makes of it: MSH-16.
    pub fn application_acknowledgement(&self) -> Option<When> {
        self.when(16)
    }

    /// Whether the sender wants acknowledgements of the enhanced mode: MSH-15 or MSH-16 says
    /// something.
    pub fn is_enhanced(&self) -> bool {
        let says = |number| !self.field(number).is_empty() && !self.field(number).is_null();
        says(15) || says(16)
    }

    /// The second number of the version, 5 of `2.5.1`; nothing when it is no version 2.
    pub fn minor_version(&self) -> Option<u8> {
        let rest = self.version.strip_prefix("2.").or((self.version == "2").then_some("0"))?;
        rest.split('.').next()?.parse().ok()
    }

    /// Whether everything is there that any message needs.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), Problem> {
        for number in [3, 4, 5, 6, 9, 10, 11, 12] {
            let bytes = self.field(number.into()).bytes();
            if bytes.len() > HL7V2_HEADER_FIELD_BYTES_MAX || bytes.iter().any(u8::is_ascii_control)
            {
                let why = format!(
                    "MSH-{number} has more than {HL7V2_HEADER_FIELD_BYTES_MAX} bytes, or control \
                     characters"
                );
                return Err(Problem::reject(Condition::DataType, number, why));
            }
        }
        let missing = |field, name: &str| {
            Problem::reject(Condition::RequiredField, field, format!("there is no {name}"))
        };
        if self.message_code.is_empty() {
            return Err(missing(9, "message type (MSH-9)"));
        }
        if self.control_id.is_empty() {
            return Err(missing(10, "message control id (MSH-10)"));
        }
        if !matches!(self.processing_id.as_str(), "P" | "T" | "D") {
            let why = "the processing id (MSH-11) is P, T or D";
            return Err(Problem::reject(Condition::ProcessingId, 11, why));
        }
        if self.minor_version().is_none() {
            return Err(Problem::reject(
                Condition::Version,
                12,
                "the version (MSH-12) is 2.something",
            ));
        }
        Ok(())
    }

    fn when(&self, number: usize) -> Option<When> {
        match self.field(number).bytes() {
            b"AL" => Some(When::Always),
            b"NE" => Some(When::Never),
            b"ER" => Some(When::Error),
            b"SU" => Some(When::Success),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
