//! The tables, the numbered steps that lead to them, and how connections are set up.

use std::path::Path;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, TransactionBehavior};

use crate::error::StoreError;

/// The steps from an empty file to today's tables; step n leads to schema n. A step that has
/// shipped is never changed: a new one is added.
pub(super) const STEPS: &[&str] = &[
    include_str!("migrations/1.sql"),
    include_str!("migrations/2.sql"),
    include_str!("migrations/3.sql"),
    include_str!("migrations/4.sql"),
    include_str!("migrations/5.sql"),
    include_str!("migrations/6.sql"),
    include_str!("migrations/7.sql"),
    include_str!("migrations/8.sql"),
    include_str!("migrations/9.sql"),
    include_str!("migrations/10.sql"),
];

/// Marks the file as ours ("Vrtb"), so that `file` and we can tell it from any other database.
const APPLICATION: i32 = 0x5672_7462;

/// How many prepared statements a connection keeps: more than there are.
const STATEMENTS: usize = 128;

/// Keeps prepared statements as they were planned. Otherwise SQLite plans each anew whenever a
/// number is bound to its `LIMIT`: a fifth of the samples in a short profile of forwarding.
fn keep_statements(connection: &Connection) -> Result<(), StoreError> {
    connection.set_prepared_statement_cache_capacity(STATEMENTS);
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    Ok(())
}

/// Opens the connection that writes, making the file and stepping it up as needed.
pub(super) fn open_writer(file: &Path) -> Result<Connection, StoreError> {
    let mut connection = Connection::open(file)?;
    keep_statements(&connection)?;
    step_up(&mut connection, STEPS)?;
    // The log may grow: a page that changes often is then written home once, not every time.
    // Housekeeping does it, so that no commit has to wait. The cache is small: when a page was
    // split for a random key, SQLite looks through all of it at the end of the commit.
    connection.execute_batch(
        "PRAGMA journal_mode = WAL;
         PRAGMA synchronous = FULL;
         PRAGMA foreign_keys = OFF;
         PRAGMA wal_autocheckpoint = 0;
         PRAGMA journal_size_limit = 268435456;
         PRAGMA cache_size = -4096;",
    )?;
    Ok(connection)
}

/// Opens a connection that only reads.
pub(super) fn open_reader(file: &Path) -> Result<Connection, StoreError> {
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(file, flags)?;
    keep_statements(&connection)?;
    // No memory map: SQLite unmaps the file after each commit of another connection, and mapping
    // it again costs more than reading a few pages, measured.
    connection.execute_batch("PRAGMA cache_size = -8192; PRAGMA mmap_size = 0;")?;
    Ok(connection)
}

/// Opens a connection for somebody who only looks, perhaps at a folder that may not be written to:
/// there nobody else can write either, so that the file needs no lock.
pub(super) fn open_witness(file: &Path) -> Result<Connection, StoreError> {
    let looked = open_reader(file).and_then(|connection| {
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |_| Ok(()))?;
        Ok(connection)
    });
    if looked.is_ok() {
        return looked;
    }
    let flags = OpenFlags::SQLITE_OPEN_READ_ONLY
        | OpenFlags::SQLITE_OPEN_NO_MUTEX
        | OpenFlags::SQLITE_OPEN_URI;
    let path = file.to_string_lossy().replace('%', "%25").replace('?', "%3f").replace('#', "%23");
    if file.with_extension("db-wal").exists() {
        return looked;
    }
    Ok(Connection::open_with_flags(format!("file:{path}?immutable=1"), flags)?)
}

/// Applies the steps that the file lacks, all or none.
pub(super) fn step_up(connection: &mut Connection, steps: &[&str]) -> Result<(), StoreError> {
    let transaction = connection.transaction_with_behavior(TransactionBehavior::Immediate)?;
    let number =
        |name: &str| transaction.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let found = number("user_version")?;
    let known = steps.len();
    let done = usize::try_from(found).unwrap_or(usize::MAX);
    if done > known {
        return Err(StoreError::Newer { found: found as u32, known: known as u32 });
    }
    let ours = i64::from(APPLICATION);
    if number("application_id")? != ours && (found != 0 || !is_empty(&transaction)?) {
        return Err(StoreError::Folder(
            "the database in it is not a store; hint: choose another folder".to_owned(),
        ));
    }
    for step in steps.iter().skip(done) {
        transaction.execute_batch(step)?;
    }
    transaction.pragma_update(None, "user_version", known as u32)?;
    transaction.pragma_update(None, "application_id", ours)?;
    transaction.commit()?;
    Ok(())
}

/// Whether a store knows of contents: one that an older version serves does not.
pub(super) fn has_contents(connection: &Connection) -> Result<bool, StoreError> {
    has_table(connection, "content_part")
}

/// Whether a store knows of checkpoints of its audit chain.
pub(super) fn has_checkpoints(connection: &Connection) -> Result<bool, StoreError> {
    has_table(connection, "audit_checkpoint")
}

/// Whether a store knows of an index of its audit chain.
pub(super) fn has_subjects(connection: &Connection) -> Result<bool, StoreError> {
    has_table(connection, "audit_unindexed")
}

/// Whether a store knows of changes of the key that signs checkpoints.
pub(super) fn has_key_changes(connection: &Connection) -> Result<bool, StoreError> {
    has_table(connection, "audit_key")
}

fn has_table(connection: &Connection, name: &str) -> Result<bool, StoreError> {
    Ok(connection.prepare("SELECT 1 FROM sqlite_schema WHERE name = ?1")?.exists([name])?)
}

fn is_empty(connection: &Connection) -> Result<bool, StoreError> {
    let tables: i64 =
        connection.query_row("SELECT count(*) FROM sqlite_schema", [], |row| row.get(0))?;
    Ok(tables == 0)
}

#[cfg(test)]
mod tests;
