//! What is wrong with a message, in the words of the standard.
//!
//! Clause: HL7 table 0357 (<https://terminology.hl7.org/CodeSystem-v2-0357.html>).

/// What is wrong: table 0357.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    /// 100: segments are not in their order, or a required one is missing.
    SegmentSequence,
    /// 101: a required field is missing.
    RequiredField,
    /// 102: a field is not of its data type.
    DataType,
    /// 103: a value is not in its table.
    TableValue,
    /// 200: this message type is not supported.
    MessageType,
    /// 201: this event is not supported.
    EventCode,
    /// 202: this processing id is not supported.
    ProcessingId,
    /// 203: this version is not supported.
    Version,
    /// 204: nobody knows the patient, the order, the address.
    UnknownKey,
    /// 205: it is there already.
    DuplicateKey,
    /// 206: it cannot be had at this moment.
    Locked,
    /// 207: the receiver is at fault, or any reason beside the others.
    Internal,
}

impl Condition {
    /// Every condition.
    pub const ALL: [Self; 12] = [
        Self::SegmentSequence,
        Self::RequiredField,
        Self::DataType,
        Self::TableValue,
        Self::MessageType,
        Self::EventCode,
        Self::ProcessingId,
        Self::Version,
        Self::UnknownKey,
        Self::DuplicateKey,
        Self::Locked,
        Self::Internal,
    ];

    /// The condition with a code.
    pub fn with_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|condition| condition.coded().0 == code)
    }

    /// Whether the message itself is at fault, so that the same again would fare the same.
    pub fn lasts(self) -> bool {
        !matches!(self, Self::Locked | Self::Internal)
    }

    /// Its code and its words.
    pub fn coded(self) -> (&'static str, &'static str) {
        match self {
            Self::SegmentSequence => ("100", "Segment sequence error"),
            Self::RequiredField => ("101", "Required field missing"),
            Self::DataType => ("102", "Data type error"),
            Self::TableValue => ("103", "Table value not found"),
            Self::MessageType => ("200", "Unsupported message type"),
            Self::EventCode => ("201", "Unsupported event code"),
            Self::ProcessingId => ("202", "Unsupported processing id"),
            Self::Version => ("203", "Unsupported version id"),
            Self::UnknownKey => ("204", "Unknown key identifier"),
            Self::DuplicateKey => ("205", "Duplicate key identifier"),
            Self::Locked => ("206", "Application record locked"),
            Self::Internal => ("207", "Application internal error"),
        }
    }
}

/// Something that is wrong with a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    /// What.
    pub condition: Condition,
    /// Whether the message as such is refused (AR, CR), rather than found in error (AE, CE).
    pub rejects: bool,
    /// The field of MSH that it is about; 0 when it is about none.
    pub field: u8,
    /// In words for whoever runs the sending system, without patient data.
    pub text: String,
}

impl Problem {
    /// The message as such is refused: AR, or CR.
    pub fn reject(condition: Condition, field: u8, text: impl Into<String>) -> Self {
        Self { condition, rejects: true, field, text: text.into() }
    }

    /// The message is in error: AE, or CE.
    pub fn error(condition: Condition, field: u8, text: impl Into<String>) -> Self {
        Self { rejects: false, ..Self::reject(condition, field, text) }
    }
}
