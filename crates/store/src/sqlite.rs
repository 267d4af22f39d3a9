//! The embedded engine: `SQLite` in one file, one writer that shares syncs, many readers.
//!
//! Why it is built this way is told where it happens:
//!
//! * [`schema`]: the tables, and the steps from older ones;
//! * [`prepare`]: what the caller's own task does before the writer is troubled;
//! * [`writer`]: group commit, and why a failed sync is final;
//! * [`puts`], [`directory`], [`jobs`], [`audit`], [`messages`], [`deliveries`], [`steps`],
//!   [`lanes`], [`contents`], [`travels`]: what happens inside a commit, and the reads;
//! * [`index`]: the one ordered index;
//! * [`bodies`] and [`dictionaries`]: how bodies are packed;
//! * [`housekeeping`]: checkpoints and learning dictionaries, off the hot path;
//! * [`load`]: many new resources at once;
//! * [`subjects`]: which lines of the audit chain are about whom;
//! * [`seal`], [`seals`], [`signing_keys`], [`verify`], [`audit_folder`]: signed checkpoints of the
//!   audit chain;
//! * [`sealer`]: what the directory holds is sealed, with a key that can be replaced;
//! * [`check`], [`backup`]: for operators.

mod audit;
mod audit_folder;
mod backup;
mod bodies;
mod check;
mod contents;
mod core;
mod deliveries;
mod dictionaries;
mod directory;
mod folder;
mod housekeeping;
mod index;
mod jobs;
mod lanes;
mod load;
mod messages;
mod prepare;
mod puts;
mod readers;
mod resources;
mod schema;
mod seal;
mod sealer;
mod seals;
mod signing_keys;
mod steps;
mod subjects;
mod travels;
mod verify;
mod words;
mod writer;

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use base::keyring::Shown;
use base::{Clock, Dice};
use jiff::Timestamp;

use crate::audit::{Access, KeyChange, Link};
use crate::check::Report;
use crate::contents::part_file::PartFile;
use crate::contents::part_source::PartSource;
use crate::contents::{Content, ContentId};
use crate::disk::{self, Room};
use crate::error::StoreError;
use crate::jobs::Job;
use crate::messages::{Delivery, DeliveryId, Event, Lease, Mark, Message, MessageId};
use crate::resources::{Put, Stored, Visit};
use crate::spent::book::Book;
use crate::transaction::Transaction;
use crate::travels::{Conversation, Leg};

pub use self::audit_folder::AuditFolder;
use self::core::Core;
use self::housekeeping::Housekeeper;
use self::writer::Writer;

/// The embedded engine.
pub(crate) struct Sqlite {
    core: Arc<Core>,
    writer: Writer,
    housekeeper: Housekeeper,
    spent: Book,
}

impl Sqlite {
    /// Opens the store in a folder, making it when there is none.
    pub(crate) fn open(folder: &Path, clock: Clock, dice: &Dice) -> Result<Self, StoreError> {
        let core = Arc::new(Core::open(folder, clock, dice)?);
        load::finish_cut_off(&core)?;
        subjects::finish(&core)?;
        seal::now(&core)?;
        if sealer::finish(&core)? > 0 {
            sealer::forget_log(&core)?;
        }
        let writer = Writer::start(&core)?;
        let housekeeper = Housekeeper::start(&core)?;
        let spent = Book::open(folder, core.clock.clone())?;
        Ok(Self { core, writer, housekeeper, spent })
    }

    pub(crate) async fn commit(&self, transaction: Transaction) -> Result<(), StoreError> {
        let parcel = prepare::prepare(&self.core, transaction)?;
        if parcel.is_empty() {
            return self.core.alive();
        }
        if !parcel.puts.is_empty() && self.core.loading.load(Ordering::Acquire) {
            return Err(StoreError::Busy);
        }
        self.writer.commit(parcel).await
    }

    pub(crate) fn get(&self, kind: &'static str, id: &str) -> Result<Option<Stored>, StoreError> {
        resources::get(&self.core, kind, id)
    }

    pub(crate) fn version(
        &self,
        kind: &'static str,
        id: &str,
        version: u64,
    ) -> Result<Option<Stored>, StoreError> {
        resources::version(&self.core, kind, id, version)
    }

    pub(crate) fn history(
        &self,
        kind: &'static str,
        id: &str,
        most: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        resources::history(&self.core, kind, id, most)
    }

    pub(crate) fn by_row(&self, row: i64) -> Result<Option<Stored>, StoreError> {
        resources::by_row(&self.core, row)
    }

    pub(crate) fn scan(
        &self,
        parameter: &'static str,
        from: &[u8],
        to: &[u8],
        visit: Visit<'_>,
    ) -> Result<(), StoreError> {
        index::scan(&self.core, parameter, from, to, visit)
    }

    pub(crate) fn count(&self, kind: &'static str) -> Result<u64, StoreError> {
        resources::count(&self.core, kind)
    }

    pub(crate) fn load(&self, batch: Vec<Put>) -> Result<(), StoreError> {
        load::load(&self.core, batch)
    }

    pub(crate) fn begin_load(&self) -> Result<(), StoreError> {
        load::begin(&self.core)
    }

    pub(crate) fn finish_load(&self) -> Result<(), StoreError> {
        load::finish(&self.core)
    }

    pub(crate) fn directory_get(
        &self,
        kind: &'static str,
        id: &str,
    ) -> Result<Option<String>, StoreError> {
        directory::get(&self.core, kind, id)
    }

    pub(crate) fn directory_version(&self) -> u64 {
        self.core.records.load(Ordering::Acquire)
    }

    pub(crate) fn directory_all(
        &self,
        kind: &'static str,
    ) -> Result<Vec<(String, String)>, StoreError> {
        directory::all(&self.core, kind)
    }

    pub(crate) fn job_get(&self, key: &str) -> Result<Option<Job>, StoreError> {
        jobs::get(&self.core, key)
    }

    pub(crate) fn jobs_unanswered(&self, most: usize) -> Result<Vec<Job>, StoreError> {
        jobs::unanswered(&self.core, most)
    }

    pub(crate) async fn jobs_forget_before(&self, before: Timestamp) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let some = self.writer.forget(before).await?;
            forgotten += some;
            if some == 0 {
                return Ok(forgotten);
            }
        }
    }

    pub(crate) fn conversation(&self, id: &str) -> Result<Option<Conversation>, StoreError> {
        travels::get(&self.core, id)
    }

    pub(crate) fn conversations_latest(
        &self,
        most: usize,
    ) -> Result<Vec<Conversation>, StoreError> {
        travels::latest(&self.core, most)
    }

    pub(crate) fn legs(&self, id: &str, most: usize) -> Result<Vec<Leg>, StoreError> {
        travels::legs(&self.core, id, most)
    }

    pub(crate) async fn conversations_forget_before(
        &self,
        before: Timestamp,
    ) -> Result<u64, StoreError> {
        let mut forgotten = 0;
        loop {
            let some = self.writer.forget_conversations(before).await?;
            forgotten += some;
            if some == 0 {
                return Ok(forgotten);
            }
        }
    }

    pub(crate) fn message_get(&self, id: MessageId) -> Result<Option<Message>, StoreError> {
        messages::get(&self.core, id)
    }

    pub(crate) fn messages_recent(
        &self,
        before: MessageId,
        most: usize,
    ) -> Result<Vec<Message>, StoreError> {
        messages::recent(&self.core, before, most)
    }

    pub(crate) fn messages_labelled(
        &self,
        label: u64,
        after: MessageId,
        most: usize,
    ) -> Result<Vec<MessageId>, StoreError> {
        messages::labelled(&self.core, label, after, most)
    }

    pub(crate) fn delivery_get(&self, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
        deliveries::get(&self.core, id)
    }

    pub(crate) fn deliveries(&self, id: MessageId) -> Result<Vec<Delivery>, StoreError> {
        deliveries::of_message(&self.core, id)
    }

    pub(crate) fn deliveries_waiting(
        &self,
        recipient: &str,
        after: DeliveryId,
        most: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        deliveries::waiting(&self.core, recipient, after, most)
    }

    pub(crate) fn count_waiting(&self, recipient: &str, most: u64) -> Result<u64, StoreError> {
        deliveries::count_waiting(&self.core, recipient, most)
    }

    pub(crate) fn deliveries_due(
        &self,
        lane: u16,
        by: Timestamp,
        after: Mark,
        most: usize,
    ) -> Result<Vec<Delivery>, StoreError> {
        deliveries::due(&self.core, lane, by, after, most)
    }

    pub(crate) fn next_wake(&self, lane: u16) -> Result<Option<Timestamp>, StoreError> {
        deliveries::next_wake(&self.core, lane)
    }

    pub(crate) fn next_lane(&self, from: u16) -> Result<Option<u16>, StoreError> {
        deliveries::next_lane(&self.core, from)
    }

    pub(crate) fn delivery_history(&self, id: DeliveryId) -> Result<Vec<Event>, StoreError> {
        deliveries::history(&self.core, id)
    }

    pub(crate) fn lease_get(&self, lane: u16) -> Result<Option<Lease>, StoreError> {
        lanes::get(&self.core, lane)
    }

    pub(crate) fn content_get(&self, id: ContentId) -> Result<Option<Content>, StoreError> {
        contents::get(&self.core, id)
    }

    pub(crate) fn part_read(
        &self,
        id: ContentId,
        number: u32,
    ) -> Result<Option<PartSource>, StoreError> {
        contents::read(&self.core, id, number)
    }

    pub(crate) fn part_write(&self, id: ContentId, number: u32) -> Result<PartFile, StoreError> {
        self.core.alive()?;
        PartFile::create(&self.core.contents, id, number)
    }

    pub(crate) fn contents_sweep(&self) -> Result<u64, StoreError> {
        contents::sweep(&self.core)
    }

    /// What may be used once.
    pub(crate) fn spent(&self) -> &Book {
        &self.spent
    }

    pub(crate) fn room(&self) -> Result<Room, StoreError> {
        disk::room(&self.core.folder)
    }

    pub(crate) fn keys(&self) -> Vec<Shown> {
        self.core.sealer.ring().shown()
    }

    pub(crate) fn copy_keys(&self, to: &Path) -> Result<(), StoreError> {
        sealer::copy(&self.core.folder, to)
    }

    pub(crate) fn copy_keys_of(folder: &Path, to: &Path) -> Result<(), StoreError> {
        sealer::copy(folder, to)
    }

    pub(crate) fn rotate_keys(&self) -> Result<u64, StoreError> {
        sealer::rotate(&self.core)
    }

    pub(crate) fn rotate_signing_key(&self, access: Access) -> Result<KeyChange, StoreError> {
        seal::rotate(&self.core, access)
    }

    pub(crate) fn audit_key(&self) -> &[u8; 32] {
        &self.core.key
    }

    pub(crate) fn audit_head(&self) -> (u64, Link) {
        self.core.head()
    }

    pub(crate) fn audit_read(
        &self,
        from: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        audit::read(&self.core, from, visit)
    }

    pub(crate) fn audit_read_back(
        &self,
        before: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<(), StoreError> {
        let end = before.min(self.core.head().0);
        let blocks = &mut |end| self.core.readers.read(|rows| audit::block_before(rows, end));
        audit::read_back(blocks, end, visit)
    }

    pub(crate) fn audit_read_back_of(
        &self,
        subject: &str,
        before: u64,
        visit: &mut dyn FnMut(u64, &str) -> bool,
    ) -> Result<Option<u64>, StoreError> {
        let (readers, key) = (&self.core.readers, subjects::key(subject));
        let end = before.min(self.core.head().0);
        let in_span = &mut |span, end| readers.read(|rows| subjects::in_span(rows, span, key, end));
        let blocks = &mut |end| readers.read(|rows| audit::block_before(rows, end));
        subjects::read_back(in_span, blocks, subject, end, visit)
    }

    pub(crate) fn check(&self, progress: &mut dyn FnMut(u64, u64)) -> Result<Report, StoreError> {
        check::check(&self.core, progress)
    }

    pub(crate) fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let _files = self.core.contents.hold();
        backup::backup(&self.core.folder, to)
    }

    pub(crate) fn backup_of(folder: &Path, to: &Path) -> Result<(), StoreError> {
        backup::backup(folder, to)
    }

    pub(crate) fn restore(from: &Path, keys: &Path, folder: &Path) -> Result<(), StoreError> {
        backup::restore(from, keys, folder)
    }

    pub(crate) fn close(&self) {
        self.spent.close();
        self.writer.close();
        self.housekeeper.close();
    }
}

#[cfg(test)]
mod tests;

impl Drop for Sqlite {
    fn drop(&mut self) {
        self.close();
    }
}
