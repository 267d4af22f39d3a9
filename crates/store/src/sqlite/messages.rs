//! Messages, their labels and their senders' names for them.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row};

use super::core::Core;
use super::deliveries;
use crate::contents::ContentId;
use crate::error::StoreError;
use crate::messages::{Accept, Message, MessageId, Repeat};

/// Checks that the messages of one transaction are new, in number and in name.
pub(super) fn check(connection: &Connection, accepts: &[Accept]) -> Result<(), StoreError> {
    for (place, accept) in accepts.iter().enumerate() {
        let before = accepts.get(..place).unwrap_or_default();
        if let Some(repeat) = &accept.repeat {
            let named = before.iter().find_map(|other| {
                let found = other.repeat.as_ref().filter(|found| found.key == repeat.key)?;
                Some((other.message.id, found.digest))
            });
            let named = match named {
                Some(named) => Some(named),
                None => find_repeat(connection, repeat)?,
            };
            if let Some((message, digest)) = named {
                return Err(StoreError::Repeated { message, digest });
            }
        }
        let id = accept.message.id;
        if before.iter().any(|other| other.message.id == id) || exists(connection, id)? {
            return Err(StoreError::Conflict { kind: "message", actual: Some(1) });
        }
    }
    Ok(())
}

/// Whether there is a message.
pub(super) fn exists(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached("SELECT 1 FROM message WHERE id = ?1")?;
    Ok(statement.exists([id.0 as i64])?)
}

/// Writes a message that has been checked, with everything that finds it again.
pub(super) fn apply(connection: &Connection, accept: &Accept, at: i64) -> Result<(), StoreError> {
    let Message { id, envelope, body, content } = &accept.message;
    let key = id.0 as i64;
    let content = content.map(|content| content.0 as i64);
    connection
        .prepare_cached(
            "INSERT INTO message (id, content, envelope, body) VALUES (?1, ?2, ?3, ?4)",
        )?
        .execute((key, content, envelope.as_ref(), body.as_ref()))?;
    for (number, opening) in (1..).zip(&accept.deliveries) {
        deliveries::open(connection, id.delivery(number), &opening.status, &opening.event, at)?;
    }
    for label in &accept.labels {
        connection
            .prepare_cached("INSERT INTO message_label (label, message) VALUES (?1, ?2)")?
            .execute((*label as i64, key))?;
    }
    if let Some(repeat) = &accept.repeat {
        connection
            .prepare_cached(
                "INSERT INTO message_repeat (message, key, digest) VALUES (?1, ?2, ?3)",
            )?
            .execute((key, repeat.key, repeat.digest))?;
    }
    Ok(())
}

/// Empties the body of a message.
pub(super) fn erase(connection: &Connection, id: MessageId) -> Result<(), StoreError> {
    connection
        .prepare_cached("UPDATE message SET body = x'' WHERE id = ?1")?
        .execute([id.0 as i64])?;
    Ok(())
}

/// A message by its id.
pub(super) fn get(core: &Core, id: MessageId) -> Result<Option<Message>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT id, content, envelope, body FROM message WHERE id = ?1")?;
        Ok(statement.query_row([number(id.0)], message).optional()?)
    })
}

/// The newest messages with ids below one, newest first.
pub(super) fn recent(
    core: &Core,
    before: MessageId,
    most: usize,
) -> Result<Vec<Message>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT id, content, envelope, body FROM message WHERE id < ?1
             ORDER BY id DESC LIMIT ?2",
        )?;
        let rows = statement.query_map((number(before.0), limit(most)), message)?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The ids of messages with a label above one, oldest first.
pub(super) fn labelled(
    core: &Core,
    label: u64,
    after: MessageId,
    most: usize,
) -> Result<Vec<MessageId>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT message FROM message_label WHERE label = ?1 AND message > ?2
             ORDER BY message LIMIT ?3",
        )?;
        let keys = (label as i64, number(after.0), limit(most));
        let rows = statement.query_map(keys, |row| Ok(MessageId(row.get::<_, i64>(0)? as u64)))?;
        Ok(rows.collect::<Result<_, _>>()?)
    })
}

/// The message with a sender's name, and the digest of what was sent.
fn find_repeat(
    connection: &Connection,
    repeat: &Repeat,
) -> Result<Option<(MessageId, [u8; 32])>, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT r.message, r.digest
         FROM message_label l CROSS JOIN message_repeat r ON r.message = l.message
         WHERE l.label = ?1 AND r.key = ?2",
    )?;
    let named = |row: &Row<'_>| Ok((MessageId(row.get::<_, i64>(0)? as u64), row.get(1)?));
    Ok(statement.query_row((repeat.label as i64, repeat.key), named).optional()?)
}

fn message(row: &Row<'_>) -> rusqlite::Result<Message> {
    Ok(Message {
        id: MessageId(row.get::<_, i64>(0)? as u64),
        content: row.get::<_, Option<i64>>(1)?.map(|id| ContentId(id as u64)),
        envelope: Bytes::from(row.get::<_, Vec<u8>>(2)?),
        body: Bytes::from(row.get::<_, Vec<u8>>(3)?),
    })
}

/// An id that a caller asks for, as a column holds it; beyond that there are none.
pub(super) fn number(id: u64) -> i64 {
    i64::try_from(id).unwrap_or(i64::MAX)
}

/// A limit on rows.
pub(super) fn limit(most: usize) -> i64 {
    i64::try_from(most).unwrap_or(i64::MAX)
}
