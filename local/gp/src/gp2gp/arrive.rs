//! A message from the broker arrives: it is noted, acknowledged, and then worked on.

use std::sync::Arc;

use desk::{Conversation, Reply, Request, Trouble};
use hl7v3::ebxml::{self, Content, Header, Message, Package, Problem, Severity};
use http::{Method, StatusCode};
use uuid::Uuid;

use super::Partner;
use super::envelope::instant;
use crate::inbox::Arrival;
use crate::system::System;

const XML: &str = "text/xml; charset=UTF-8";

/// Takes a message. A message that was taken before is acknowledged again, and not worked on.
pub(crate) async fn arrive(system: Arc<System>, request: Request) -> Reply {
    if request.method != Method::POST {
        return Reply::new(StatusCode::METHOD_NOT_ALLOWED);
    }
    let content_type = request.header("content-type").to_owned();
    let body = match request.body {
        Ok(body) => body,
        Err(status) => return Reply::new(status),
    };
    let Ok(message) = Package::read_message(&content_type, &body) else {
        return Reply::new(StatusCode::BAD_REQUEST);
    };
    if message.is_signal() {
        return signalled(&system, &message).await;
    }
    let header = message.header;
    let from = match sender(&system, &header).await {
        Ok(Some(from)) => from,
        Ok(None) => {
            let problem = Problem::error("ValueNotRecognized", "no such party here");
            return signal(&system, |id, now| Message::refusing(&header, id, now, vec![problem]));
        }
        Err(trouble) => {
            tracing::warn!(%trouble, "the directory does not say who sent a message");
            return Reply::new(StatusCode::SERVICE_UNAVAILABLE);
        }
    };
    let arrival = Arrival {
        name: Arrival::named(&from.party, &header.message_id),
        id: header.message_id.clone(),
        action: header.action.clone(),
        at: system.desk.clock.now(),
        from,
        content_type,
        done: is_silent(&system).await,
    };
    if let Err(error) = system.note(arrival, body).await {
        tracing::error!(%error, "a local system cannot keep what arrived");
        return Reply::new(StatusCode::SERVICE_UNAVAILABLE);
    }
    signal(&system, |id, now| Message::acknowledging(&header, id, now))
}

/// Who sent a message that is for this practice.
async fn sender(system: &System, header: &Header) -> Result<Option<Partner>, Trouble> {
    if header.to.id != system.handler.party {
        return Ok(None);
    }
    let conversation = Uuid::parse_str(&header.conversation);
    let conversation = conversation.map_or_else(|_| system.desk.begin(), Conversation::new);
    system.partner_of(&conversation, &header.from.id).await
}

async fn is_silent(system: &System) -> bool {
    system.silent.lock().await.is_some_and(|until| system.desk.clock.now() < until)
}

/// A signal about a message of ours.
async fn signalled(system: &System, message: &Message) -> Reply {
    if let (Content::Errors(problems), Ok(conversation)) =
        (&message.content, Uuid::parse_str(&message.header.conversation))
    {
        // A warning says nothing of whether the message arrived.
        let error = problems.iter().find(|problem| problem.severity == Severity::Error);
        let ended = match error {
            Some(problem) => {
                system.ended(conversation, &format!("undelivered-{}", problem.code)).await
            }
            None => Ok(()),
        };
        if let Err(error) = ended {
            tracing::error!(%error, "a local system cannot keep what arrived");
            return Reply::new(StatusCode::SERVICE_UNAVAILABLE);
        }
    }
    Reply::new(StatusCode::ACCEPTED)
}

fn signal(system: &System, make: impl FnOnce(&str, &str) -> Message) -> Reply {
    let id = system.desk.dice.uuid().to_string().to_uppercase();
    let message = make(&id, &instant(system.desk.clock.now()));
    let mut reply = Reply::new(StatusCode::ACCEPTED).header("content-type", XML);
    if let Ok(text) = ebxml::write(&message) {
        reply.body = text.into();
    }
    reply
}
