//! The ledger of resources: versions, history, and one ordered index.

use std::ops::ControlFlow;

use bytes::Bytes;
use jiff::Timestamp;

use crate::engine::Engine;
use crate::error::StoreError;

/// Names a resource: its kind (`pds-patient`) and its id within the kind.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    /// The kind, a word that the owning API chose.
    pub kind: &'static str,
    /// The id within the kind.
    pub id: String,
}

impl Key {
    /// Names a resource.
    pub fn new(kind: &'static str, id: impl Into<String>) -> Self {
        Self { kind, id: id.into() }
    }
}

/// One version of a resource, as it was put.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Stored {
    /// The id within the kind.
    pub id: String,
    /// The version, from 1.
    pub version: u64,
    /// When it was put.
    pub at: Timestamp,
    /// The bytes that were put.
    pub body: Bytes,
}

/// One row of the index: a resource can be found under a value of a parameter.
///
/// All values of a parameter sort by their bytes, so that one range scan serves equality,
/// prefixes and ranges alike.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Term {
    /// The parameter, a word that the owning API chose: `pds-born`.
    pub parameter: &'static str,
    /// The value, in bytes that sort as it should.
    pub value: Vec<u8>,
    /// Bytes to carry along, so that a search can decide without reading the resource.
    pub cover: Vec<u8>,
}

/// What must be true of a resource for a transaction to happen.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// Anything goes.
    Any,
    /// There is no such resource.
    Absent,
    /// It is at this version.
    Version(u64),
}

/// A new version of a resource.
#[derive(Clone, Debug)]
pub struct Put {
    /// Which resource.
    pub key: Key,
    /// What must be true of it beforehand.
    pub expect: Expect,
    /// The new version: one more than before, or for a new resource 1 or whatever version it
    /// comes with from elsewhere. `None` lets the store count.
    pub version: Option<u64>,
    /// The bytes to keep.
    pub body: Bytes,
    /// All the index rows that it shall have from now on.
    pub terms: Vec<Term>,
}

/// What a scan of the index shows its visitor.
#[derive(Clone, Copy, Debug)]
pub struct Entry<'a> {
    /// The value under which the resource was found.
    pub value: &'a [u8],
    /// The bytes that were carried along.
    pub cover: &'a [u8],
    /// The resource, for [`Resources::by_row`].
    pub row: i64,
}

/// A visitor of index entries; it breaks when it has seen enough.
pub type Visit<'a> = &'a mut dyn FnMut(Entry<'_>) -> ControlFlow<()>;

/// The ledger of resources.
pub struct Resources<'a> {
    pub(crate) engine: &'a Engine,
}

impl Resources<'_> {
    /// The current version of a resource.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn get(&self, kind: &'static str, id: &str) -> Result<Option<Stored>, StoreError> {
        self.engine.get(kind, id)
    }

    /// One version of a resource, current or past.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn version(
        &self,
        kind: &'static str,
        id: &str,
        version: u64,
    ) -> Result<Option<Stored>, StoreError> {
        self.engine.version(kind, id, version)
    }

    /// The versions of a resource, newest first, at most `most`.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn history(
        &self,
        kind: &'static str,
        id: &str,
        most: usize,
    ) -> Result<Vec<Stored>, StoreError> {
        self.engine.history(kind, id, most)
    }

    /// The current version of the resource that an index entry points at.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn by_row(&self, row: i64) -> Result<Option<Stored>, StoreError> {
        self.engine.by_row(row)
    }

    /// Visits the index entries of a parameter from `from` up to but not including `to`, in
    /// order, until the visitor breaks.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn scan(
        &self,
        parameter: &'static str,
        from: &[u8],
        to: &[u8],
        visit: Visit<'_>,
    ) -> Result<(), StoreError> {
        self.engine.scan(parameter, from, to, visit)
    }

    /// How many resources of a kind there are. Looks at all of them: for operators, not for
    /// requests.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn count(&self, kind: &'static str) -> Result<u64, StoreError> {
        self.engine.count(kind)
    }

    /// Announces a large load, which makes the batches of [`Resources::load`] several times
    /// faster. Until [`Resources::finish_load`], what was loaded is not found by its index, and
    /// commits that put are refused with [`StoreError::Busy`]. A load that is cut off is finished
    /// when the store is opened again: announce it again, and load what is not there yet.
    ///
    /// # Errors
    /// When the store has stopped.
    pub fn begin_load(&self) -> Result<(), StoreError> {
        self.engine.begin_load()
    }

    /// Ends a large load: builds the index. Blocks.
    ///
    /// # Errors
    /// When the engine fails.
    pub fn finish_load(&self) -> Result<(), StoreError> {
        self.engine.finish_load()
    }

    /// Puts many new resources at once, faster than commits would: for loading an empty house.
    /// Blocks; each batch is on disk when it returns. Loading what is already there fails.
    ///
    /// # Errors
    /// When the engine fails or a resource exists.
    pub fn load(&self, batch: Vec<Put>) -> Result<(), StoreError> {
        self.engine.load(batch)
    }
}
