//! The dictionaries that zstd learnt, one or more per kind.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use bytes::Bytes;
use rusqlite::Connection;
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use super::bodies;
use super::core::Core;
use crate::error::StoreError;

/// How hard zstd tries: beyond 3 it takes much longer for little.
pub(super) const LEVEL: i32 = 3;
/// The size of a dictionary. Twice as much saves little more, and each is held in memory.
const DICTIONARY_BYTES: usize = 64 * 1024;
/// The most bytes of bodies that a dictionary is learnt from: enough, and learnt in a second.
const SAMPLE_BYTES_MAX: usize = 2 * 1024 * 1024;
/// The fewest bodies that are worth learning from.
pub(super) const SAMPLES_MIN: usize = 200;
/// How many resources a kind must have before housekeeping learns a dictionary for it.
const RESOURCES_MIN: u64 = 1_000;
/// The most bodies that a dictionary is learnt from.
const SAMPLES_MAX: usize = 2_000;

/// The newest dictionary of a kind, ready to compress with.
#[derive(Clone)]
pub(super) struct Encoder {
    pub(super) id: i64,
    pub(super) dictionary: Arc<EncoderDictionary<'static>>,
}

#[derive(Default)]
struct Known {
    encoders: HashMap<i64, Encoder>,
    decoders: HashMap<i64, Arc<DecoderDictionary<'static>>>,
}

/// All dictionaries, ready to use.
pub(super) struct Dictionaries {
    known: RwLock<Known>,
    /// How many bodies had to do without since the last look for kinds that need one.
    without: AtomicU64,
}

impl Dictionaries {
    /// Reads and prepares what the store has learnt.
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut statement =
            connection.prepare("SELECT id, kind, bytes FROM dictionary ORDER BY id")?;
        let mut rows = statement.query([])?;
        let mut known = Known::default();
        while let Some(row) = rows.next()? {
            known.add(row.get(0)?, row.get(1)?, &row.get::<_, Vec<u8>>(2)?)?;
        }
        Ok(Self { known: RwLock::new(known), without: AtomicU64::new(0) })
    }

    /// What to compress bodies of a kind with.
    pub(super) fn encoder(&self, kind: i64) -> Option<Encoder> {
        let found =
            self.known.read().unwrap_or_else(PoisonError::into_inner).encoders.get(&kind).cloned();
        if found.is_none() {
            self.without.fetch_add(1, Ordering::Relaxed);
        }
        found
    }

    /// What to decompress with.
    pub(super) fn decoder(&self, id: i64) -> Option<Arc<DecoderDictionary<'static>>> {
        self.known.read().unwrap_or_else(PoisonError::into_inner).decoders.get(&id).cloned()
    }
}

impl Known {
    fn add(&mut self, id: i64, kind: i64, bytes: &[u8]) -> Result<(), StoreError> {
        let dictionary = Arc::new(EncoderDictionary::try_copy(bytes, LEVEL)?);
        self.encoders.insert(kind, Encoder { id, dictionary });
        self.decoders.insert(id, Arc::new(DecoderDictionary::try_copy(bytes)?));
        Ok(())
    }
}

/// Learns a dictionary from bodies of a kind and keeps it, unless the kind has one by now.
/// Samples too few or too odd to learn from are no error: there is just no dictionary.
pub(super) fn learn(core: &Core, kind: i64, samples: &[&[u8]]) -> Result<(), StoreError> {
    let mut bytes = 0;
    let chosen: Vec<&[u8]> = samples
        .iter()
        .take(SAMPLES_MAX)
        .take_while(|sample| {
            bytes += sample.len();
            bytes <= SAMPLE_BYTES_MAX
        })
        .copied()
        .collect();
    let Ok(learnt) = zstd::dict::from_samples(&chosen, DICTIONARY_BYTES) else { return Ok(()) };
    let connection = core.writing();
    core.alive()?;
    let mut known = core.dictionaries.known.write().unwrap_or_else(PoisonError::into_inner);
    if known.encoders.contains_key(&kind) {
        return Ok(());
    }
    // On disk before the first body needs it: a dictionary lost would be every such body lost.
    connection.execute("INSERT INTO dictionary (kind, bytes) VALUES (?1, ?2)", (kind, &learnt))?;
    known.add(connection.last_insert_rowid(), kind, &learnt)
}

/// Learns a dictionary for each kind that has none and has grown to need one.
pub(super) fn learn_due(core: &Core) -> Result<(), StoreError> {
    if core.dictionaries.without.load(Ordering::Relaxed) < RESOURCES_MIN {
        return Ok(());
    }
    core.dictionaries.without.store(0, Ordering::Relaxed);
    // Parameters are words too; no resource has them for its kind.
    for (_, kind) in core.words.all() {
        let known = core.dictionaries.known.read().unwrap_or_else(PoisonError::into_inner);
        if known.encoders.contains_key(&kind) {
            continue;
        }
        drop(known);
        let samples = samples(core, kind)?;
        if samples.len() as u64 >= RESOURCES_MIN {
            let samples: Vec<&[u8]> = samples.iter().map(AsRef::as_ref).collect();
            learn(core, kind, &samples)?;
        }
    }
    Ok(())
}

/// Some bodies of a kind.
fn samples(core: &Core, kind: i64) -> Result<Vec<Bytes>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT dictionary, body FROM resource WHERE kind = ?1 LIMIT ?2")?;
        let mut rows = statement.query((kind, SAMPLES_MAX as i64))?;
        let mut samples = Vec::new();
        while let Some(row) = rows.next()? {
            let body: Vec<u8> = row.get(1)?;
            samples.push(bodies::unpack(core, row.get(0)?, &body)?);
        }
        Ok(samples)
    })
}

#[cfg(test)]
mod tests;
