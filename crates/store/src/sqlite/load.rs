//! Loading many new resources at once.

use rusqlite::{Connection, ErrorCode};

use super::core::Core;
use super::index::{self, Row};
use super::prepare::{self, PackedPut};
use super::puts;
use crate::error::StoreError;
use crate::resources::Put;

/// Loads a batch: all of it or nothing, on disk when it returns.
pub(super) fn load(core: &Core, batch: Vec<Put>) -> Result<(), StoreError> {
    core.alive()?;
    let packed = batch
        .into_iter()
        .map(|put| prepare::prepare_put(core, put))
        .collect::<Result<Vec<_>, _>>()?;
    let mut connection = core.writing();
    core.alive()?;
    let transaction = connection.transaction()?;
    write(&transaction, &packed, core.clock.now().as_microsecond())?;
    if let Err(error) = transaction.commit() {
        core.stop();
        return Err(error.into());
    }
    core.commits.fetch_add(1, std::sync::atomic::Ordering::Release);
    Ok(())
}

fn write(connection: &Connection, batch: &[PackedPut], at_us: i64) -> Result<(), StoreError> {
    let mut rows: Vec<(Row<'_>, i64)> = Vec::new();
    for put in batch {
        let resource = puts::insert(connection, put, at_us).map_err(|error| error)?;
        rows.extend(put.terms.rows()?.into_iter().map(|row| (row, resource)));
    }
    rows.sort_unstable();
    for (row, resource) in &rows {
        index::insert(connection, *resource, row)?;
    }
    let _ = ErrorCode::ConstraintViolation;
    Ok(())
}
