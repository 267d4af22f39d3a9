//! The questions that are answered, as a table: the WSDL, the dispatch and the documentation are
//! made from it.

use nhs::directory::System;

/// The service that all of them belong to.
pub(crate) const SERVICE: &str = "urn:nhs:names:services:pdsquery";
/// The interaction that says why a question has no answer.
pub(crate) const REFUSAL: &str = "QUQI_IN010000UK14";

/// A question and its answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exchange {
    /// The interaction that asks.
    pub(crate) asks: &'static str,
    /// The interaction that answers.
    pub(crate) answers: &'static str,
    /// What the question is called in the WSDL.
    pub(crate) operation: &'static str,
    /// What the question is, in one sentence.
    pub(crate) summary: &'static str,
    /// What is asked.
    pub(crate) kind: Kind,
    /// How the answer writes a patient.
    pub(crate) form: &'static Form,
}

/// What is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Who is described so?
    Trace,
    /// The same, where the answer comes later and says how surely it is them.
    AdvancedTrace,
    /// Who has this number?
    Retrieval,
}

/// How an answer writes a patient. The messages were made one by one, and differ a little.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Form {
    /// The element that holds the answer.
    pub(crate) subject: &'static str,
    /// Whether the version of the record stands before the patient in it.
    pub(crate) version_first: bool,
    /// The element that says where a patient is registered.
    pub(crate) provision: &'static str,
    /// Who registered them: the participation, its type, the role and its class.
    pub(crate) provider: [&'static str; 4],
}

const TRACE: Form = Form {
    subject: "PdsTraceMatch",
    version_first: false,
    provision: "patientCareProvision",
    provider: ["performer", "PRF", "assignedOrganization", "ASSIGNED"],
};
const ADVANCED_TRACE: Form =
    Form { provider: ["performer", "PRF", "assignedEntity", "ASSIGNED"], ..TRACE };
const RETRIEVAL: Form = Form {
    subject: "PDSResponse",
    version_first: true,
    provision: "patientCareProvisionEvent",
    provider: ["performer", "PRF", "assignedEntity", "ASSIGNED"],
};
const EARLIER_RETRIEVAL: Form = Form {
    subject: "PdsSuccessfulRetrieval",
    version_first: false,
    provision: "patientCareProvision",
    provider: ["responsibleParty", "RESP", "healthCareProvider", "PROV"],
};

/// Every question that is answered.
#[rustfmt::skip]
pub(crate) const TABLE: &[Exchange] = &[
    Exchange { asks: "QUPA_IN000005UK01", answers: "QUPA_IN000007UK01", operation: "SimpleTrace", summary: "Trace a patient by name, gender and date of birth.", kind: Kind::Trace, form: &TRACE },
    Exchange { asks: "QUPA_IN000008UK02", answers: "QUPA_IN000009UK03", operation: "Retrieval", summary: "Get the record of a patient by NHS number.", kind: Kind::Retrieval, form: &RETRIEVAL },
    Exchange { asks: "QUPA_IN000008UK05", answers: "QUPA_IN000009UK06", operation: "RetrievalUK05", summary: "The same, in the later version of the message.", kind: Kind::Retrieval, form: &RETRIEVAL },
    Exchange { asks: "QUPA_IN040000UK32", answers: "QUPA_IN050000UK32", operation: "RetrievalUK32", summary: "The same, in the earliest version of the message.", kind: Kind::Retrieval, form: &EARLIER_RETRIEVAL },
];

/// Every question that is taken on by a message, and answered by another one later.
#[rustfmt::skip]
pub(crate) const LATER: &[Exchange] = &[
    Exchange { asks: "QUPA_IN000006UK02", answers: "QUPA_IN000011UK02", operation: "AdvancedTrace", summary: "Trace a patient by name, gender and date of birth.", kind: Kind::AdvancedTrace, form: &ADVANCED_TRACE },
];

impl Exchange {
    /// The question that an interaction asks.
    pub(crate) fn of(asks: &str) -> Option<&'static Self> {
        TABLE.iter().find(|one| one.asks == asks)
    }

    /// The question that an interaction asks which is answered later.
    pub(crate) fn later(asks: &str) -> Option<&'static Self> {
        LATER.iter().find(|one| one.asks == asks)
    }

    /// Whether a system is registered for it. One that names nothing is registered for everything.
    pub(crate) fn is_for(&self, system: &System) -> bool {
        let named = format!("{SERVICE}:{}", self.asks);
        system.interactions.is_empty() || system.interactions.contains(&named)
    }

    /// What a SOAP action must say to ask it.
    pub(crate) fn action(&self) -> String {
        action(self.asks)
    }
}

impl Kind {
    /// The element that holds the answer in the body of a SOAP message.
    pub(crate) fn wrapper(self) -> &'static str {
        match self {
            Self::Trace | Self::AdvancedTrace => "traceQueryResponse",
            Self::Retrieval => "retrievalQueryResponse",
        }
    }
}

/// Every interaction that is answered at once, as the directory has it: `<service>:<interaction>`.
pub fn interactions() -> impl Iterator<Item = String> {
    TABLE.iter().map(|exchange| format!("{SERVICE}:{}", exchange.asks))
}

/// The SOAP action of an interaction.
pub(crate) fn action(interaction: &str) -> String {
    format!("{SERVICE}/{interaction}")
}
