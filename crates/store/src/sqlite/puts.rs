//! Puts inside a commit: what was expected, and what is written.

use std::collections::HashMap;

use rusqlite::{Connection, ErrorCode, OptionalExtension};

use super::index;
use super::prepare::PackedPut;
use crate::error::StoreError;
use crate::resources::Expect;

/// Checks what the puts of one transaction expect. Nothing has been written yet when one fails,
/// so a conflict costs no roll-back.
pub(super) fn check(connection: &Connection, puts: &[PackedPut]) -> Result<(), StoreError> {
    // A transaction may put the same resource twice: the second sees the first.
    let mut planned: HashMap<(i64, &str), u64> = HashMap::new();
    for put in puts {
        let place = (put.kind_id, put.id.as_str());
        let actual = match planned.get(&place) {
            Some(version) => Some(*version),
            None => current(connection, put)?,
        };
        let holds = match put.expect {
            Expect::Any => true,
            Expect::Absent => actual.is_none(),
            Expect::Version(version) => actual == Some(version),
        };
        // A resource that comes from elsewhere brings its version along.
        let next = actual.map_or(put.version.unwrap_or(1), |version| version + 1);
        let given = put.version.is_none_or(|version| version == next);
        if !holds || !given || !is_version(next) {
            return Err(StoreError::Conflict { kind: put.kind, actual });
        }
        if puts.len() > 1 {
            planned.insert(place, next);
        }
    }
    Ok(())
}

/// Whether a number can be that of a version: from 1, and no more than the columns hold.
fn is_version(number: u64) -> bool {
    number >= 1 && i64::try_from(number).is_ok()
}

fn current(connection: &Connection, put: &PackedPut) -> Result<Option<u64>, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT version FROM resource WHERE kind = ?1 AND id = ?2")?;
    let version =
        statement.query_row((put.kind_id, &put.id), |row| row.get::<_, i64>(0)).optional()?;
    Ok(version.map(|version| version as u64))
}

/// Writes a put that has been checked.
pub(super) fn apply(connection: &Connection, put: &PackedPut, at: i64) -> Result<(), StoreError> {
    let mut find = connection
        .prepare_cached("SELECT row, version, terms FROM resource WHERE kind = ?1 AND id = ?2")?;
    let found: Option<(i64, i64, Vec<u8>)> = find
        .query_row((put.kind_id, &put.id), |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    let Some((row, version, terms)) = found else {
        let row = insert(connection, put, at)?;
        return index::replace(connection, row, &[], &put.terms);
    };
    connection
        .prepare_cached(
            "INSERT INTO history (resource, version, at, dictionary, body)
             SELECT row, version, at, dictionary, body FROM resource WHERE row = ?1",
        )?
        .execute([row])?;
    connection
        .prepare_cached(
            "UPDATE resource SET version = ?2, at = ?3, terms = ?4, dictionary = ?5, body = ?6
             WHERE row = ?1",
        )?
        .execute((
            row,
            version + 1,
            at,
            &put.terms.0,
            put.body.dictionary,
            put.body.bytes.as_ref(),
        ))?;
    index::replace(connection, row, &terms, &put.terms)
}

/// Writes the first version of a resource that must not exist yet and returns its row. Its index
/// rows are another matter.
pub(super) fn insert_new(
    connection: &Connection,
    put: &PackedPut,
    at_us: i64,
) -> Result<i64, StoreError> {
    let conflict = || StoreError::Conflict {
        kind: put.kind,
        actual: current(connection, put).unwrap_or(None),
    };
    if matches!(put.expect, Expect::Version(_)) || !put.version.is_none_or(is_version) {
        return Err(conflict());
    }
    insert(connection, put, at_us).map_err(|error| match error.sqlite_error_code() {
        Some(ErrorCode::ConstraintViolation) => conflict(),
        _ => error.into(),
    })
}

/// Writes the first version of a resource and returns its row.
fn insert(connection: &Connection, put: &PackedPut, at: i64) -> rusqlite::Result<i64> {
    connection
        .prepare_cached(
            "INSERT INTO resource (kind, id, first, version, at, terms, dictionary, body)
             VALUES (?1, ?2, ?3, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            put.kind_id,
            &put.id,
            put.version.unwrap_or(1) as i64,
            at,
            &put.terms.0,
            put.body.dictionary,
            put.body.bytes.as_ref(),
        ))?;
    Ok(connection.last_insert_rowid())
}
