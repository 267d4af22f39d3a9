//! What every interaction does: it finds out for whom the call is, passes it on, notes that it did,
//! and gives the answer back.

use std::sync::Arc;
use std::time::Instant;

use base::Fault;
use service::{Answer, Request};

use crate::healthcare_service::HealthcareService;
use crate::interactions::Row;
use crate::onward::onward;
use crate::{House, answer, door, faults, leg};

/// Answers an interaction.
pub(crate) async fn pass_on(house: House, row: &'static Row, request: Arc<Request>) -> Answer {
    door::check(&request)?;
    let target = door::target(&house, &request)?;
    door::sender(&request)?;
    // In a task of its own: what was passed on is noted, even if the sender is gone by then.
    let work = async move { work(&house, &target, row, &request).await };
    tokio::spawn(work).await.unwrap_or_else(|panic| Err(Fault::broken("SERVER_ERROR", panic)))
}

async fn work(house: &House, target: &HealthcareService, row: &Row, request: &Request) -> Answer {
    let onward = onward(house, target, request, row.path)?;
    let (at, begun) = (house.clock.now(), Instant::now());
    let returned = (house.relay)(onward).await;
    let answer = answer::answer(returned, target, &request.origin).await;
    let outcome = match &answer {
        Ok(reply) => reply.status.as_u16(),
        Err(fault) => {
            if let Some(why) = fault.cause() {
                tracing::warn!(service = target.id, %why, "a call could not be passed on");
            }
            faults::row_of(fault).status
        }
    };
    if let Some(recorder) = &house.recorder {
        leg::tell(recorder, (at, begun.elapsed()), (request, row, target), &answer);
    }
    house.note(request, row.name, target, outcome).await?;
    answer
}
