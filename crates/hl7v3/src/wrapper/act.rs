//! The control-act wrapper: who did or asks something, what it is about, and why not.
//!
//! Clause: the HL7 V3 domains MCAI and QUQI.

use super::{Code, InstanceId, NAMESPACE, said};
use crate::xml::Element;

/// Why something is as it is: a detected issue.
pub type Issue = Code;

/// What happened, or what is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ControlAct<'a> {
    /// The person behind it, as the message describes them.
    pub author: Option<Element<'a>>,
    /// The system that did or asks it.
    pub system: Option<InstanceId>,
    /// What is to be said about it: why it was not done, or how a search fared.
    pub issues: Vec<Issue>,
    /// What it is about, each in the words of its interaction.
    pub subjects: Vec<Element<'a>>,
    /// What is asked.
    pub query: Option<Element<'a>>,
    /// How the answer to a query fared: `OK`, `NF`, `AE`, `QE`. Empty when it is none.
    pub query_response: String,
}

impl<'a> ControlAct<'a> {
    /// Reads what stands in the element `ControlActEvent`.
    pub(super) fn read(event: Element<'a>) -> Self {
        let mut act = Self::default();
        for part in event.into_elements() {
            if part.namespace() == NAMESPACE {
                act.take(part);
            }
        }
        act
    }

    fn take(&mut self, part: Element<'a>) {
        match part.name() {
            "author" | "author1" | "author2" => {
                match part.at(NAMESPACE, &["AgentSystemSDS", "agentSystemSDS", "id"]) {
                    Some(id) => self.system = Some(InstanceId::of(id)),
                    None if self.author.is_none() => self.author = part.into_elements().next(),
                    None => {}
                }
            }
            "reason" => {
                let code = part.at(NAMESPACE, &["justifyingDetectedIssueEvent", "code"]);
                self.issues.extend(code.map(Code::of));
            }
            "subject" => self.subjects.extend(part.into_elements()),
            "query" => self.query = Some(part),
            "queryAck" => {
                let code = part.first(NAMESPACE, "queryResponseCode");
                self.query_response = code.map(|code| Code::of(code).code).unwrap_or_default();
            }
            _ => {}
        }
    }

    pub(super) fn into_element(self) -> Element<'a> {
        let author = self.author.map(|author| role("author", "AUT").with(author));
        let reasons = self.issues.into_iter().map(|issue| {
            let event = said("justifyingDetectedIssueEvent")
                .with_attribute("classCode", "ALRT")
                .with_attribute("moodCode", "EVN");
            role("reason", "RSON").with(event.with(issue.into_element("code")))
        });
        let subjects = self.subjects.into_iter().map(|about| role("subject", "SUBJ").with(about));
        let code = said("queryResponseCode").with_attribute("code", self.query_response.clone());
        let acknowledged = said("queryAck").with_attribute("type", "QueryAck").with(code);
        said("ControlActEvent")
            .with_attribute("classCode", "CACT")
            .with_attribute("moodCode", "EVN")
            .with_all(author)
            .with_all(self.system.map(system))
            .with_all(reasons)
            .with_all(subjects)
            .with_all(self.query)
            .with_all((!self.query_response.is_empty()).then_some(acknowledged))
    }
}

/// The system that did something, as its author.
fn system<'a>(id: InstanceId) -> Element<'a> {
    let device = said("agentSystemSDS")
        .with_attribute("classCode", "DEV")
        .with_attribute("determinerCode", "INSTANCE")
        .with(id.into_element("id"));
    let agent = said("AgentSystemSDS").with_attribute("classCode", "AGNT").with(device);
    role("author1", "AUT").with(agent)
}

fn role<'a>(name: &'static str, type_code: &'static str) -> Element<'a> {
    said(name).with_attribute("typeCode", type_code)
}
