//! `POST /events`: tells everybody who subscribed that something happened.

use std::sync::Arc;

use base::Fault;
use base::limit::EVENT_BYTES_MAX;
use broker::Refused;
use http::StatusCode;
use nhs::NhsNumber;
use security::Caller;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::event::Event;
use crate::faults::{self, forbidden, invalid, too_large};
use crate::{House, body, style};

/// The name of the interaction.
pub(crate) const NAME: &str = "publish-event";
/// The media type of an event.
pub(crate) const MEDIA_TYPE: &str = "application/cloudevents+json";
/// Lets a client publish events of every type. `publish-` and a type lets it publish those.
const MAY_PUBLISH: &str = "publish-events";

/// Answers `POST /events`.
pub(crate) async fn publish_event(house: House, request: Arc<Request>) -> Answer {
    if request.body.len() > EVENT_BYTES_MAX {
        return Err(too_large(format!("An event has at most {EVENT_BYTES_MAX} bytes")));
    }
    let event = Event::read(&body::object(&request, MEDIA_TYPE)?)?;
    may_publish(&request.caller, &event.signal.event)?;
    speaks_for_itself(&house, &event.signal.source)?;
    let subject = NhsNumber::parse(&event.signal.subject);
    let subject = subject.as_ref().map(NhsNumber::as_str);
    let noted = house.noted(&request, NAME, subject, 200);
    match house.broker.tell(&event.publication(), noted.clone()).await {
        Ok(false) => {}
        // The line was not written, since nothing was.
        Ok(true) => house.broker.store().commit(noted).await.map_err(faults::from_store)?,
        Err(Refused::OtherContent(_)) => {
            return Err(invalid("id", "This source used the id for another event before"));
        }
        Err(refused) => return Err(faults::from_broker(refused)),
    }
    let answer = json!({ "id": event.signal.id }).to_string();
    Ok(Reply::new(StatusCode::OK, style::JSON, answer))
}

fn may_publish(caller: &Caller, event: &str) -> Result<(), Fault> {
    let granted = [Caller::OPEN, MAY_PUBLISH, &format!("publish-{event}")];
    if granted.iter().any(|grant| caller.has(grant)) {
        return Ok(());
    }
    Err(forbidden("User is not authorized to handle the requested event type"))
}

/// A source that is the name of a mailbox or endpoint would look to receivers like its owner.
fn speaks_for_itself(house: &House, source: &str) -> Result<(), Fault> {
    let table = house.broker.directory().table();
    let taken =
        table.mailbox(&source.to_ascii_uppercase()).is_some() || table.endpoint(source).is_some();
    if taken { Err(invalid("source", "This is the name of a mailbox or endpoint")) } else { Ok(()) }
}
