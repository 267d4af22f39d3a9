//! Messages that are addressed to a patient's practice:
//! `GPPROVIDER_<NHS number>_<yyyyMMdd>_<family name>`.
//!
//! Who a patient's practice is, another API knows: it is handed in as a function. When there is
//! none, or the practice has no mailbox for the message, the message is accepted all the same and
//! a report goes to its sender. Who the patient is stays out of every envelope.
//!
//! Clause: <https://digital.nhs.uk/services/message-exchange-for-social-care-and-health-mesh/mesh-guidance-hub/endpoint-lookup-service-and-workflowids>.

use std::sync::Arc;

use base::Fault;
use broker::{Body, Reason, Submission};
use nhs::NhsNumber;
use service::{Answer, Request};
use store::{Access, Transaction};

use crate::envelope::Control;
use crate::faults::{incorrect, not_sent};
use crate::house::House;
use crate::send_message::{accepted, send as send_to};
use crate::upload::Incoming;
use crate::version::Version;
use crate::{lookup, reply_to};

const PREFIX: &str = "GPPROVIDER_";
/// The workflows whose messages may be addressed so; a `*` at the end stands for the rest.
const WORKFLOWS: [&str; 3] = ["TOC_FHIR_*", "GPFED_CONSULT_REPORT", "GPCONNECT_*"];

/// A patient, as a sender describes them.
pub struct Person {
    /// The NHS number, not checked.
    pub nhs_number: String,
    /// The date of birth, `yyyy-MM-dd`.
    pub born: String,
    /// The family name.
    pub family: String,
}

/// Why a patient's practice is not known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TraceProblem {
    /// The NHS number is none.
    NoNumber,
    /// Nobody has it, or whoever has it may not be found this way.
    NotFound,
    /// It is somebody else's.
    NotThem,
    /// The patient has no practice.
    NoPractice,
}

/// What came of looking for a patient's practice.
pub struct Trace {
    /// The ODS code of the practice.
    pub practice: Result<String, TraceProblem>,
    /// The audit line of the look at the patient's record, if there was one.
    pub access: Option<Access>,
}

/// Whoever knows the practice of a patient. It is told for whom it looks.
pub type Tracer = Arc<dyn Fn(&Person, &Request) -> Result<Trace, Fault> + Send + Sync>;

impl TraceProblem {
    /// The code that the sender's report gives, and the text.
    fn report(self) -> (&'static str, &'static str) {
        match self {
            Self::NoNumber => ("EPL-152", "Invalid NHS number"),
            Self::NotFound => ("EPL-153", "NHS number not found"),
            Self::NotThem => ("EPL-154", "NHS number does not match the demographics given"),
            Self::NoPractice => NO_MAILBOX,
        }
    }
}

const SEVERAL_MAILBOXES: (&str, &str) = ("EPL-150", "Multiple mailboxes matched");
const NO_MAILBOX: (&str, &str) = ("EPL-151", "No mailbox matched");

/// Whether a message of a workflow is addressed to a patient's practice.
pub(crate) fn is_address(to: &str, workflow: &str) -> bool {
    let listed = WORKFLOWS.iter().any(|known| match known.strip_suffix('*') {
        Some(beginning) => workflow.starts_with(beginning),
        None => *known == workflow,
    });
    listed && to.starts_with(PREFIX)
}

/// Sends a message to the practice of a patient, or its sender a report.
pub(crate) async fn send(
    house: House,
    request: &Request,
    version: Version,
    control: &Control,
) -> Answer {
    let person = person(&control.to).ok_or_else(|| incorrect("MALFORMED"))?;
    let tracer = house.tracer.clone().ok_or_else(|| incorrect("UNREGISTERED"))?;
    let trace = tracer(&person, request)?;
    let with = trace.access.into_iter().fold(Transaction::new(), Transaction::access);
    let practice = trace.practice.map_err(TraceProblem::report);
    let sender = &request.caller.client;
    match practice.and_then(|practice| mailbox_of(&house, &practice, &control.workflow)) {
        Ok(mailbox) => {
            let envelope = control.envelope(sender, &mailbox);
            let envelope = reply_to::answering(&house, control, envelope)?;
            house.broker.may_accept(&envelope).map_err(not_sent)?;
            send_to(&house, request, version, control, envelope, with).await
        }
        Err((code, text)) => {
            // The sender must see that the body arrived, though nobody will read it.
            if Incoming::of(request).await?.is_empty() {
                return Err(incorrect("DATA_MISSING"));
            }
            let envelope = control.envelope(sender, PREFIX.trim_end_matches('_'));
            let with = with.access(house.access(request, "send-message", "", 202));
            let body = Body::Inline(bytes::Bytes::new());
            let submission = Submission { envelope, body, named: false, with };
            let reason = Reason::NoRecipient(code.to_owned());
            let receipt = house.broker.accept_undeliverable(submission, reason, text).await;
            let receipt = receipt.map_err(not_sent)?;
            Ok(accepted(version, &broker::write_id(receipt.id)))
        }
    }
}

/// The patient in an address; nothing when the address is not of the form.
fn person(to: &str) -> Option<Person> {
    let mut parts = to.strip_prefix(PREFIX)?.splitn(3, '_');
    let (number, born, family) = (parts.next()?, parts.next()?, parts.next()?);
    let digits = born.len() == 8 && born.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || family.is_empty() {
        return None;
    }
    let (year, month, day) = (born.get(..4)?, born.get(4..6)?, born.get(6..)?);
    Some(Person {
        nhs_number: number.to_owned(),
        born: format!("{year}-{month}-{day}"),
        family: family.to_owned(),
    })
}

/// The one mailbox of an organisation that gets messages of a workflow.
fn mailbox_of(
    house: &House,
    practice: &str,
    workflow: &str,
) -> Result<String, (&'static str, &'static str)> {
    let mut found = lookup::receivers(house, Some(practice), workflow, true).into_iter();
    match (found.next(), found.next()) {
        (Some(mailbox), None) => Ok(mailbox.id),
        (None, _) => Err(NO_MAILBOX),
        (Some(_), Some(_)) => Err(SEVERAL_MAILBOXES),
    }
}

impl Person {
    /// The NHS number, if it is one.
    pub fn number(&self) -> Option<NhsNumber> {
        NhsNumber::parse(&self.nhs_number)
    }
}

#[cfg(test)]
mod tests;
