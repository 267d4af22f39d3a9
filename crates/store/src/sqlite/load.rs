//! Loading many new resources at once.
//!
//! While a load is announced, index rows are set aside in the order they come, and put in their
//! place in one sorted sweep at the end: adding to a table's end and sorting is several times
//! cheaper than finding a random place in a large tree for each row.

use std::collections::HashMap;
use std::sync::atomic::Ordering;
use std::thread;

use rusqlite::{Connection, OptionalExtension, TransactionBehavior};

use super::core::Core;
use super::dictionaries::{self, SAMPLES_MIN};
use super::index::{self, Row};
use super::prepare::{self, PackedPut};
use super::puts;
use super::words::intern;
use crate::error::StoreError;
use crate::resources::Put;

/// How many threads pack bodies.
const PACKERS: usize = 2;

/// Announces a load. Until it is finished, nothing is found by index, and nothing else may put.
pub(super) fn begin(core: &Core) -> Result<(), StoreError> {
    core.alive()?;
    core.loading.store(true, Ordering::Release);
    Ok(())
}

/// Loads a batch: all of it or nothing, on disk when it returns.
pub(super) fn load(core: &Core, mut batch: Vec<Put>) -> Result<(), StoreError> {
    core.alive()?;
    // In the order of their names, neighbours share pages of the tree that finds them by name.
    batch.sort_unstable_by(|one, other| one.key.cmp(&other.key));
    learn(core, &batch)?;
    let packed = pack(core, batch)?;
    let mut connection = core.writing();
    core.alive()?;
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    write(core, &transaction, &packed)?;
    if let Err(error) = transaction.commit() {
        core.stop();
        return Err(error.into());
    }
    core.commits.fetch_add(1, Ordering::Release);
    core.readers.changed();
    Ok(())
}

/// Ends a load: puts the index rows set aside in their place, one parameter a commit, so that a
/// load that was cut off here goes on where it was.
pub(super) fn finish(core: &Core) -> Result<(), StoreError> {
    core.alive()?;
    for (_, parameter) in core.words.all() {
        let mut connection = core.writing();
        let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
        transaction.execute(
            "INSERT INTO term (parameter, value, resource, cover)
             SELECT parameter, value, resource, cover FROM staged_term
             WHERE parameter = ?1 ORDER BY value, resource",
            [parameter],
        )?;
        transaction.execute("DELETE FROM staged_term WHERE parameter = ?1", [parameter])?;
        transaction.commit()?;
        drop(connection);
        core.commits.fetch_add(1, Ordering::Release);
        core.readers.changed();
    }
    core.loading.store(false, Ordering::Release);
    Ok(())
}

/// Finishes a load that was cut off, if one was.
pub(super) fn finish_cut_off(core: &Core) -> Result<(), StoreError> {
    let found: Option<i64> = core
        .writing()
        .query_row("SELECT 1 FROM staged_term LIMIT 1", [], |row| row.get(0))
        .optional()?;
    if found.is_some() {
        tracing::info!("a load was cut off: building its index");
        finish(core)?;
    }
    Ok(())
}

/// Learns a dictionary for each kind that has none and of which the batch has enough.
fn learn(core: &Core, batch: &[Put]) -> Result<(), StoreError> {
    let mut samples: HashMap<&str, Vec<&[u8]>> = HashMap::new();
    for put in batch {
        samples.entry(put.key.kind).or_default().push(&put.body);
    }
    for (kind, samples) in samples {
        let kind = intern(core, kind)?;
        if samples.len() >= SAMPLES_MIN && core.dictionaries.encoder(kind).is_none() {
            dictionaries::learn(core, kind, &samples)?;
        }
    }
    Ok(())
}

/// Packs a batch on several threads, keeping its order.
fn pack(core: &Core, mut batch: Vec<Put>) -> Result<Vec<PackedPut>, StoreError> {
    let pack = |part: Vec<Put>| -> Result<Vec<PackedPut>, StoreError> {
        part.into_iter().map(|put| prepare::prepare_put(core, put)).collect()
    };
    let share = batch.len().div_ceil(PACKERS).max(1);
    thread::scope(|scope| {
        let mut parts = Vec::with_capacity(PACKERS);
        while batch.len() > share {
            let part = batch.split_off(batch.len() - share);
            parts.push(scope.spawn(move || pack(part)));
        }
        let mut packed = pack(batch)?;
        for part in parts.into_iter().rev() {
            let part = part.join();
            packed.extend(part.map_err(|_| StoreError::Engine("a packer panicked".to_owned()))??);
        }
        Ok(packed)
    })
}

fn write(core: &Core, connection: &Connection, batch: &[PackedPut]) -> Result<(), StoreError> {
    let at_us = core.clock.now().as_microsecond();
    let mut rows: Vec<(Row<'_>, i64)> = Vec::with_capacity(batch.len() * 4);
    for put in batch {
        let resource = puts::insert_new(connection, put, at_us)?;
        rows.extend(put.terms.rows()?.into_iter().map(|row| (row, resource)));
    }
    if core.loading.load(Ordering::Acquire) {
        let mut stage = connection.prepare_cached(
            "INSERT INTO staged_term (parameter, value, resource, cover) VALUES (?1, ?2, ?3, ?4)",
        )?;
        for (row, resource) in &rows {
            stage.execute((row.parameter, row.value, resource, row.cover))?;
        }
        return Ok(());
    }
    // Neighbours in the index share pages: in order, each page is visited once.
    rows.sort_unstable();
    for (row, resource) in &rows {
        index::insert(connection, *resource, row)?;
    }
    Ok(())
}
