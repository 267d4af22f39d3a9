//! Why a practice says no, as the code system of GP2GP has it.

/// Why a practice says no.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reason {
    /// The patient is not at this practice.
    NotHere,
    /// This practice does not exchange records now.
    Disabled,
    /// The extract could not be made or sent.
    NotGenerated,
    /// The record could not be put in its place.
    NotIntegrated,
    /// The extract was here before.
    Duplicate,
    /// The asker takes no records that are larger than one message.
    NoLargeMessages,
    /// The request cannot be understood.
    Malformed,
    /// Who asks is not the practice that the patient has now.
    NotTheirPractice,
    /// The extract cannot be understood.
    MalformedExtract,
    /// Not all of it came in time.
    TimedOut,
    /// The extract is about somebody else.
    WrongPatient,
    /// What came cannot be put together.
    NotAssembled,
    /// A fragment could not be sent, or cannot be understood.
    LargeMessage,
    /// Attachments are missing.
    AttachmentsMissing,
    /// Something else.
    Unexpected,
}

impl Reason {
    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        self.row().0
    }

    /// The same in words.
    pub(crate) fn display(self) -> &'static str {
        self.row().1
    }

    #[rustfmt::skip]
    fn row(self) -> (&'static str, &'static str) {
        match self {
            Self::NotHere => ("06", "Patient not at surgery"),
            Self::Disabled => ("07", "GP2GP Messaging is not enabled on this system"),
            Self::NotGenerated => ("10", "Failed to successfully generate EHR Extract"),
            Self::NotIntegrated => ("11", "Failed to successfully integrate EHR Extract"),
            Self::Duplicate => ("12", "Duplicate EHR Extract received"),
            Self::NoLargeMessages => ("14", "Message not sent because requesting practice is not Large Message compliant"),
            Self::Malformed => ("18", "Request message not well-formed or not able to be processed"),
            Self::NotTheirPractice => ("19", "Sender check indicates that Requester is not the patient's current healthcare provider"),
            Self::MalformedExtract => ("21", "EHR Extract message not well-formed or not able to be processed"),
            Self::TimedOut => ("25", "Large messages rejected due to timeout duration reached of overall transfer"),
            Self::WrongPatient => ("28", "Non-ABA EHR Extract received and rejected due to wrong record or wrong patient"),
            Self::NotAssembled => ("29", "Large Message Re-assembly failure"),
            Self::LargeMessage => ("30", "Large Message general failure"),
            Self::AttachmentsMissing => ("31", "The overall EHR Extract has been rejected because one or more attachments via Large Messages were not received"),
            Self::Unexpected => ("99", "Unexpected condition"),
        }
    }
}
