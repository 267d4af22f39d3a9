//! A message from the broker arrives: it is kept, acknowledged, and then worked on.

use std::sync::Arc;

use desk::{Conversation, Reply, Request};
use hl7v3::ebxml::{Content, Message, Package};
use hl7v3::multipart::Part;
use hl7v3::wrapper::Transmission;
use hl7v3::{ebxml, xml};
use http::{Method, StatusCode};
use serde_json::json;
use uuid::Uuid;

use super::envelope::instant;
use super::wrap::id;
use super::{ACKNOWLEDGE, EXTRACT, Partner, REQUEST, answer, integrate};
use crate::system::System;

/// The kind of the records of messages that arrived.
pub(crate) const KIND: &str = "message";
const XML: &str = "text/xml; charset=UTF-8";

/// Takes a message. A message that was taken before is acknowledged again, and not worked on.
pub(crate) async fn arrive(system: Arc<System>, request: Request) -> Reply {
    if request.method != Method::POST {
        return Reply::new(StatusCode::METHOD_NOT_ALLOWED);
    }
    let body = match &request.body {
        Ok(body) => body,
        Err(status) => return Reply::new(*status),
    };
    let Ok(package) = Package::read(request.header("content-type"), body) else {
        return Reply::new(StatusCode::BAD_REQUEST);
    };
    if package.message.is_signal() {
        return signalled(&system, &package.message).await;
    }
    let header = package.message.header.clone();
    let partner = system.handler.partners.iter().find(|one| one.party == header.from.id).cloned();
    let (Some(partner), true) = (partner, header.to.id == system.handler.party) else {
        let problem = ebxml::Problem::error("ValueNotRecognized", "no such party here");
        return signal(&system, |id, now| Message::refusing(&header, id, now, vec![problem]));
    };
    match first(&system, &header.message_id, &header.action).await {
        Err(error) => {
            tracing::error!(%error, "a local system cannot keep what arrived");
            return Reply::new(StatusCode::SERVICE_UNAVAILABLE);
        }
        Ok(false) => {}
        Ok(true) if is_silent(&system).await => {}
        Ok(true) => {
            let worker = system.clone();
            tokio::spawn(async move { work(worker, partner, package).await });
        }
    }
    signal(&system, |id, now| Message::acknowledging(&header, id, now))
}

async fn is_silent(system: &System) -> bool {
    system.silent.lock().await.is_some_and(|until| system.desk.clock.now() < until)
}

/// Whether a message is here for the first time; if so, that it was is on disk now.
async fn first(system: &System, message: &str, action: &str) -> std::io::Result<bool> {
    let folder = &system.desk.folder;
    if folder.get::<serde_json::Value>(KIND, message).await?.is_some() {
        return Ok(false);
    }
    let arrived = json!({ "action": action, "at": system.desk.clock.now() });
    folder.put(KIND, message, &arrived).await?;
    Ok(true)
}

/// A signal about a message of ours.
async fn signalled(system: &System, message: &Message) -> Reply {
    if let (Content::Errors(problems), Ok(conversation)) =
        (&message.content, Uuid::parse_str(&message.header.conversation))
    {
        let code = problems.first().map(|problem| problem.code.clone()).unwrap_or_default();
        if let Err(error) = system.ended(conversation, &format!("undelivered-{code}")).await {
            tracing::error!(%error, "a local system cannot keep what arrived");
        }
    }
    Reply::new(StatusCode::ACCEPTED)
}

fn signal(system: &System, make: impl FnOnce(&str, &str) -> Message) -> Reply {
    let message = make(&id(&system.desk), &instant(system.desk.clock.now()));
    let mut reply = Reply::new(StatusCode::ACCEPTED).header("content-type", XML);
    if let Ok(text) = ebxml::write(&message) {
        reply.body = text.into();
    }
    reply
}

async fn work(system: Arc<System>, from: Partner, package: Package) {
    let payload = package.payload().map_or(&[][..], |part: &Part| &part.body);
    let Ok(root) = xml::parse(payload) else { return };
    let Ok(message) = Transmission::read(root) else { return };
    let Ok(id) = Uuid::parse_str(&package.message.header.conversation) else { return };
    let conversation = Conversation::new(id);
    let done = match message.interaction.extension.as_str() {
        REQUEST => answer::answer(&system, &conversation, &from, &message).await,
        EXTRACT => integrate::integrate(&system, &conversation, &from, &message).await,
        ACKNOWLEDGE => settled(&system, id, &message).await,
        _ => Ok(()),
    };
    if let Err(why) = done {
        tracing::error!(why, "a record transfer is stuck");
    }
}

/// What became of a message of ours.
async fn settled(system: &System, id: Uuid, message: &Transmission<'_>) -> Result<(), String> {
    let Some(said) = &message.acknowledgement else { return Ok(()) };
    let state = match said.details.first() {
        Some(code) => format!("refused-{}", code.code),
        None => "acknowledged".to_owned(),
    };
    system.ended(id, &state).await.map_err(|error| error.to_string())
}
