//! Steps of deliveries inside a commit: what was expected, and what is written.

use jiff::Timestamp;
use rusqlite::{Connection, OptionalExtension};

use super::{deliveries, messages};
use crate::error::StoreError;
use crate::messages::{Accept, DeliveryId, MessageId, Status, Step};

/// What a step finds, and so how it is to be written.
pub(super) enum Plan {
    /// The delivery is new.
    New,
    /// The delivery has so many lines of history, and these of its index rows change.
    Change { events: i64, listing: bool, waking: bool },
}

/// A delivery as a step finds it.
struct Found {
    version: u32,
    events: i64,
    /// Whether the step leaves its row in the list of its recipient alone.
    same_listing: bool,
    /// Whether the step leaves its row among the wake-ups alone.
    same_waking: bool,
}

/// Checks what the steps of one transaction expect, once what it accepts is there. Nothing has
/// been written yet when one fails.
pub(super) fn check(
    connection: &Connection,
    accepts: &[Accept],
    steps: &[Step],
) -> Result<Vec<Plan>, StoreError> {
    let mut plans: Vec<Plan> = Vec::with_capacity(steps.len());
    for (place, step) in steps.iter().enumerate() {
        let before = steps.get(..place).unwrap_or_default();
        let found = match planned(before, &plans, step) {
            Some(found) => Some(found),
            None => match accepted(accepts, step) {
                Some(found) => Some(found),
                None => kept(connection, step)?,
            },
        };
        plans.push(match found {
            Some(found) if found.version == step.expect => Plan::Change {
                events: found.events,
                listing: !found.same_listing,
                waking: !found.same_waking,
            },
            None if step.expect == 0 => {
                may_begin(connection, accepts, before, step.delivery)?;
                Plan::New
            }
            other => {
                let actual = other.map(|found| u64::from(found.version));
                return Err(StoreError::Conflict { kind: "delivery", actual });
            }
        });
    }
    Ok(plans)
}

/// The delivery as an earlier step of the same transaction leaves it.
fn planned(before: &[Step], plans: &[Plan], step: &Step) -> Option<Found> {
    let (last, plan) =
        before.iter().zip(plans).rev().find(|(other, _)| other.delivery == step.delivery)?;
    let events = match plan {
        Plan::New => 0,
        Plan::Change { events, .. } => *events,
    };
    Some(Found {
        version: last.expect + 1,
        events: events + i64::from(last.event.is_some()),
        same_listing: same_listing(&last.status, &step.status),
        same_waking: same_waking(&last.status, &step.status),
    })
}

/// The delivery as the same transaction accepts it.
fn accepted(accepts: &[Accept], step: &Step) -> Option<Found> {
    let message = step.delivery.message();
    let accept = accepts.iter().find(|accept| accept.message.id == message)?;
    let place = usize::try_from(step.delivery.number()).ok()?.checked_sub(1)?;
    let opening = accept.deliveries.get(place)?;
    Some(Found {
        version: 1,
        events: 1,
        same_listing: same_listing(&opening.status, &step.status),
        same_waking: same_waking(&opening.status, &step.status),
    })
}

/// The delivery as it was kept.
fn kept(connection: &Connection, step: &Step) -> Result<Option<Found>, StoreError> {
    let status = &step.status;
    let mut statement = connection.prepare_cached(
        "SELECT version, events, listed = ?2 AND recipient = ?3, lane = ?4 AND wake IS ?5
         FROM delivery WHERE id = ?1",
    )?;
    let keys = (
        step.delivery.0 as i64,
        status.listed,
        &status.recipient,
        status.lane,
        status.wake.map(Timestamp::as_microsecond),
    );
    let found = statement.query_row(keys, |row| {
        Ok(Found {
            version: row.get(0)?,
            events: row.get(1)?,
            same_listing: row.get(2)?,
            same_waking: row.get(3)?,
        })
    });
    Ok(found.optional()?)
}

fn same_listing(one: &Status, other: &Status) -> bool {
    one.listed == other.listed && one.recipient == other.recipient
}

fn same_waking(one: &Status, other: &Status) -> bool {
    one.lane == other.lane && one.wake == other.wake
}

/// A new delivery needs its message, and the next number.
fn may_begin(
    connection: &Connection,
    accepts: &[Accept],
    before: &[Step],
    id: DeliveryId,
) -> Result<(), StoreError> {
    let message = id.message();
    let accepted = accepts.iter().find(|accept| accept.message.id == message);
    let last = match accepted {
        Some(accept) => accept.deliveries.len() as u64,
        None if messages::exists(connection, message)? => last_number(connection, message)?,
        None => return Err(StoreError::Conflict { kind: "message", actual: None }),
    };
    let begun = before.iter().map(|step| step.delivery).filter(|other| other.message() == message);
    let last = begun.map(DeliveryId::number).fold(last, u64::max);
    if id.number() == last + 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict { kind: "delivery", actual: None })
    }
}

/// The number of the last delivery of a message; 0 when it has none.
fn last_number(connection: &Connection, id: MessageId) -> Result<u64, StoreError> {
    let mut statement =
        connection.prepare_cached("SELECT max(id) FROM delivery WHERE id > ?1 AND id <= ?2")?;
    let last = id.delivery(u64::MAX);
    let found: Option<i64> = statement.query_row((id.0 as i64, last.0 as i64), |row| row.get(0))?;
    Ok(found.map_or(0, |last| DeliveryId(last as u64).number()))
}

/// Writes a step that has been checked.
pub(super) fn apply(
    connection: &Connection,
    step: &Step,
    plan: &Plan,
    at_us: i64,
) -> Result<(), StoreError> {
    let Step { delivery, expect, status, event } = step;
    let Plan::Change { events, listing, waking } = *plan else {
        let event = event.clone().unwrap_or_default();
        return deliveries::open(connection, *delivery, status, &event, at_us);
    };
    let now = events + i64::from(event.is_some());
    // An index is looked at when its columns are named, even if they stay as they are.
    let more = match (listing, waking) {
        (false, false) => "",
        (true, false) => ", listed = ?7, recipient = ?8",
        (false, true) => ", lane = ?9, wake = ?10",
        (true, true) => ", listed = ?7, recipient = ?8, lane = ?9, wake = ?10",
    };
    let sql = format!(
        "UPDATE delivery
         SET version = ?2, events = ?3, state = ?4, topic = ?5, detail = ?6{more} WHERE id = ?1"
    );
    let mut statement = connection.prepare_cached(&sql)?;
    let version = expect + 1;
    statement.raw_bind_parameter(1, delivery.0 as i64)?;
    statement.raw_bind_parameter(2, version)?;
    statement.raw_bind_parameter(3, now)?;
    statement.raw_bind_parameter(4, status.state)?;
    statement.raw_bind_parameter(5, &status.topic)?;
    statement.raw_bind_parameter(6, status.detail.as_ref())?;
    if listing {
        statement.raw_bind_parameter(7, status.listed)?;
        statement.raw_bind_parameter(8, &status.recipient)?;
    }
    if waking {
        statement.raw_bind_parameter(9, status.lane)?;
        statement.raw_bind_parameter(10, status.wake.map(Timestamp::as_microsecond))?;
    }
    statement.raw_execute()?;
    match event {
        Some(event) => {
            deliveries::add_event(connection, *delivery, now, status.state, event, at_us)
        }
        None => Ok(()),
    }
}
