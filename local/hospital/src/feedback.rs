//! Tells whoever referred a patient what became of the referral: a message of its own, later, with
//! the roles swapped, in the same conversation.

use desk::Conversation;
use desk::bars::{Event, Letter, send};
use desk::control::{Done, Refusal};
use serde::Deserialize;

use crate::referral::{KIND, Referral};
use crate::system::System;
use crate::take::described;

/// Which referral, and what became of it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Told {
    /// The id of the referral.
    referral: String,
    /// The status that it has now; what an episode of care ends with.
    #[serde(default = "completed")]
    status: String,
}

fn completed() -> String {
    "completed".to_owned()
}

/// Tells it.
///
/// # Errors
/// When there is no such referral, or it cannot be kept.
pub(crate) async fn feedback(system: &System, told: Told) -> Result<Done, Refusal> {
    let desk = &system.desk;
    let known: Option<Referral> = desk.folder.get(KIND, &told.referral).await?;
    let mut referral = known.ok_or_else(|| Refusal::incorrect("there is no such referral"))?;
    let conversation = Conversation::new(referral.conversation);
    referral.status.clone_from(&told.status);
    let letter = Letter {
        id: desk.dice.uuid(),
        event: Event::Response,
        reason: "new",
        from: system.receiver.service(),
        to: &referral.from,
        answers: Some(&referral.header),
    };
    let bundle = letter.bundle(desk, vec![(desk.dice.uuid(), described(desk, &referral))]);
    let what = "message: what became of the referral";
    let sent = send(desk, &conversation, &referral.from, what, &bundle, false).await;
    match sent.answer {
        Ok(answer) if answer.is_good() || answer.status == 409 => {
            let _alone = system.inbox.lock().await;
            referral.told.clone_from(&told.status);
            desk.folder.put(KIND, &referral.id, &referral).await?;
            let says = format!("{} was told that its patient was seen", referral.from);
            Ok(Done::new(&conversation, "told", says))
        }
        Ok(answer) => {
            let says = format!("the feedback was refused: {} {}", answer.status, answer.code());
            Ok(Done::new(&conversation, "refused", says))
        }
        Err(trouble) => Ok(Done::new(&conversation, "unanswered", trouble.to_string())),
    }
}
