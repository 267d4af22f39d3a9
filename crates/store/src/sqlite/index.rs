//! The one ordered index: rows (parameter, value, resource), and the compact copy of its rows
//! that each resource keeps, so that a put touches only what changed.

use std::ops::ControlFlow;

use rusqlite::Connection;

use super::core::Core;
use super::words::intern;
use crate::error::StoreError;
use crate::resources::{Entry, Term, Visit};

/// One index row of a resource, borrowed from the compact copy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Row<'a> {
    pub(super) parameter: i64,
    pub(super) value: &'a [u8],
    pub(super) cover: &'a [u8],
}

/// All index rows of a resource in order: for each the parameter, the length of the value, the
/// value, the length of the cover and the cover; numbers in LEB128.
#[derive(Debug, Default)]
pub(super) struct Terms(pub(super) Vec<u8>);

impl Terms {
    /// Puts index rows in order and in bytes. Of rows with the same parameter and value, which a
    /// resource can have only once, one stays.
    pub(super) fn encode(core: &Core, terms: &[Term]) -> Result<Self, StoreError> {
        let mut rows = Vec::with_capacity(terms.len());
        for term in terms {
            let parameter = intern(core, term.parameter)?;
            rows.push(Row { parameter, value: &term.value, cover: &term.cover });
        }
        Ok(Self::from_rows(rows))
    }

    fn from_rows(mut rows: Vec<Row<'_>>) -> Self {
        rows.sort_unstable();
        rows.dedup_by(|later, kept| (later.parameter, later.value) == (kept.parameter, kept.value));
        let mut bytes = Vec::with_capacity(rows.iter().map(|row| row.value.len() + 8).sum());
        for row in rows {
            write_number(&mut bytes, row.parameter as u64);
            write_number(&mut bytes, row.value.len() as u64);
            bytes.extend_from_slice(row.value);
            write_number(&mut bytes, row.cover.len() as u64);
            bytes.extend_from_slice(row.cover);
        }
        Self(bytes)
    }

    /// The index rows, in order.
    pub(super) fn rows(&self) -> Result<Vec<Row<'_>>, StoreError> {
        decode(&self.0)
    }
}

/// The index rows in a compact copy.
pub(super) fn decode(mut bytes: &[u8]) -> Result<Vec<Row<'_>>, StoreError> {
    let damaged = || StoreError::Damaged("the index rows kept with a resource".to_owned());
    let mut rows = Vec::new();
    while !bytes.is_empty() {
        let parameter = read_number(&mut bytes).ok_or_else(damaged)? as i64;
        let value = read_bytes(&mut bytes).ok_or_else(damaged)?;
        let cover = read_bytes(&mut bytes).ok_or_else(damaged)?;
        rows.push(Row { parameter, value, cover });
    }
    Ok(rows)
}

fn write_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

fn read_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0;
    for shift in (0..63).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

fn read_bytes<'a>(bytes: &mut &'a [u8]) -> Option<&'a [u8]> {
    let length = usize::try_from(read_number(bytes)?).ok()?;
    let (taken, rest) = bytes.split_at_checked(length)?;
    *bytes = rest;
    Some(taken)
}

/// Changes the index rows of a resource from `old` to `new`, touching only what differs.
pub(super) fn replace(
    connection: &Connection,
    resource: i64,
    old: &[u8],
    new: &Terms,
) -> Result<(), StoreError> {
    if old == new.0 {
        return Ok(());
    }
    let (old, new) = (decode(old)?, new.rows()?);
    let place = |row: &Row<'_>, other: &Row<'_>| {
        (row.parameter, row.value).cmp(&(other.parameter, other.value))
    };
    for row in &old {
        if new.binary_search_by(|other| place(other, row)).is_err() {
            connection
                .prepare_cached(
                    "DELETE FROM term WHERE parameter = ?1 AND value = ?2 AND resource = ?3",
                )?
                .execute((row.parameter, row.value, resource))?;
        }
    }
    for row in &new {
        if old.binary_search(row).is_err() {
            insert(connection, resource, row)?;
        }
    }
    Ok(())
}

/// Adds an index row of a resource, or changes what it carries along.
pub(super) fn insert(
    connection: &Connection,
    resource: i64,
    row: &Row<'_>,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO term (parameter, value, resource, cover) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET cover = excluded.cover",
        )?
        .execute((row.parameter, row.value, resource, row.cover))?;
    Ok(())
}

/// Visits the index entries of a parameter from `from` up to but not including `to`.
pub(super) fn scan(
    core: &Core,
    parameter: &'static str,
    from: &[u8],
    to: &[u8],
    visit: Visit<'_>,
) -> Result<(), StoreError> {
    let Some(parameter) = core.words.find(parameter) else { return Ok(()) };
    core.readers.read_resources(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT value, cover, resource FROM term
             WHERE parameter = ?1 AND value >= ?2 AND value < ?3 ORDER BY value, resource",
        )?;
        let mut rows = statement.query((parameter, from, to))?;
        while let Some(row) = rows.next()? {
            let blob = |column| {
                let bytes = row.get_ref(column)?.as_blob();
                bytes.map_err(|error| StoreError::Damaged(error.to_string()))
            };
            let entry = Entry { value: blob(0)?, cover: blob(1)?, row: row.get(2)? };
            if visit(entry) == ControlFlow::Break(()) {
                break;
            }
        }
        Ok(())
    })
}

#[cfg(test)]
mod tests;
