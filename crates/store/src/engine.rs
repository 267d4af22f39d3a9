//! The seam between the ledgers and what keeps them: a closed set of engines.

use std::path::Path;

use base::keyring::Shown;
use jiff::Timestamp;

use crate::audit::{Access, KeyChange, Link};
use crate::check::Report;
use crate::contents::part_file::PartFile;
use crate::contents::part_source::PartSource;
use crate::contents::{Content, ContentId};
use crate::disk::Room;
use crate::error::StoreError;
use crate::faulty::Faulty;
use crate::jobs::Job;
use crate::messages::{Delivery, DeliveryId, Event, Lease, Mark, Message, MessageId};
use crate::resources::{Put, Stored, Visit};
use crate::spent::Digest;
use crate::sqlite::Sqlite;
use crate::transaction::Transaction;
use crate::travels::{Conversation, Leg};

/// What keeps the ledgers.
pub(crate) enum Engine {
    /// `SQLite`, embedded.
    Sqlite(Sqlite),
    /// Another engine, failing on cue.
    Faulty(Faulty),
}

impl Engine {
    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.commit(transaction).await,
            Self::Faulty(faulty) => faulty.commit(transaction).await,
        }
    }

    pub(crate) fn get(&self, kind: &'static str, id: &str) -> Result<Option<Stored>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.get(kind, id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.get(kind, id)),
        }
    }

    pub(crate) fn version(
        &self,
        kind: &'static str,
        id: &str,
        version: u64,
    ) -> Result<Option<Stored>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.version(kind, id, version),
            Self::Faulty(faulty) => faulty.read(|engine| engine.version(kind, id, version)),
        }
    }

    pub(crate) fn history(
        &self,
        kind: &'static str,
        id: &str,
        most: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.history(kind, id, most),
            Self::Faulty(faulty) => faulty.read(|engine| engine.history(kind, id, most)),
        }
    }

    pub(crate) fn by_row(&self, row: i64) -> Result<Option<Stored>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.by_row(row),
            Self::Faulty(faulty) => faulty.read(|engine| engine.by_row(row)),
        }
    }

    pub(crate) fn scan(
        &self,
        parameter: &'static str,
        from: &[u8],
        to: &[u8],
        visit: Visit<'_>,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.scan(parameter, from, to, visit),
            Self::Faulty(faulty) => faulty.read(|engine| engine.scan(parameter, from, to, visit)),
        }
    }

    pub(crate) fn count(&self, kind: &'static str) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.count(kind),
            Self::Faulty(faulty) => faulty.read(|engine| engine.count(kind)),
        }
    }

    pub(crate) fn load(&self, batch: Vec<Put>) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.load(batch),
            Self::Faulty(faulty) => {
                faulty.write_begins()?;
                faulty.inner().load(batch)
            }
        }
    }

    pub(crate) fn begin_load(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.begin_load(),
            Self::Faulty(faulty) => faulty.inner().begin_load(),
        }
    }

    pub(crate) fn finish_load(&self) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.finish_load(),
            Self::Faulty(faulty) => faulty.inner().finish_load(),
        }
    }

    pub(crate) fn directory_get(
        &self,
        kind: &'static str,
        id: &str,
    ) -> Result<Option<String>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.directory_get(kind, id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.directory_get(kind, id)),
        }
    }

    pub(crate) fn directory_version(&self) -> u64 {
        match self {
            Self::Sqlite(engine) => engine.directory_version(),
            Self::Faulty(faulty) => faulty.inner().directory_version(),
        }
    }

    pub(crate) fn directory_all(
        &self,
        kind: &'static str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.directory_all(kind),
            Self::Faulty(faulty) => faulty.read(|engine| engine.directory_all(kind)),
        }
    }

    pub(crate) fn job_get(&self, key: &str) -> Result<Option<Job>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.job_get(key),
            Self::Faulty(faulty) => faulty.read(|engine| engine.job_get(key)),
        }
    }

    pub(crate) fn jobs_unanswered(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.jobs_unanswered(most),
            Self::Faulty(faulty) => faulty.read(|engine| engine.jobs_unanswered(most)),
        }
    }

    pub(crate) async fn jobs_forget_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.jobs_forget_before(before).await,
            Self::Faulty(faulty) => {
                faulty.write_begins()?;
                Box::pin(faulty.inner().jobs_forget_before(before)).await
            }
        }
    }

    pub(crate) fn conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.conversation(id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.conversation(id)),
        }
    }

    pub(crate) fn conversations_latest(
        &self,
        most: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.conversations_latest(most),
            Self::Faulty(faulty) => faulty.read(|engine| engine.conversations_latest(most)),
        }
    }

    pub(crate) fn legs(&self, id: &str, most: usize) -> Result<Vec<Leg>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.legs(id, most),
            Self::Faulty(faulty) => faulty.read(|engine| engine.legs(id, most)),
        }
    }

    pub(crate) async fn conversations_forget_before(
        &self,
        before: Timestamp,
    ) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.conversations_forget_before(before).await,
            Self::Faulty(faulty) => {
                faulty.write_begins()?;
                Box::pin(faulty.inner().conversations_forget_before(before)).await
            }
        }
    }

    pub(crate) fn message_get(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.message_get(id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.message_get(id)),
        }
    }

    pub(crate) fn messages_recent(
        &self,
        before: MessageId,
        most: usize,
    ) -> Result<Vec<Message>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.messages_recent(before, most),
            Self::Faulty(faulty) => faulty.read(|engine| engine.messages_recent(before, most)),
        }
    }

    pub(crate) fn messages_labelled(
        &self,
        label: u64,
        after: MessageId,
        most: usize,
    ) -> Result<Vec<MessageId>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.messages_labelled(label, after, most),
            Self::Faulty(faulty) => {
                faulty.read(|engine| engine.messages_labelled(label, after, most))
            }
        }
    }

    pub(crate) fn delivery_get(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.delivery_get(id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.delivery_get(id)),
        }
    }

    pub(crate) fn deliveries(&self, id: MessageId) -> Result<Vec<Delivery>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.deliveries(id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.deliveries(id)),
        }
    }

    pub(crate) fn deliveries_waiting(
        &self,
        recipient: &str,
        after: DeliveryId,
        most: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.deliveries_waiting(recipient, after, most),
            Self::Faulty(faulty) => {
                faulty.read(|engine| engine.deliveries_waiting(recipient, after, most))
            }
        }
    }

    pub(crate) fn count_waiting(&self, recipient: &str, most: u64) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.count_waiting(recipient, most),
            Self::Faulty(faulty) => faulty.read(|engine| engine.count_waiting(recipient, most)),
        }
    }

    pub(crate) fn deliveries_due(
        &self,
        lane: u16,
        by: Timestamp,
        after: Mark,
        most: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.deliveries_due(lane, by, after, most),
            Self::Faulty(faulty) => {
                faulty.read(|engine| engine.deliveries_due(lane, by, after, most))
            }
        }
    }

    pub(crate) fn next_wake(&self, lane: u16) -> Result<Option<Timestamp>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.next_wake(lane),
            Self::Faulty(faulty) => faulty.read(|engine| engine.next_wake(lane)),
        }
    }

    pub(crate) fn next_lane(&self, from: u16) -> Result<Option<u16>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.next_lane(from),
            Self::Faulty(faulty) => faulty.read(|engine| engine.next_lane(from)),
        }
    }

    pub(crate) fn delivery_history(&self, id: DeliveryId) -> Result<Vec<Event>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.delivery_history(id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.delivery_history(id)),
        }
    }

    pub(crate) fn lease_get(&self, lane: u16) -> Result<Option<Lease>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.lease_get(lane),
            Self::Faulty(faulty) => faulty.read(|engine| engine.lease_get(lane)),
        }
    }

    pub(crate) fn content_get(&self, id: ContentId) -> Result<Option<Content>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.content_get(id),
            Self::Faulty(faulty) => faulty.read(|engine| engine.content_get(id)),
        }
    }

    pub(crate) fn part_read(
        &self,
        id: ContentId,
        number: u32,
    ) -> Result<Option<PartSource>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.part_read(id, number),
            Self::Faulty(faulty) => faulty.read(|engine| engine.part_read(id, number)),
        }
    }

    pub(crate) fn part_write(&self, id: ContentId, number: u32) -> Result<PartFile, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.part_write(id, number),
            Self::Faulty(faulty) => faulty.inner().part_write(id, number),
        }
    }

    pub(crate) fn contents_sweep(&self) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.contents_sweep(),
            Self::Faulty(faulty) => {
                faulty.write_begins()?;
                faulty.inner().contents_sweep()
            }
        }
    }

    pub(crate) async fn spend(&self, digest: Digest, until: Timestamp) -> Result<bool, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.spent().spend(digest, until).await,
            Self::Faulty(faulty) => faulty.spend(digest, until).await,
        }
    }

    pub(crate) fn is_spent(&self, digest: &Digest) -> bool {
        match self {
            Self::Sqlite(engine) => engine.spent().is_spent(digest),
            Self::Faulty(faulty) => faulty.inner().is_spent(digest),
        }
    }

    pub(crate) fn give_back(&self, digest: &Digest) {
        match self {
            Self::Sqlite(engine) => engine.spent().give_back(digest),
            Self::Faulty(faulty) => faulty.inner().give_back(digest),
        }
    }

    pub(crate) fn room(&self) -> Result<Room, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.room(),
            Self::Faulty(faulty) => faulty.inner().room(),
        }
    }

    pub(crate) fn keys(&self) -> Vec<Shown> {
        match self {
            Self::Sqlite(engine) => engine.keys(),
            Self::Faulty(faulty) => faulty.inner().keys(),
        }
    }

    pub(crate) fn copy_keys(&self, to: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.copy_keys(to),
            Self::Faulty(faulty) => faulty.inner().copy_keys(to),
        }
    }

    pub(crate) fn rotate_keys(&self) -> Result<u64, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.rotate_keys(),
            Self::Faulty(faulty) => {
                faulty.write_begins()?;
                faulty.inner().rotate_keys()
            }
        }
    }

    pub(crate) fn rotate_signing_key(&self, access: Access) -> Result<KeyChange, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.rotate_signing_key(access),
            Self::Faulty(faulty) => {
                faulty.write_begins()?;
                faulty.inner().rotate_signing_key(access)
            }
        }
    }

    pub(crate) fn audit_key(&self) -> &[u8; 32] {
        match self {
            Self::Sqlite(engine) => engine.audit_key(),
            Self::Faulty(faulty) => faulty.inner().audit_key(),
        }
    }

    pub(crate) fn audit_head(&self) -> Result<(u64, Link), StoreError> {
        match self {
            Self::Sqlite(engine) => Ok(engine.audit_head()),
            Self::Faulty(faulty) => faulty.read(Engine::audit_head),
        }
    }

    pub(crate) fn audit_read(
        &self,
        from: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.audit_read(from, visit),
            Self::Faulty(faulty) => faulty.read(|engine| engine.audit_read(from, visit)),
        }
    }

    pub(crate) fn audit_read_back_of(
        &self,
        subject: &str,
        before: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<Option<u64>, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.audit_read_back_of(subject, before, visit),
            Self::Faulty(faulty) => {
                faulty.read(|engine| engine.audit_read_back_of(subject, before, visit))
            }
        }
    }

    pub(crate) fn audit_read_back(
        &self,
        before: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.audit_read_back(before, visit),
            Self::Faulty(faulty) => faulty.read(|engine| engine.audit_read_back(before, visit)),
        }
    }

    pub(crate) fn backup(&self, to: &Path) -> Result<(), StoreError> {
        match self {
            Self::Sqlite(engine) => engine.backup(to),
            Self::Faulty(faulty) => faulty.inner().backup(to),
        }
    }

    pub(crate) fn close(&self) {
        match self {
            Self::Sqlite(engine) => engine.close(),
            Self::Faulty(faulty) => faulty.inner().close(),
        }
    }

    pub(crate) fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, StoreError> {
        match self {
            Self::Sqlite(engine) => engine.check(progress),
            Self::Faulty(faulty) => faulty.inner().check(progress),
        }
    }
}
