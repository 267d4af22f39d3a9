//! What travelled, by conversation.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row};

use super::core::Core;
use super::resources::instant;
use crate::error::StoreError;
use crate::travels::{Conversation, LEGS_MAX, Leg};

/// The most conversations forgotten in one commit, so that others need not wait long.
const FORGOTTEN_AT_ONCE: i64 = 100;

/// Adds a leg to its conversation.
pub(super) fn apply(connection: &Connection, leg: &Leg) -> Result<(), StoreError> {
    let at = leg.at.as_microsecond();
    let (row, number): (i64, i64) = connection
        .prepare_cached(
            "INSERT INTO conversation (id, began, latest, legs) VALUES (?1, ?2, ?2, 1)
             ON CONFLICT (id) DO UPDATE SET legs = legs + 1,
                 began = min(began, excluded.began), latest = max(latest, excluded.latest)
             RETURNING row, legs",
        )?
        .query_row((&leg.conversation, at), |row| Ok((row.get(0)?, row.get(1)?)))?;
    if number as u64 <= LEGS_MAX {
        connection
            .prepare_cached("INSERT INTO leg (conversation, n, at, body) VALUES (?1, ?2, ?3, ?4)")?
            .execute((row, number, at, leg.body.as_ref()))?;
    }
    Ok(())
}

/// Forgets some conversations without a leg since an instant. Returns how many.
pub(super) fn forget(connection: &Connection, before_us: i64) -> Result<u64, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT row FROM conversation WHERE latest < ?1 ORDER BY latest LIMIT ?2",
    )?;
    let rows = statement.query_map((before_us, FORGOTTEN_AT_ONCE), |row| row.get(0))?;
    let old: Vec<i64> = rows.collect::<Result<_, _>>()?;
    for row in &old {
        connection.prepare_cached("DELETE FROM leg WHERE conversation = ?1")?.execute([row])?;
        connection.prepare_cached("DELETE FROM conversation WHERE row = ?1")?.execute([row])?;
    }
    Ok(old.len() as u64)
}

/// A conversation by its name.
pub(super) fn get(core: &Core, id: &str) -> Result<Option<Conversation>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT id, began, latest, legs FROM conversation WHERE id = ?1")?;
        statement.query_row([id], |row| Ok(conversation(row))).optional()?.transpose()
    })
}

/// The conversations with the latest legs.
pub(super) fn latest(core: &Core, most: usize) -> Result<Vec<Conversation>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT id, began, latest, legs FROM conversation ORDER BY latest DESC LIMIT ?1",
        )?;
        let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(conversation(row)?);
        }
        Ok(found)
    })
}

/// The legs of a conversation, in the order in which they were told.
pub(super) fn legs(core: &Core, id: &str, most: usize) -> Result<Vec<Leg>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT at, body FROM leg
             WHERE conversation = (SELECT row FROM conversation WHERE id = ?1)
             ORDER BY n LIMIT ?2",
        )?;
        let mut rows = statement.query((id, i64::try_from(most).unwrap_or(i64::MAX)))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(Leg {
                conversation: id.to_owned(),
                at: instant(row.get(0)?)?,
                body: Bytes::from(row.get::<_, Vec<u8>>(1)?),
            });
        }
        Ok(found)
    })
}

fn conversation(row: &Row<'_>) -> Result<Conversation, StoreError> {
    Ok(Conversation {
        id: row.get(0)?,
        began: instant(row.get(1)?)?,
        latest: instant(row.get(2)?)?,
        legs: row.get::<_, i64>(3)? as u64,
    })
}
