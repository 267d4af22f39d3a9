//! Tells the department what changed, or that nobody comes.

use desk::Conversation;
use desk::bars::{Event, Letter, call, send};
use desk::control::{Done, Refusal};
use http::Method;
use serde::Deserialize;
use uuid::Uuid;

use crate::hand_over::{keep, outcome};
use crate::handover::{Handover, KIND};
use crate::report::resources;
use crate::system::System;

/// Which referral, and what to say.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The id of the referral.
    referral: Uuid,
    /// What the crew wants to say.
    #[serde(default)]
    note: String,
}

/// Tells what changed on the way.
///
/// # Errors
/// When there is no such referral, or it cannot be kept.
pub(crate) async fn update(system: &System, told: Told) -> Result<Done, Refusal> {
    let handover = known(system, told.referral).await?;
    let conversation = Conversation::new(handover.conversation);
    amend(system, &conversation, handover, &told.note).await
}

/// Tells that nobody comes. First it is seen how the referral stands there, as the standard asks.
///
/// # Errors
/// When there is no such referral, or it cannot be kept.
pub(crate) async fn cancel(system: &System, told: Told) -> Result<Done, Refusal> {
    let desk = &system.desk;
    let mut handover = known(system, told.referral).await?;
    let conversation = Conversation::new(handover.conversation);
    let path = format!("/ServiceRequest/{}", handover.id);
    let read = call(desk, Method::GET, &path, &handover.to, "read the referral as it stands");
    match desk.call(&conversation, read).await {
        Ok(answer) if answer.is_good() => {}
        Ok(answer) => {
            let says = format!("{} {}: nothing was cancelled", answer.status, answer.code());
            return Ok(Done::new(&conversation, "refused", says));
        }
        Err(trouble) => return Ok(Done::new(&conversation, "unanswered", trouble.to_string())),
    }
    "revoked".clone_into(&mut handover.status);
    amend(system, &conversation, handover, &told.note).await
}

async fn known(system: &System, id: Uuid) -> Result<Handover, Refusal> {
    let known: Option<Handover> = system.desk.folder.get(KIND, &id.to_string()).await?;
    known.ok_or_else(|| Refusal::incorrect("there is no such referral"))
}

async fn amend(
    system: &System,
    conversation: &Conversation,
    mut handover: Handover,
    note: &str,
) -> Result<Done, Refusal> {
    let desk = &system.desk;
    let letter = Letter {
        id: desk.dice.uuid(),
        event: Event::Request,
        reason: "update",
        from: system.receiver.service(),
        to: &handover.to,
        answers: None,
    };
    let bundle = letter.bundle(desk, resources(desk, &handover, note));
    let what = "message: what changed";
    let sent = send(desk, conversation, &handover.to, what, &bundle, false).await;
    if sent.is_taken() {
        keep(system, &mut handover, &sent).await?;
    }
    Ok(outcome(conversation, &sent, &handover))
}
