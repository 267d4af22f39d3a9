//! Requests taken on, and their answers.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension, Row};

use super::core::Core;
use super::resources::instant;
use crate::error::StoreError;
use crate::jobs::Job;

/// The most jobs forgotten in one commit, so that others need not wait long.
const FORGOTTEN_AT_ONCE: i64 = 1_000;

/// Writes a job, whatever state it was in before.
pub(super) fn apply(connection: &Connection, job: &Job) -> Result<(), StoreError> {
    connection
        .prepare_cached(
            "INSERT INTO job (key, digest, at, request, answer) VALUES (?1, ?2, ?3, ?4, ?5)
             ON CONFLICT (key) DO UPDATE SET digest = excluded.digest, at = excluded.at,
                 request = excluded.request, answer = excluded.answer",
        )?
        .execute((
            &job.key,
            job.digest,
            job.at.as_microsecond(),
            job.request.as_ref(),
            job.answer.as_deref(),
        ))?;
    Ok(())
}

/// Forgets some answered jobs taken on before an instant. Returns how many.
pub(super) fn forget(connection: &Connection, before_us: i64) -> Result<u64, StoreError> {
    let forgotten = connection
        .prepare_cached(
            "DELETE FROM job WHERE rowid IN
             (SELECT rowid FROM job WHERE answer IS NOT NULL AND at < ?1 ORDER BY at LIMIT ?2)",
        )?
        .execute((before_us, FORGOTTEN_AT_ONCE))?;
    Ok(forgotten as u64)
}

/// A job by its key.
pub(super) fn get(core: &Core, key: &str) -> Result<Option<Job>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection
            .prepare_cached("SELECT key, digest, at, request, answer FROM job WHERE key = ?1")?;
        statement.query_row([key], |row| Ok(job(row))).optional()?.transpose()
    })
}

/// Jobs without an answer, oldest first.
pub(super) fn unanswered(core: &Core, most: usize) -> Result<Vec<Job>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT key, digest, at, request, answer FROM job
             WHERE answer IS NULL ORDER BY at, rowid LIMIT ?1",
        )?;
        let mut rows = statement.query([i64::try_from(most).unwrap_or(i64::MAX)])?;
        let mut jobs = Vec::new();
        while let Some(row) = rows.next()? {
            jobs.push(job(row)?);
        }
        Ok(jobs)
    })
}

fn job(row: &Row<'_>) -> Result<Job, StoreError> {
    Ok(Job {
        key: row.get(0)?,
        digest: row.get(1)?,
        at: instant(row.get(2)?)?,
        request: Bytes::from(row.get::<_, Vec<u8>>(3)?),
        answer: row.get::<_, Option<Vec<u8>>>(4)?.map(Bytes::from),
    })
}
