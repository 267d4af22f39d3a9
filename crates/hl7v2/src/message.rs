//! A message as it came: segments, fields, repetitions, components, parts of components.
//!
//! It borrows from the bytes it was read from, and nothing is copied but what is asked for.
//!
//! Clause: HL7 2.5.1 chapter 2, 2.5 (<https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading8>).

use base::limit::{HL7V2_BYTES_MAX, HL7V2_SEGMENTS_MAX};

use crate::problem::{Condition, Problem};
use crate::separators::Separators;
use crate::text;

/// A message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message<'a> {
    separators: Separators,
    segments: Vec<&'a [u8]>,
}

/// A segment of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Segment<'a> {
    bytes: &'a [u8],
    separators: Separators,
}

/// A field, or one of its repetitions, components or parts of components.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Field<'a> {
    bytes: &'a [u8],
    separators: Separators,
}

impl<'a> Message<'a> {
    /// Reads a message. Segments end with CR; LF, CRLF and empty lines are taken as well, and
    /// white space before the first segment.
    ///
    /// # Errors
    /// When it does not begin with a header that says how it is divided, or is beyond a limit.
    pub fn read(bytes: &'a [u8]) -> Result<Self, Problem> {
        if bytes.len() > HL7V2_BYTES_MAX {
            let why = format!("the message is larger than {HL7V2_BYTES_MAX} bytes");
            return Err(Problem::reject(Condition::Internal, 0, why));
        }
        let bytes = bytes.trim_ascii_start();
        let separators = Separators::read(bytes).ok_or_else(|| {
            let why = "the message does not begin with MSH, a field separator and 2 to 5 others";
            Problem::reject(Condition::SegmentSequence, 0, why)
        })?;
        let lines = bytes.split(|byte| matches!(byte, b'\r' | b'\n'));
        let mut segments = Vec::new();
        for line in lines.filter(|line| !line.is_empty()) {
            if segments.len() == HL7V2_SEGMENTS_MAX {
                let why = format!("the message has more than {HL7V2_SEGMENTS_MAX} segments");
                return Err(Problem::reject(Condition::Internal, 0, why));
            }
            segments.push(line);
        }
        Ok(Self { separators, segments })
    }

    /// What it is divided by.
    pub fn separators(&self) -> Separators {
        self.separators
    }

    /// Its segments, in order.
    pub fn segments(&self) -> impl Iterator<Item = Segment<'a>> {
        let separators = self.separators;
        self.segments.iter().map(move |bytes| Segment { bytes, separators })
    }

    /// The first segment of a name.
    pub fn segment(&self, name: &str) -> Option<Segment<'a>> {
        self.segments().find(|segment| segment.name() == name.as_bytes())
    }
}

impl<'a> Segment<'a> {
    /// Its name: three letters and digits, if the sender kept to the standard.
    pub fn name(&self) -> &'a [u8] {
        self.bytes.split(|byte| *byte == self.separators.field).next().unwrap_or_default()
    }

    /// A field by its number in the standard, from 1; empty when it is not there.
    pub fn field(&self, number: usize) -> Field<'a> {
        // In the header the first separator is itself field 1.
        let header = matches!(self.name(), b"MSH" | b"FHS" | b"BHS");
        let separators = self.separators;
        if header && number == 1 {
            return Field { bytes: self.bytes.get(3..4).unwrap_or_default(), separators };
        }
        let at = if header { number.saturating_sub(1) } else { number };
        let bytes = self.bytes.split(|byte| *byte == separators.field).nth(at);
        Field { bytes: bytes.unwrap_or_default(), separators }
    }

    /// Its fields from number 1 on, as they came; of the header, from number 2.
    pub fn fields(&self) -> impl Iterator<Item = Field<'a>> {
        let separators = self.separators;
        let fields = self.bytes.split(move |byte| *byte == separators.field).skip(1);
        fields.map(move |bytes| Field { bytes, separators })
    }
}

impl<'a> Field<'a> {
    /// The bytes as they came.
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// Whether nothing is said: no change, in an update.
    pub fn is_empty(&self) -> bool {
        self.bytes.is_empty()
    }

    /// Whether it says that there is to be nothing: `""`, in an update the order to delete.
    pub fn is_null(&self) -> bool {
        self.bytes == b"\"\""
    }

    /// Its repetitions; one that is empty when it is empty.
    pub fn repetitions(&self) -> impl Iterator<Item = Field<'a>> {
        self.parts(self.separators.repetition)
    }

    /// A component of its first repetition by its number in the standard, from 1.
    #[must_use]
    pub fn component(&self, number: usize) -> Field<'a> {
        let nothing = Field { bytes: &[], separators: self.separators };
        let first = self.repetitions().next().unwrap_or(nothing);
        first.components().nth(number.saturating_sub(1)).unwrap_or(nothing)
    }

    /// The components of a repetition.
    pub fn components(&self) -> impl Iterator<Item = Field<'a>> {
        self.parts(self.separators.component)
    }

    /// The parts of a component.
    pub fn subcomponents(&self) -> impl Iterator<Item = Field<'a>> {
        self.parts(self.separators.subcomponent)
    }

    /// What it says, escape sequences understood.
    pub fn text(&self) -> String {
        text::read(self.bytes, self.separators)
    }

    fn parts(&self, separator: u8) -> impl Iterator<Item = Field<'a>> {
        let separators = self.separators;
        let parts = self.bytes.split(move |byte| *byte == separator);
        parts.map(move |bytes| Field { bytes, separators })
    }
}

#[cfg(test)]
mod tests;
