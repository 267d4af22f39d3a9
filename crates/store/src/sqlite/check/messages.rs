//! Each message has what belongs to it, and nothing belongs to a message that is not there.

use rusqlite::Connection;

use super::{Progress, number};
use crate::check::Report;
use crate::error::StoreError;
use crate::sqlite::{deliveries, messages};

/// What is to be looked at.
pub(super) fn total(connection: &Connection) -> Result<u64, StoreError> {
    number(connection, "SELECT count(*) FROM delivery")
}

/// Messages, deliveries, their history, and what finds them.
pub(super) fn each(
    connection: &Connection,
    report: &mut Report,
    progress: &mut Progress<'_>,
) -> Result<(), StoreError> {
    report.messages = number(connection, "SELECT count(*) FROM message")?;
    let events = each_delivery(connection, report, progress)?;
    if number(connection, "SELECT count(*) FROM event")? != events {
        report.problem("there is history of deliveries that are not there, or more than is told");
    }
    for (table, what) in [("message_label", "a label"), ("message_repeat", "a sender's name")] {
        let sql = format!(
            "SELECT message FROM {table} t
             WHERE NOT EXISTS (SELECT 1 FROM message WHERE id = t.message)"
        );
        let mut statement = connection.prepare(&sql)?;
        let mut rows = statement.query([])?;
        while let Some(row) = rows.next()? {
            let message: i64 = row.get(0)?;
            report.problem(format!("{what} leads to message {message}, which is not there"));
        }
    }
    Ok(())
}

/// Each delivery has its message and all of its history. Returns how many lines that were.
fn each_delivery(
    connection: &Connection,
    report: &mut Report,
    progress: &mut Progress<'_>,
) -> Result<u64, StoreError> {
    let mut statement = connection.prepare(
        "SELECT id, version, lane, state, listed, wake, recipient, topic, detail, events
         FROM delivery ORDER BY id",
    )?;
    let mut rows = statement.query([])?;
    let mut all = 0;
    while let Some(row) = rows.next()? {
        report.deliveries += 1;
        progress.step();
        let id: i64 = row.get(0)?;
        match deliveries::delivery(row) {
            Ok(delivery) => {
                if !messages::exists(connection, delivery.id.message())? {
                    report.problem(format!("delivery {id}: its message is not there"));
                }
            }
            Err(error) => report.problem(format!("delivery {id}: {error}")),
        }
        let due: i64 = row.get("events")?;
        let (count, first, last) = history(connection, id)?;
        if count != due || (first, last) != (1, due) {
            report.problem(format!(
                "delivery {id}: {count} lines of history from {first} to {last}, should be {due}"
            ));
        }
        all += count as u64;
    }
    Ok(all)
}

/// How many lines of history a delivery has, and their first and last number.
fn history(connection: &Connection, delivery: i64) -> Result<(i64, i64, i64), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT count(*), coalesce(min(n), 0), coalesce(max(n), 0) FROM event WHERE delivery = ?1",
    )?;
    Ok(statement.query_row([delivery], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))?)
}
