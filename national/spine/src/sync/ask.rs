//! `POST /sync-service`: a question is asked and answered.

use std::sync::Arc;

use base::Fault;
use nhs::directory::{SYSTEM, System};
use security::Caller;
use service::{Answer, Request};
use store::{Access, Transaction};

use super::House;
use super::answer::answer;
use super::contract::Unfound;
use super::faults::{self, forbidden};
use super::query;
use super::question::{self, Question};
use super::refusal::Refusal;
use crate::oid;

/// Answers a question.
pub(crate) async fn ask(house: House, request: Request) -> Answer {
    let request = Arc::new(request);
    let question = question::read(&request.body, request.header("soapaction"))?;
    may_ask(&house, &request.caller, &question)?;
    let query = question.message.act.as_ref().and_then(|act| act.query.as_ref());
    let wanted = match query::wanted(question.exchange.kind, query) {
        Ok(wanted) => wanted,
        // Nobody's record was looked at.
        Err(refusal) => return Ok(answer(&house, &question, Err(refusal))),
    };
    let decide = &house.demographics;
    let decided = decide(Arc::clone(&request), question.exchange.asks, wanted).await;
    let access = Access { request: question.message.id.clone(), ..decided.access };
    let noted = house.store.commit(Transaction::new().access(access)).await;
    noted.map_err(faults::from_store)?;
    match decided.patient {
        Ok(patient) => Ok(answer(&house, &question, Ok(&patient))),
        Err(Unfound::Failed(fault)) => Err(faults::from_elsewhere(&fault)),
        Err(unfound) => match Refusal::of(&unfound, question.exchange.kind) {
            Some(refusal) => Ok(answer(&house, &question, Err(refusal))),
            None => Err(forbidden("the system may not ask this")),
        },
    }
}

/// Checks that a question comes from the system that it says it comes from, and that this system
/// is registered for it. A system that the directory lists no interactions for may ask anything,
/// and whoever comes in at an open door is nobody who could be registered.
fn may_ask(house: &House, caller: &Caller, question: &Question<'_>) -> Result<(), Fault> {
    if caller.has(Caller::OPEN) {
        return Ok(());
    }
    let sender = &question.message.sender;
    let others = question.envelope_sender.as_ref().is_some_and(|system| *system != caller.system);
    if caller.system.is_empty()
        || sender.root != oid::ASID
        || sender.extension != caller.system
        || others
    {
        return Err(forbidden("the message is not from the system that sends it"));
    }
    let body = house.store.directory().get(SYSTEM, &caller.system).map_err(faults::from_store)?;
    let system = body.map(|body| System::read(&body)).transpose().map_err(faults::broken)?;
    let registered = system.is_some_and(|system| question.exchange.is_for(&system));
    if registered { Ok(()) } else { Err(forbidden("the system is not registered for this")) }
}
