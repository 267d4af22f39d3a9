//! Reading resources: each answer is one statement, so that it is one snapshot.

use jiff::Timestamp;
use rusqlite::{OptionalExtension, Params, Row};

use super::bodies;
use super::core::Core;
use crate::error::StoreError;
use crate::resources::Stored;

/// The current version of a resource.
pub(super) fn get(core: &Core, kind: &str, id: &str) -> Result<Option<Stored>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(None) };
    one(
        core,
        "SELECT id, version, at, dictionary, body FROM resource WHERE kind = ?1 AND id = ?2",
        (kind, id),
    )
}

/// The current version of the resource on a row.
pub(super) fn by_row(core: &Core, row: i64) -> Result<Option<Stored>, StoreError> {
    one(core, "SELECT id, version, at, dictionary, body FROM resource WHERE row = ?1", [row])
}

/// One version of a resource, current or past.
pub(super) fn version(
    core: &Core,
    kind: &str,
    id: &str,
    version: u64,
) -> Result<Option<Stored>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(None) };
    let Ok(version) = i64::try_from(version) else { return Ok(None) };
    one(
        core,
        "SELECT id, version, at, dictionary, body FROM resource
         WHERE kind = ?1 AND id = ?2 AND version = ?3
         UNION ALL
         SELECT r.id, h.version, h.at, h.dictionary, h.body
         FROM resource r JOIN history h ON h.resource = r.row
         WHERE r.kind = ?1 AND r.id = ?2 AND h.version = ?3",
        (kind, id, version),
    )
}

/// The versions of a resource, newest first.
pub(super) fn history(
    core: &Core,
    kind: &str,
    id: &str,
    most: usize,
) -> Result<Vec<Stored>, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(Vec::new()) };
    core.readers.read_resources(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT id, version, at, dictionary, body FROM resource WHERE kind = ?1 AND id = ?2
             UNION ALL
             SELECT r.id, h.version, h.at, h.dictionary, h.body
             FROM resource r JOIN history h ON h.resource = r.row
             WHERE r.kind = ?1 AND r.id = ?2
             ORDER BY 2 DESC LIMIT ?3",
        )?;
        let most = i64::try_from(most).unwrap_or(i64::MAX);
        let mut rows = statement.query((kind, id, most))?;
        let mut versions = Vec::new();
        while let Some(row) = rows.next()? {
            versions.push(stored(core, row)?);
        }
        Ok(versions)
    })
}

/// How many resources of a kind there are.
pub(super) fn count(core: &Core, kind: &str) -> Result<u64, StoreError> {
    let Some(kind) = core.words.find(kind) else { return Ok(0) };
    core.readers.read_resources(|connection| {
        let mut statement =
            connection.prepare_cached("SELECT count(*) FROM resource WHERE kind = ?1")?;
        Ok(statement.query_row([kind], |row| row.get::<_, i64>(0))? as u64)
    })
}

fn one(core: &Core, sql: &str, keys: impl Params) -> Result<Option<Stored>, StoreError> {
    core.readers.read_resources(|connection| {
        let mut statement = connection.prepare_cached(sql)?;
        statement.query_row(keys, |row| Ok(stored(core, row))).optional()?.transpose()
    })
}

fn stored(core: &Core, row: &Row<'_>) -> Result<Stored, StoreError> {
    let body = row.get_ref(4)?.as_blob().map_err(|error| StoreError::Damaged(error.to_string()))?;
    Ok(Stored {
        id: row.get(0)?,
        version: row.get::<_, i64>(1)? as u64,
        at: instant(row.get(2)?)?,
        body: bodies::unpack(core, row.get(3)?, body)?,
    })
}

/// An instant from microseconds since 1970, which is how the engine keeps it.
pub(super) fn instant(us: i64) -> Result<Timestamp, StoreError> {
    Timestamp::from_microsecond(us).map_err(|error| StoreError::Damaged(error.to_string()))
}
