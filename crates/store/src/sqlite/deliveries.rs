//! Deliveries: where they stand, and their history.

use bytes::Bytes;
use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension, Params, Row};

use super::core::Core;
use super::messages::{limit, number};
use super::resources::instant;
use crate::error::StoreError;
use crate::messages::{DELIVERIES_MAX, Delivery, DeliveryId, Event, Mark, MessageId, Status};

/// What waits for a recipient.
pub(super) const WAITING: &str = "
    SELECT id, version, lane, state, listed, wake, recipient, topic, detail FROM delivery
    WHERE recipient = ?1 AND listed = 1 AND id > ?2 ORDER BY id LIMIT ?3";
/// How many wait for a recipient.
pub(super) const COUNT_WAITING: &str = "
    SELECT count(*) FROM
    (SELECT 1 FROM delivery WHERE recipient = ?1 AND listed = 1 LIMIT ?2)";
/// What is due in a lane.
pub(super) const DUE: &str = "
    SELECT id, version, lane, state, listed, wake, recipient, topic, detail FROM delivery
    WHERE lane = ?1 AND wake <= ?2 AND wake >= ?3 AND (wake > ?3 OR id > ?4)
    ORDER BY wake, id LIMIT ?5";
/// When something is due in a lane.
pub(super) const NEXT_WAKE: &str = "
    SELECT wake FROM delivery WHERE lane = ?1 AND wake IS NOT NULL ORDER BY wake LIMIT 1";

/// Writes a delivery that begins, and the first line of its history.
pub(super) fn open(
    connection: &Connection,
    id: DeliveryId,
    status: &Status,
    event: &Bytes,
    at_us: i64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO delivery
                 (id, version, events, lane, state, listed, wake, recipient, topic, detail)
             VALUES (?1, 1, 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)",
        )?
        .execute((
            id.0 as i64,
            status.lane,
            status.state,
            status.listed,
            status.wake.map(Timestamp::as_microsecond),
            &status.recipient,
            &status.topic,
            status.detail.as_ref(),
        ))?;
    add_event(connection, id, 1, status.state, event, at_us)
}

/// Whether a delivery of a message has a time to wake at.
pub(super) fn any_wakes(connection: &Connection, id: MessageId) -> Result<bool, StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT 1 FROM delivery WHERE id > ?1 AND id <= ?2 AND wake IS NOT NULL LIMIT 1",
    )?;
    Ok(statement.exists((id.0 as i64, id.delivery(u64::MAX).0 as i64))?)
}

/// Writes the nth line of a delivery's history.
pub(super) fn add_event(
    connection: &Connection,
    id: DeliveryId,
    n: i64,
    state: u8,
    note: &Bytes,
    at_us: i64,
) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO event (delivery, n, at, state, note) VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((id.0 as i64, n, at_us, state, note.as_ref()))?;
    Ok(())
}

/// A delivery by its id.
pub(super) fn get(core: &Core, id: DeliveryId) -> Result<Option<Delivery>, StoreError> {
    let sql = "SELECT id, version, lane, state, listed, wake, recipient, topic, detail
               FROM delivery WHERE id = ?1";
    Ok(some(core, sql, [number(id.0)])?.pop())
}

/// All deliveries of a message, in order.
pub(super) fn of_message(core: &Core, id: MessageId) -> Result<Vec<Delivery>, StoreError> {
    let first = number(id.0);
    let last = first.saturating_add(DELIVERIES_MAX as i64);
    let sql = "SELECT id, version, lane, state, listed, wake, recipient, topic, detail
               FROM delivery WHERE id > ?1 AND id <= ?2 ORDER BY id";
    some(core, sql, (first, last))
}

/// What waits for a recipient, oldest first.
pub(super) fn waiting(
    core: &Core,
    recipient: &str,
    after: DeliveryId,
    most: usize,
) -> Result<Vec<Delivery>, StoreError> {
    some(core, WAITING, (recipient, number(after.0), limit(most)))
}

/// How many wait for a recipient, counting no further than `most`.
pub(super) fn count_waiting(core: &Core, recipient: &str, most: u64) -> Result<u64, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(COUNT_WAITING)?;
        let found: i64 = statement.query_row((recipient, number(most)), |row| row.get(0))?;
        Ok(found as u64)
    })
}

/// Deliveries of a lane that are due, the longest due first.
pub(super) fn due(
    core: &Core,
    lane: u16,
    by: Timestamp,
    after: Mark,
    most: usize,
) -> Result<Vec<Delivery>, StoreError> {
    let (from, behind) = (after.wake.as_microsecond(), number(after.delivery.0));
    some(core, DUE, (lane, by.as_microsecond(), from, behind, limit(most)))
}

/// The next wake-up of a lane.
pub(super) fn next_wake(core: &Core, lane: u16) -> Result<Option<Timestamp>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(NEXT_WAKE)?;
        let wake: Option<i64> = statement.query_row([lane], |row| row.get(0)).optional()?;
        wake.map(instant).transpose()
    })
}

/// The first lane from this one on that has a wake-up.
pub(super) fn next_lane(core: &Core, from: u16) -> Result<Option<u16>, StoreError> {
    core.readers.read(|connection| {
        let sql = "SELECT min(lane) FROM delivery WHERE lane >= ?1 AND wake IS NOT NULL";
        Ok(connection.prepare_cached(sql)?.query_row([from], |row| row.get(0))?)
    })
}

/// The history of a delivery, oldest first.
pub(super) fn history(core: &Core, id: DeliveryId) -> Result<Vec<Event>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT at, state, note FROM event WHERE delivery = ?1 ORDER BY n")?;
        let mut rows = statement.query([number(id.0)])?;
        let mut events = Vec::new();
        while let Some(row) = rows.next()? {
            events.push(Event {
                at: instant(row.get(0)?)?,
                state: row.get(1)?,
                note: Bytes::from(row.get::<_, Vec<u8>>(2)?),
            });
        }
        Ok(events)
    })
}

/// The deliveries that a statement chooses.
fn some(core: &Core, sql: &str, keys: impl Params) -> Result<Vec<Delivery>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(sql)?;
        let mut rows = statement.query(keys)?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            found.push(delivery(row)?);
        }
        Ok(found)
    })
}

/// A delivery from its columns, in the order of the statements above.
pub(super) fn delivery(row: &Row<'_>) -> Result<Delivery, StoreError> {
    Ok(Delivery {
        id: DeliveryId(row.get::<_, i64>(0)? as u64),
        version: row.get(1)?,
        status: Status {
            lane: row.get(2)?,
            state: row.get(3)?,
            listed: row.get(4)?,
            wake: row.get::<_, Option<i64>>(5)?.map(instant).transpose()?,
            recipient: row.get(6)?,
            topic: row.get(7)?,
            detail: Bytes::from(row.get::<_, Vec<u8>>(8)?),
        },
    })
}
