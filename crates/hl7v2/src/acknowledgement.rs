//! Acknowledgements, in the original and the enhanced mode: written, and read.
//!
//! Clause: HL7 2.5.1 chapter 2, 2.9 (<https://www.hl7.eu/HL7v2x/v251/std251/ch02.html#Heading27>).

use base::limit::HL7V2_HEADER_FIELD_BYTES_MAX;

use crate::header::{Header, When};
use crate::message::Message;
use crate::problem::{Condition, Problem};
use crate::write::Writer;

/// What an acknowledgement says: table 0008.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Code {
    /// AA: the receiver has taken it.
    ApplicationAccept,
    /// AE: it is in error.
    ApplicationError,
    /// AR: it is refused as such.
    ApplicationReject,
    /// CA: it is safe.
    CommitAccept,
    /// CE: it is in error.
    CommitError,
    /// CR: it is refused as such.
    CommitReject,
}

impl Code {
    /// Every code.
    pub const ALL: [Self; 6] = [
        Self::ApplicationAccept,
        Self::ApplicationError,
        Self::ApplicationReject,
        Self::CommitAccept,
        Self::CommitError,
        Self::CommitReject,
    ];

    /// Its two letters.
    pub fn name(self) -> &'static str {
        match self {
            Self::ApplicationAccept => "AA",
            Self::ApplicationError => "AE",
            Self::ApplicationReject => "AR",
            Self::CommitAccept => "CA",
            Self::CommitError => "CE",
            Self::CommitReject => "CR",
        }
    }

    /// Whether the message was taken.
    pub fn accepts(self) -> bool {
        matches!(self, Self::ApplicationAccept | Self::CommitAccept)
    }

    /// What is said about a message to whoever sent it: that it was taken, or what is wrong with
    /// it.
    pub fn about(header: &Header<'_>, problem: Option<&Problem>) -> Self {
        match (header.is_enhanced(), problem.map(|problem| problem.rejects)) {
            (false, None) => Self::ApplicationAccept,
            (false, Some(false)) => Self::ApplicationError,
            (false, Some(true)) => Self::ApplicationReject,
            (true, None) => Self::CommitAccept,
            (true, Some(false)) => Self::CommitError,
            (true, Some(true)) => Self::CommitReject,
        }
    }

    /// Whether the sender wants to hear it. In the original mode always; in the enhanced mode as
    /// MSH-15 says, and always when that says nothing that can be understood.
    pub fn is_wanted(self, header: &Header<'_>) -> bool {
        match header.accept_acknowledgement() {
            _ if !header.is_enhanced() => true,
            None | Some(When::Always) => true,
            Some(When::Never) => false,
            Some(When::Error) => !self.accepts(),
            Some(When::Success) => self.accepts(),
        }
    }
}

/// What makes one acknowledgement different from the next.
#[derive(Clone, Copy, Debug)]
pub struct Stamp<'a> {
    /// Its own control id, at most 20 letters and digits.
    pub control_id: &'a str,
    /// When: `20261122213000+0000`.
    pub at: &'a str,
}

/// The acknowledgement of a message: sender and receiver change places, and it is divided as the
/// message was.
pub fn write(
    header: &Header<'_>,
    code: Code,
    problem: Option<&Problem>,
    stamp: Stamp<'_>,
) -> Vec<u8> {
    let echo = |number| {
        let bytes = header.field(number).bytes();
        if bytes.len() > HL7V2_HEADER_FIELD_BYTES_MAX { &[][..] } else { bytes }
    };
    let minor = header.minor_version().unwrap_or(5);
    let event = header.trigger_event.get(..3).unwrap_or_default();
    let kind: &[&str] = match (event, minor) {
        ("", 0..=4) => &["ACK"],
        ("", _) => &["ACK", "", "ACK"],
        (event, 0..=3) => &["ACK", event],
        (event, _) => &["ACK", event, "ACK"],
    };
    let text = problem.map_or("", |problem| problem.text.as_str());
    let mut writer = Writer::header(header.separators())
        .as_it_came(echo(5))
        .as_it_came(echo(6))
        .as_it_came(echo(3))
        .as_it_came(echo(4))
        .field(stamp.at)
        .field("")
        .components(kind)
        .field(stamp.control_id);
    writer = match echo(11) {
        b"" => writer.field("P"),
        same => writer.as_it_came(same),
    };
    writer = match header.minor_version() {
        Some(_) => writer.as_it_came(echo(12)),
        None => writer.field("2.5"),
    };
    writer = writer.segment("MSA").field(code.name()).as_it_came(echo(10));
    if !text.is_empty() && minor < 7 {
        // Withdrawn in 2.7, and what most senders show their people all the same.
        writer = writer.field(text);
    }
    match problem {
        Some(problem) => error(writer, problem, minor).finish(),
        None => writer.finish(),
    }
}

/// The segment that says where and what: since 2.5 in fields of their own.
fn error(writer: Writer, problem: &Problem, minor: u8) -> Writer {
    let (code, words) = problem.condition.coded();
    let number = problem.field.to_string();
    let place: &[&str] = if problem.field == 0 { &[] } else { &["MSH", "1", &number] };
    let writer = writer.segment("ERR");
    if minor < 5 {
        let place: &[&str] = if problem.field == 0 { &["", "", ""] } else { place };
        return writer.components(&[place, &[code]].concat());
    }
    writer
        .field("")
        .components(place)
        .components(&[code, words, "HL70357"])
        .field("E")
        .field("")
        .field("")
        .field("")
        .field(&problem.text)
}

/// An acknowledgement that came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Acknowledgement {
    /// What it says: MSA-1.
    pub code: Code,
    /// Of which message: MSA-2.
    pub control_id: String,
    /// What is wrong with it, where that is said in the words of table 0357: the first of ERR-3
    /// (since 2.5), ERR-1.4 (before) and MSA-6 (before that) that says so.
    pub condition: Option<Condition>,
}

impl Acknowledgement {
    /// What it says, for operators: `AE 204, Unknown key identifier`. Never the words of whoever
    /// wrote it, which may tell of a patient.
    pub fn words(&self) -> String {
        match self.condition.map(Condition::coded) {
            Some((code, words)) => format!("{} {code}, {words}", self.code.name()),
            None => self.code.name().to_owned(),
        }
    }

    /// Reads it off a message; nothing when the message acknowledges nothing.
    pub fn read(message: &Message<'_>) -> Option<Self> {
        let segment = message.segment("MSA")?;
        let letters = segment.field(1).bytes().trim_ascii();
        let code = Code::ALL.into_iter().find(|code| code.name().as_bytes() == letters)?;
        let error = message.segment("ERR");
        let of_error = |field, component| Some(error?.field(field).component(component).text());
        let said = [of_error(3, 1), of_error(1, 4), Some(segment.field(6).component(1).text())];
        let condition = said.into_iter().flatten().find_map(|code| Condition::with_code(&code));
        Some(Self { code, control_id: segment.field(2).text(), condition })
    }
}

#[cfg(test)]
mod tests;
