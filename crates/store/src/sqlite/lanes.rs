//! Who works on which lane.

use rusqlite::{Connection, OptionalExtension};

use super::core::Core;
use super::resources::instant;
use crate::error::StoreError;
use crate::messages::Lease;

/// Checks the lanes that a transaction is guarded by, and those that it takes.
pub(super) fn check(
    connection: &Connection,
    guards: &[(u16, u64)],
    leases: &[(Lease, Option<u64>)],
) -> Result<(), StoreError> {
    for (lane, due) in guards {
        let actual = epoch(connection, *lane)?;
        if actual != Some(*due) {
            return Err(StoreError::Conflict { kind: "lane", actual });
        }
    }
    for (place, (lease, due)) in leases.iter().enumerate() {
        let before = leases.get(..place).unwrap_or_default();
        let planned = before.iter().rev().find(|(other, _)| other.lane == lease.lane);
        let actual = match planned {
            Some((other, _)) => Some(other.epoch),
            None => epoch(connection, lease.lane)?,
        };
        if actual != *due {
            return Err(StoreError::Conflict { kind: "lane", actual });
        }
    }
    Ok(())
}

fn epoch(connection: &Connection, lane: u16) -> Result<Option<u64>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT epoch FROM lane WHERE id = ?1")?;
    let found: Option<i64> = statement.query_row([lane], |row| row.get(0)).optional()?;
    Ok(found.map(|epoch| epoch as u64))
}

/// Writes a lease that has been checked.
pub(super) fn apply(connection: &Connection, lease: &Lease) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO lane (id, owner, epoch, until) VALUES (?1, ?2, ?3, ?4)
             ON CONFLICT DO UPDATE SET owner = excluded.owner, epoch = excluded.epoch,
                 until = excluded.until",
        )?
        .execute((lease.lane, &lease.owner, lease.epoch as i64, lease.until.as_microsecond()))?;
    Ok(())
}

/// Who holds a lane.
pub(super) fn get(core: &Core, lane: u16) -> Result<Option<Lease>, StoreError> {
    core.readers.read(|connection| {
        let mut statement =
            connection.prepare_cached("SELECT owner, epoch, until FROM lane WHERE id = ?1")?;
        let mut rows = statement.query([lane])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        Ok(Some(Lease {
            lane,
            owner: row.get(0)?,
            epoch: row.get::<_, i64>(1)? as u64,
            until: instant(row.get(2)?)?,
        }))
    })
}
