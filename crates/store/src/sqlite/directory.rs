//! Directory records.

use rusqlite::{Connection, OptionalExtension};

use super::core::Core;
use crate::directory::Record;
use crate::error::StoreError;

/// Writes or removes a record.
pub(super) fn apply(connection: &Connection, kind: i64, record: &Record) -> Result<(), StoreError> {
    match &record.body {
        Some(body) => connection
            .prepare_cached(
                "INSERT INTO directory (kind, id, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET body = excluded.body",
            )?
            .execute((kind, &record.id, body))?,
        None => connection
            .prepare_cached("DELETE FROM directory WHERE kind = ?1 AND id = ?2")?
            .execute((kind, &record.id))?,
    };
    Ok(())
}

/// The JSON text of a record.
pub(super) fn get(core: &Core, kind: &str, id: &str) -> Result<Option<String>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(None) };
    core.readers.read(|connection| {
        let mut statement =
            connection.prepare_cached("SELECT body FROM directory WHERE kind = ?1 AND id = ?2")?;
        Ok(statement.query_row((kind, id), |row| row.get(0)).optional()?)
    })
}

/// All records of a kind, by id.
pub(super) fn all(core: &Core, kind: &str) -> Result<Vec<(String, String)>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(Vec::new()) };
    core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT id, body FROM directory WHERE kind = ?1 ORDER BY id")?;
        let rows = statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}
