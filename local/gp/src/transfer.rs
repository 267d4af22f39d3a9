//! A record on its way between practices, as one of the two sees it.

mod ask;

use std::collections::BTreeMap;
use std::time::Duration;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

pub(crate) use self::ask::transfer;
use crate::gp2gp::{Going, Referred};
use crate::system::System;

/// The kind of the records.
pub(crate) const KIND: &str = "transfer";
/// The state of a transfer that was asked for and of which nothing came in time.
pub(crate) const UNANSWERED: &str = "unanswered";

/// A record on its way, as one of the practices sees it.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Transfer {
    /// The conversation about it.
    pub conversation: Uuid,
    /// Whose record.
    pub nhs_number: String,
    /// Which way it goes.
    pub way: Way,
    /// The code of the other practice.
    pub partner: String,
    /// The id of the request.
    pub request: String,
    /// The message that brought it; empty where it was made.
    #[serde(default)]
    pub(crate) request_message: String,
    /// How it stands: `asked` and `receiving`, or `sent`, and in the end `integrated`,
    /// `acknowledged`, `unanswered` when no extract came in time, `refused-NN` with a code of
    /// GP2GP, or `undelivered-NN` with one of the broker.
    pub state: String,
    /// The id of the extract; empty until there is one.
    #[serde(default)]
    pub extract: String,
    /// How many messages it takes beside the extract, as far as that is known.
    #[serde(default)]
    pub fragments: usize,
    /// How many of them are done: here, or acknowledged by the other practice.
    #[serde(default)]
    pub fragments_done: usize,
    /// Until when the other practice has time.
    #[serde(default)]
    pub until: Option<Timestamp>,
    /// What goes in messages of its own.
    #[serde(default)]
    pub(crate) going: Vec<Going>,
    /// The messages of those that were acknowledged.
    #[serde(default)]
    pub(crate) acknowledged: Vec<String>,
    /// What the extract came with.
    #[serde(default)]
    pub(crate) manifest: Vec<Referred>,
    /// What came in messages of its own, each with what it refers to.
    #[serde(default)]
    pub(crate) came: BTreeMap<String, Vec<Referred>>,
    /// How much came, in bytes.
    #[serde(default)]
    pub(crate) came_bytes: u64,
}

/// Which way a record goes.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Way {
    /// To this practice.
    In,
    /// From it.
    Out,
}

impl Transfer {
    /// A transfer that begins.
    pub(crate) fn new(conversation: Uuid, way: Way, partner: &str) -> Self {
        Self {
            conversation,
            nhs_number: String::new(),
            way,
            partner: partner.to_owned(),
            request: String::new(),
            request_message: String::new(),
            state: match way {
                Way::In => "asked".to_owned(),
                Way::Out => "sent".to_owned(),
            },
            extract: String::new(),
            fragments: 0,
            fragments_done: 0,
            until: None,
            going: Vec::new(),
            acknowledged: Vec::new(),
            manifest: Vec::new(),
            came: BTreeMap::new(),
            came_bytes: 0,
        }
    }

    /// Whether it has not come to an end.
    pub(crate) fn is_open(&self) -> bool {
        match self.way {
            Way::In => ["asked", "receiving"].contains(&self.state.as_str()),
            Way::Out => self.state == "sent",
        }
    }
}

impl System {
    /// Keeps how a transfer stands.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) async fn keep(&self, transfer: &Transfer) -> std::io::Result<()> {
        let id = transfer.conversation.to_string();
        self.desk.folder.put(KIND, &id, transfer).await?;
        self.changed.notify_waiters();
        Ok(())
    }

    /// The transfer of a conversation.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) async fn transfer(&self, id: Uuid) -> std::io::Result<Option<Transfer>> {
        self.desk.folder.get(KIND, &id.to_string()).await
    }

    /// Changes a transfer that is open, and gives what it is then; nothing when none is. Whoever
    /// else changes it waits.
    ///
    /// # Errors
    /// When it cannot be read or kept.
    pub(crate) async fn change(
        &self,
        id: Uuid,
        change: impl FnOnce(&mut Transfer),
    ) -> std::io::Result<Option<Transfer>> {
        let _alone = self.changing.lock().await;
        let Some(mut transfer) = self.transfer(id).await?.filter(Transfer::is_open) else {
            return Ok(None);
        };
        change(&mut transfer);
        self.keep(&transfer).await?;
        Ok(Some(transfer))
    }

    /// A transfer came to an end, unless it had one.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(crate) async fn ended(&self, id: Uuid, state: &str) -> std::io::Result<()> {
        self.change(id, |transfer| state.clone_into(&mut transfer.state)).await.map(drop)
    }

    /// How a transfer stands once it came to an end, or after a while.
    ///
    /// # Errors
    /// When it cannot be read.
    pub(crate) async fn awaited(&self, id: Uuid, wait: Duration) -> std::io::Result<String> {
        let ended = async {
            loop {
                // Listening begins before the look, so that no change falls between the two.
                let changed = self.changed.notified();
                match self.transfer(id).await? {
                    Some(known) if known.is_open() => changed.await,
                    known => return Ok(known.map(|known| known.state).unwrap_or_default()),
                }
            }
        };
        if let Ok(state) = tokio::time::timeout(wait, ended).await {
            return state;
        }
        let known = self.transfer(id).await?;
        Ok(known.map(|known| known.state).unwrap_or_default())
    }
}
