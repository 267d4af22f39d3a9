//! The audit chain on disk: one block of lines per commit.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension};

use super::bodies;
use super::core::Core;
use crate::audit::{FIRST_LINK, Link, link};
use crate::error::StoreError;

/// How hard zstd tries on a block: this happens in the writer, so hardly.
const LEVEL: i32 = 1;
/// Smaller blocks stay as they are.
const PACKED_BYTES_MIN: usize = 1024;

/// How many lines the chain has, and its last link, as the tables say.
pub(super) fn last(connection: &Connection) -> Result<(u64, Link), StoreError> {
    let sql = "SELECT first + count, link FROM audit_block ORDER BY first DESC LIMIT 1";
    let found = connection
        .query_row(sql, [], |row| Ok((row.get::<_, i64>(0)? as u64, row.get(1)?)))
        .optional()?;
    Ok(found.unwrap_or((0, FIRST_LINK)))
}

/// Adds lines to the chain as one block. Returns the new head.
pub(super) fn append<'a>(
    connection: &Connection,
    head: (u64, Link),
    lines: impl Iterator<Item = &'a String>,
) -> Result<(u64, Link), StoreError> {
    let (first, mut last) = head;
    let mut count = 0;
    let mut body = Vec::new();
    for line in lines {
        if count > 0 {
            body.push(b'\n');
        }
        body.extend_from_slice(line.as_bytes());
        last = link(&last, line.as_bytes());
        count += 1;
    }
    if count == 0 {
        return Ok(head);
    }
    let body = Bytes::from(body);
    let pays = body.len() >= PACKED_BYTES_MIN;
    let packed = if pays { bodies::pack_plain(body, LEVEL) } else { bodies::keep_raw(body) };
    connection
        .prepare_cached(
            "INSERT INTO audit_block (first, count, link, dictionary, body)
             VALUES (?1, ?2, ?3, ?4, ?5)",
        )?
        .execute((first as i64, count as i64, last, packed.dictionary, packed.bytes.as_ref()))?;
    Ok((first + count, last))
}

/// A block of the chain.
struct Block {
    first: u64,
    count: u64,
    link: Link,
    text: Bytes,
}

/// Shows the lines from number `from`, each only after its block has been checked.
pub(super) fn read(
    core: &Core,
    from: u64,
    visit: &mut dyn FnMut(u64, &str) -> bool,
) -> Result<(), StoreError> {
    let Some((mut next, mut before)) = start(core, from)? else { return Ok(()) };
    loop {
        let Some(block) = block(core, next)? else { return all_seen(core, next) };
        let text = verify(&block, &before)?;
        for (number, line) in (block.first..).zip(text.split('\n')) {
            if number >= from && !visit(number, line) {
                return Ok(());
            }
        }
        next = block.first + block.count;
        before = block.link;
    }
}

/// A missing block ends the chain only where the head says that it ends.
fn all_seen(core: &Core, next: u64) -> Result<(), StoreError> {
    let (head, _) = core.head();
    if next < head {
        return Err(StoreError::Damaged(format!("line {next} of the audit chain is missing")));
    }
    Ok(())
}

/// Where the block with line `from` starts, and the link before it.
fn start(core: &Core, from: u64) -> Result<Option<(u64, Link)>, StoreError> {
    core.readers.read(|connection| {
        let Ok(from) = i64::try_from(from) else { return Ok(None) };
        let first: Option<i64> = connection
            .prepare_cached("SELECT max(first) FROM audit_block WHERE first <= ?1")?
            .query_row([from], |row| row.get(0))?;
        // Without a block for it, the chain starts elsewhere than at its start or is empty.
        let Some(first) = first.filter(|first| *first > 0) else {
            return Ok(Some((0, FIRST_LINK)));
        };
        let before = connection
            .prepare_cached(
                "SELECT link FROM audit_block WHERE first < ?1 ORDER BY first DESC LIMIT 1",
            )?
            .query_row([first], |row| row.get(0))
            .optional()?;
        Ok(Some((first as u64, before.unwrap_or(FIRST_LINK))))
    })
}

fn block(core: &Core, first: u64) -> Result<Option<Block>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT count, link, dictionary, body FROM audit_block WHERE first = ?1",
        )?;
        let mut rows = statement.query([first as i64])?;
        let Some(row) = rows.next()? else { return Ok(None) };
        let body: Vec<u8> = row.get(3)?;
        Ok(Some(Block {
            first,
            count: row.get::<_, i64>(0)? as u64,
            link: row.get(1)?,
            text: bodies::unpack(core, row.get(2)?, &body)?,
        }))
    })
}

/// The lines of a block, if they lead from the link before it to its own.
fn verify<'a>(block: &'a Block, before: &Link) -> Result<&'a str, StoreError> {
    let text = std::str::from_utf8(&block.text).unwrap_or_default();
    let (mut count, mut last) = (0, *before);
    for line in text.split('\n') {
        last = link(&last, line.as_bytes());
        count += 1;
    }
    if last != block.link || count != block.count {
        let (first, end) = (block.first, block.first + block.count);
        return Err(StoreError::Damaged(format!(
            "the audit chain does not hold in lines {first} to {end}"
        )));
    }
    Ok(text)
}
