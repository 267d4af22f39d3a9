//! The request for a record: `RCMR_IN010000UK05`.

use desk::{Answer, Conversation, Trouble};
use hl7v3::wrapper::{InstanceId, NAMESPACE, Transmission, said};
use hl7v3::xml::Element;

use super::envelope::Manner;
use super::wrap::{Draft, NHS_NUMBERS, organisation, record_target};
use super::{Partner, REQUEST, id_of};
use crate::system::System;

/// What a request asks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Asked {
    /// The id of the request.
    pub(super) id: String,
    /// Whose record.
    pub(super) nhs_number: String,
    /// For which organisation.
    pub(super) organisation: String,
}

/// Asks a partner for a record. The id of the request is what the extract will refer to.
///
/// # Errors
/// Why no answer came.
pub(crate) async fn ask(
    system: &System,
    conversation: &Conversation,
    to: &Partner,
    (nhs_number, id): (&str, &str),
    manner: Manner,
) -> Result<Answer, Trouble> {
    let asked = Asked {
        id: id.to_owned(),
        nhs_number: nhs_number.to_owned(),
        organisation: system.desk.card.organisation.clone(),
    };
    let draft = Draft {
        id: id_of(&["request", id]),
        conversation: conversation.id(),
        to,
        interaction: REQUEST,
        what: "RCMR_IN010000UK05: may I have the record?".to_owned(),
        at: system.desk.clock.now(),
    };
    let subject = written(&asked, &to.organisation);
    let letter = draft.letter(system, None, Some(subject), Vec::new());
    system.post_now(conversation, &letter, manner).await
}

fn written<'a>(asked: &Asked, of: &str) -> Element<'a> {
    said("EhrRequest")
        .with_attribute("classCode", "EXTRACT")
        .with_attribute("moodCode", "RQO")
        .with(InstanceId::new(&asked.id, "").into_element("id"))
        .with(record_target(&asked.nhs_number))
        .with(organisation("author", "AUT", &asked.organisation))
        .with(organisation("destination", "DST", of))
}

/// Reads what is asked; nothing when the message does not say.
pub(super) fn read(message: &Transmission<'_>) -> Option<Asked> {
    let request = message.act.as_ref()?.subjects.iter().find(|it| it.name() == "EhrRequest")?;
    let at = |path: &[&str]| request.at(NAMESPACE, path).map(InstanceId::of);
    let patient = at(&["recordTarget", "patient", "id"])?;
    let author = at(&["author", "AgentOrgSDS", "agentOrganizationSDS", "id"])?;
    let id = at(&["id"])?.root;
    let sound = patient.root == NHS_NUMBERS && !id.is_empty();
    let (nhs_number, organisation) = (patient.extension, author.extension);
    sound.then_some(Asked { id, nhs_number, organisation })
}
