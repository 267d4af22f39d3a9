//! What is to be sent: noted before it goes, and sent until somebody took it or its time is over.
//!
//! A message is made of its note alone, so that it is the same, byte for byte, however often it is
//! sent, also by a program that was started anew: the broker takes it once.

use std::sync::Arc;
use std::time::Duration;

use desk::{Answer, Conversation, Stop, Trouble};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use tokio::sync::{Semaphore, mpsc};
use uuid::Uuid;

use crate::gp2gp::{self, Manner, Partner};
use crate::system::System;

/// The kind of the records of messages to be sent.
pub(crate) const KIND: &str = "outgoing";
/// How many are sent at once. Each is in memory while it is.
const AT_ONCE: usize = 2;
/// How long to wait before one is sent again, in seconds.
const AGAIN_S: u64 = 2;

/// A message to be sent.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Letter {
    /// Its id, in the envelope and in the message: a UUID in capitals.
    pub(crate) id: String,
    /// What it belongs to.
    pub(crate) conversation: Uuid,
    /// For whom.
    pub(crate) to: Partner,
    /// The interaction.
    pub(crate) interaction: String,
    /// What it is, in words without patients.
    pub(crate) what: String,
    /// When it was made.
    pub(crate) at: Timestamp,
    /// Until when it is worth sending.
    pub(crate) until: Timestamp,
    /// The HL7 message.
    pub(crate) payload: String,
    /// What goes with it.
    pub(crate) attached: Vec<Attached>,
}

/// Something that a message refers to.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Attached {
    /// The id of the part or of the message that it is.
    pub(crate) id: String,
    /// The id of the document.
    pub(crate) document: String,
    /// What is said about it.
    pub(crate) description: String,
    /// What it holds; nothing when it goes in a message of its own.
    pub(crate) content: Option<Slice>,
}

/// A piece of the file of a document.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Slice {
    /// The file.
    pub(crate) file: String,
    /// Where the piece begins.
    pub(crate) from: u64,
    /// How long it is.
    pub(crate) bytes: u64,
}

/// What became of a message.
enum Sent {
    /// The broker has it, or nobody wants it any more.
    Taken,
    /// It may be taken later.
    Later,
    /// It is not wanted, by this status.
    Refused(u16),
}

impl System {
    /// Notes a message, which is then sent.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(crate) async fn post(&self, letter: &Letter) -> std::io::Result<()> {
        self.desk.folder.put(KIND, &letter.id, letter).await?;
        // Whoever stops has no use for it now; the note is there when it starts again.
        let _ = self.outbox.send(letter.id.clone());
        Ok(())
    }

    /// Notes a message and sends it at once, so that somebody who waits is told what came of it.
    ///
    /// # Errors
    /// Why no answer came.
    pub(crate) async fn post_now(
        &self,
        conversation: &Conversation,
        letter: &Letter,
        manner: Manner,
    ) -> Result<Answer, Trouble> {
        let kept = self.desk.folder.put(KIND, &letter.id, letter).await;
        kept.map_err(|error| Trouble::Here(format!("the folder: {error}")))?;
        let answer = gp2gp::send(self, conversation, letter, manner).await;
        if let Err(error) = self.desk.folder.remove(KIND, &letter.id).await {
            tracing::warn!(%error, "what was sent cannot be forgotten, and is sent again");
        }
        answer
    }
}

/// Sends what is noted until told to stop, a few at once; first what was left from before.
pub(crate) async fn run(
    system: Arc<System>,
    mut waiting: mpsc::UnboundedReceiver<String>,
    stop: Stop,
) {
    match system.desk.folder.all::<Letter>(KIND).await {
        Ok(left) => {
            for letter in left {
                let _ = system.outbox.send(letter.id);
            }
        }
        Err(error) => tracing::error!(%error, "what was to be sent cannot be read"),
    }
    let places = Arc::new(Semaphore::new(AT_ONCE));
    let sending = async {
        while let Some(id) = waiting.recv().await {
            let Ok(place) = places.clone().acquire_owned().await else { return };
            let (system, stop) = (system.clone(), stop.clone());
            tokio::spawn(async move {
                tokio::select! {
                    () = attend(&system, &id) => {}
                    () = stop.cancelled() => {}
                }
                drop(place);
            });
        }
    };
    tokio::select! {
        () = sending => {}
        () = stop.cancelled() => {}
    }
}

/// Sends one, unless that makes no sense any more.
async fn attend(system: &Arc<System>, id: &str) {
    let folder = &system.desk.folder;
    let letter = match folder.get::<Letter>(KIND, id).await {
        Ok(Some(letter)) => letter,
        Ok(None) => return,
        Err(error) => return tracing::error!(%error, "what was to be sent cannot be read"),
    };
    let late = system.desk.clock.now() >= letter.until;
    let sent = match gp2gp::is_wanted(system, &letter).await {
        Ok(false) => Sent::Taken,
        Ok(true) if late => Sent::Refused(0),
        Ok(true) => tried(system, &letter).await,
        Err(_) => Sent::Later,
    };
    let done = match sent {
        Sent::Later => return again(system, letter.id),
        Sent::Taken => Ok(()),
        Sent::Refused(status) => gp2gp::not_taken(system, &letter, status).await,
    };
    let done = match done {
        Ok(()) => folder.remove(KIND, id).await,
        Err(error) => Err(error),
    };
    if let Err(error) = done {
        tracing::error!(%error, "what was sent cannot be forgotten");
        again(system, letter.id);
    }
}

async fn tried(system: &System, letter: &Letter) -> Sent {
    let conversation = Conversation::new(letter.conversation);
    match gp2gp::send(system, &conversation, letter, Manner::Usual).await {
        Ok(answer) if answer.status == 202 => Sent::Taken,
        Ok(answer) => match answer.status {
            // Who is asked too often, or has trouble of its own, may take it later.
            401 | 408 | 429 | 501..=599 => Sent::Later,
            500 if gp2gp::may_be_retried(&answer.body) => Sent::Later,
            status => Sent::Refused(status),
        },
        Err(Trouble::Here(why)) => {
            tracing::error!(why, "a message cannot be sent");
            Sent::Refused(0)
        }
        Err(_) => Sent::Later,
    }
}

fn again(system: &Arc<System>, id: String) {
    let outbox = system.outbox.clone();
    tokio::spawn(async move {
        tokio::time::sleep(Duration::from_secs(AGAIN_S)).await;
        let _ = outbox.send(id);
    });
}
