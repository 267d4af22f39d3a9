//! The index of the audit chain: which lines are about whom.
//!
//! Its rows are written in the commit of their line. An index in the order of the pseudonyms alone
//! would cost that commit a page of its own for each line, since pseudonyms come in no order, and
//! more of them the longer the chain is. So the chain is cut into spans of [`SPAN`] lines, and the
//! index is in the order of the spans first: what is written to is small and stays in memory,
//! however long the chain. Who looks for a pseudonym looks once in each span.
//!
//! The index is no part of what is signed. It only says where to look: a line is shown after its
//! block was held against the chain, and `check` and `verify` hold the index against the lines.

use base::limit::AUDIT_SPANS_A_PAGE_MAX;
use rusqlite::Connection;
use serde::Deserialize;

use super::audit::{self, Back, Block};
use super::core::Core;
use super::schema;
use crate::error::StoreError;

/// How many lines a span has.
pub(super) const SPAN: u64 = 8_192;
/// How many lines from before there was an index share a commit of it.
const BATCH: u64 = 8 * SPAN;
/// How much of a pseudonym is in the index, in hexadecimal digits. The line itself has all of it.
const KEY_DIGITS: usize = 16;

/// A line on its way to the chain.
pub(super) struct Line {
    pub(super) text: String,
    /// Whom it is about, as the index knows them.
    pub(super) keys: Vec<i64>,
}

/// What a line of the chain says of whom it is about.
#[derive(Deserialize)]
struct About {
    #[serde(default)]
    subjects: Vec<String>,
}

/// How the index knows a pseudonym. What is no pseudonym of ours shares a place with its like.
pub(super) fn key(subject: &str) -> i64 {
    let digits = subject.get(..KEY_DIGITS).unwrap_or_default();
    u64::from_str_radix(digits, 16).unwrap_or_default().cast_signed()
}

/// How the index knows those whom a line of the chain is about.
pub(super) fn keys_of(line: &str) -> Vec<i64> {
    let about = serde_json::from_str::<About>(line);
    about.map_or_else(|_| Vec::new(), |about| about.subjects.iter().map(|one| key(one)).collect())
}

/// A row of the index: its span, whom it is about, and the line counted from the span's first.
type Row = (u64, i64, u64);

/// The row for a line.
fn row(number: u64, key: i64) -> Row {
    (number / SPAN, key, number % SPAN)
}

/// Adds the rows of some lines.
pub(super) fn add(
    connection: &Connection,
    lines: impl Iterator<Item = (u64, i64)>,
) -> Result<(), StoreError> {
    let mut rows: Vec<Row> = lines.map(|(number, key)| row(number, key)).collect();
    // In order, neighbours share a page; and somebody may be named twice in a line.
    rows.sort_unstable();
    rows.dedup();
    let mut insert = connection
        .prepare_cached("INSERT INTO audit_subject (span, subject, line) VALUES (?1, ?2, ?3)")?;
    for (span, key, line) in rows {
        insert.execute((span.cast_signed(), key, line.cast_signed()))?;
    }
    Ok(())
}

/// Puts the lines into the index that are from before there was one. What was cut off goes on
/// where it was.
pub(super) fn finish(core: &Core) -> Result<(), StoreError> {
    let mut connection = core.writing();
    let mut told = false;
    while let Some((first, until)) = unindexed(&connection)? {
        if !told {
            tracing::info!(lines = until - first, "building the index of the audit chain");
            told = true;
        }
        let end = until.min(first + BATCH);
        let rows = rows_between(&connection, first, end)?;
        let transaction = connection.transaction()?;
        transaction.execute("DELETE FROM audit_unindexed", [])?;
        add(&transaction, rows.into_iter())?;
        if end < until {
            let insert = "INSERT INTO audit_unindexed (first, until) VALUES (?1, ?2)";
            transaction.execute(insert, (end.cast_signed(), until.cast_signed()))?;
        }
        transaction.commit()?;
    }
    Ok(())
}

/// Which lines are not in the index yet.
fn unindexed(connection: &Connection) -> Result<Option<(u64, u64)>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT first, until FROM audit_unindexed")?;
    let mut rows = statement.query([])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    Ok(Some((row.get::<_, i64>(0)? as u64, row.get::<_, i64>(1)? as u64)))
}

/// Whom the lines between two numbers are about. What cannot be read is about nobody: that the
/// chain does not hold there is found elsewhere, and keeps no store from being opened.
fn rows_between(
    connection: &Connection,
    first: u64,
    end: u64,
) -> Result<Vec<(u64, i64)>, StoreError> {
    let mut found = Vec::new();
    let mut statement = connection.prepare(
        "SELECT first FROM audit_block WHERE first + count > ?1 AND first < ?2 ORDER BY first",
    )?;
    let mut blocks = statement.query((first.cast_signed(), end.cast_signed()))?;
    while let Some(row) = blocks.next()? {
        let block = match audit::block(connection, row.get::<_, i64>(0)? as u64) {
            Ok(Some(block)) => block,
            Ok(None) | Err(StoreError::Damaged(_)) => continue,
            Err(error) => return Err(error),
        };
        let lines = (block.first..end).zip(block.text().split('\n'));
        for (number, line) in lines.filter(|(number, _)| *number >= first) {
            found.extend(keys_of(line).into_iter().map(|key| (number, key)));
        }
    }
    Ok(found)
}

/// Whether every line of a store can be found by the index. Not in one that an older version
/// serves.
pub(super) fn is_whole(connection: &Connection) -> Result<bool, StoreError> {
    Ok(schema::has_subjects(connection)? && unindexed(connection)?.is_none())
}

/// The lines of a span that are about somebody and stand before a line, the last one first.
pub(super) fn in_span(
    connection: &Connection,
    span: u64,
    key: i64,
    end: u64,
) -> Result<Vec<u64>, StoreError> {
    let first = span * SPAN;
    let mut statement = connection.prepare_cached(
        "SELECT line FROM audit_subject WHERE span = ?1 AND subject = ?2 AND line < ?3
         ORDER BY line DESC",
    )?;
    let before = end.saturating_sub(first).min(SPAN).cast_signed();
    let lines = statement.query_map((span.cast_signed(), key, before), |row| row.get(0))?;
    let number = |line: Result<i64, rusqlite::Error>| Ok(first + line? as u64);
    lines.map(number).collect()
}

/// Where the lines of a span come from that are about whom is looked for: those before a line, the
/// last one first.
pub(super) type InSpan<'a> = dyn FnMut(u64, u64) -> Result<Vec<u64>, StoreError> + 'a;

/// Shows the lines before number `end`, which the chain has, that are about somebody, the last one
/// first; each only after its block has been checked. Looks at so many spans and no more: returns
/// before which line to go on.
pub(super) fn read_back(
    in_span: &mut InSpan<'_>,
    blocks: &mut Back<'_>,
    subject: &str,
    end: u64,
    visit: &mut dyn FnMut(u64, &str) -> bool,
) -> Result<Option<u64>, StoreError> {
    let mut open: Option<Block> = None;
    let mut left = end;
    for _ in 0..AUDIT_SPANS_A_PAGE_MAX {
        let Some(last) = left.checked_sub(1) else { return Ok(None) };
        let span = last / SPAN;
        for number in in_span(span, left)? {
            let block = match open.take().filter(|block| block.has(number)) {
                Some(block) => block,
                None => checked(blocks, number)?,
            };
            let line = block.line(number).filter(|line| line.contains(subject));
            if line.is_some_and(|line| !visit(number, line)) {
                return Ok(Some(number));
            }
            open = Some(block);
        }
        left = span * SPAN;
    }
    Ok(Some(left).filter(|left| *left > 0))
}

/// The block with a line, once it has been held against the one before it.
fn checked(blocks: &mut Back<'_>, number: u64) -> Result<Block, StoreError> {
    let found = blocks(number + 1)?.filter(|(block, _)| block.has(number));
    let Some((block, link)) = found else { return Err(audit::missing(number)) };
    audit::verify(&block, &link)?;
    Ok(block)
}

/// Holds the index against the lines of the chain, which come in order.
pub(super) struct Comparison<'a> {
    snapshot: &'a Connection,
    /// Nothing where not every line is in the index yet: it is being built.
    span: Option<u64>,
    due: Vec<Row>,
    lost: u64,
    invented: u64,
}

impl<'a> Comparison<'a> {
    pub(super) fn of(snapshot: &'a Connection) -> Result<Self, StoreError> {
        let span = is_whole(snapshot)?.then_some(0);
        Ok(Self { snapshot, span, due: Vec::new(), lost: 0, invented: 0 })
    }

    /// The next line.
    pub(super) fn line(&mut self, number: u64, keys: Vec<i64>) -> Result<(), StoreError> {
        let Some(span) = self.span else { return Ok(()) };
        if number / SPAN != span {
            self.compare(span)?;
            self.span = Some(number / SPAN);
        }
        self.due.extend(keys.into_iter().map(|key| row(number, key)));
        Ok(())
    }

    /// What is wrong with the index, after the last line.
    pub(super) fn end(mut self) -> Result<Option<String>, StoreError> {
        let Some(span) = self.span else { return Ok(None) };
        self.compare(span)?;
        let beyond = "SELECT count(*) FROM audit_subject WHERE span > ?1";
        let beyond = self.snapshot.query_row(beyond, [span.cast_signed()], |row| row.get(0));
        self.invented += beyond.map(i64::cast_unsigned)?;
        let (lost, invented) = (self.lost, self.invented);
        Ok((lost + invented > 0).then(|| {
            format!(
                "the index of the audit chain lacks {lost} rows and has {invented} too many: the \
                 chain says who looked, the index does not"
            )
        }))
    }

    fn compare(&mut self, span: u64) -> Result<(), StoreError> {
        let mut due = std::mem::take(&mut self.due);
        due.sort_unstable();
        due.dedup();
        let mut statement = self.snapshot.prepare_cached(
            "SELECT subject, line FROM audit_subject WHERE span = ?1 ORDER BY subject, line",
        )?;
        let mut rows = statement.query([span.cast_signed()])?;
        let mut found = Vec::with_capacity(due.len());
        while let Some(row) = rows.next()? {
            found.push((span, row.get(0)?, row.get::<_, i64>(1)?.cast_unsigned()));
        }
        let missing = |from: &[Row], rows: &[Row]| {
            rows.iter().filter(|row| from.binary_search(row).is_err()).count() as u64
        };
        self.lost += missing(&found, &due);
        self.invented += missing(&due, &found);
        Ok(())
    }
}

#[cfg(test)]
mod tests;
