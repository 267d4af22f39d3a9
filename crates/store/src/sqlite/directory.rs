//! Directory records.

use rusqlite::{Connection, OptionalExtension};

use super::core::Core;
use crate::directory::Record;
use crate::error::StoreError;

/// Writes or removes a record, sealed.
pub(super) fn apply(
    core: &Core,
    connection: &Connection,
    kind: i64,
    record: &Record,
) -> Result<(), StoreError> {
    match &record.body {
        Some(body) => connection
            .prepare_cached(
                "INSERT INTO directory (kind, id, body) VALUES (?1, ?2, ?3)
                 ON CONFLICT DO UPDATE SET body = excluded.body",
            )?
            .execute((kind, &record.id, core.sealer.seal(kind, &record.id, body)?))?,
        None => connection
            .prepare_cached("DELETE FROM directory WHERE kind = ?1 AND id = ?2")?
            .execute((kind, &record.id))?,
    };
    Ok(())
}

/// The JSON text of a record.
pub(super) fn get(core: &Core, kind: &str, id: &str) -> Result<Option<String>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(None) };
    let body: Option<String> = core.readers.read(|connection| {
        let mut statement =
            connection.prepare_cached("SELECT body FROM directory WHERE kind = ?1 AND id = ?2")?;
        Ok(statement.query_row((kind, id), |row| row.get(0)).optional()?)
    })?;
    body.map(|body| core.sealer.unseal(kind, id, body)).transpose()
}

/// All records of a kind, by id.
pub(super) fn all(core: &Core, kind: &str) -> Result<Vec<(String, String)>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(Vec::new()) };
    let rows: Vec<(String, String)> = core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT id, body FROM directory WHERE kind = ?1 ORDER BY id")?;
        let rows = statement.query_map([kind], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })?;
    let unseal = |(id, body): (String, String)| {
        let body = core.sealer.unseal(kind, &id, body)?;
        Ok((id, body))
    };
    rows.into_iter().map(unseal).collect()
}

/// The records that cannot be read, as their kinds and ids.
pub(super) fn unreadable(core: &Core, connection: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = connection.prepare(
        "SELECT kind, directory.id, body, text
         FROM directory LEFT JOIN word ON word.id = directory.kind",
    )?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let (kind, id, body): (i64, String, String) = (row.get(0)?, row.get(1)?, row.get(2)?);
        if core.sealer.unseal(kind, &id, body).is_err() {
            let kind: Option<String> = row.get(3)?;
            found.push(format!("{} {id}", kind.unwrap_or_default()));
        }
    }
    Ok(found)
}
