//! The audit chain on disk: one block of lines per commit.

use bytes::Bytes;
use rusqlite::{Connection, OptionalExtension};

use super::bodies;
use super::core::Core;
use super::subjects::{self, Line};
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

/// Adds lines to the chain as one block, and to its index. Returns the new head.
pub(super) fn append<'a>(
    connection: &Connection,
    head: (u64, Link),
    lines: impl Iterator<Item = &'a Line>,
) -> Result<(u64, Link), StoreError> {
    let (first, mut last) = head;
    let mut count = 0;
    let (mut body, mut about) = (Vec::new(), Vec::new());
    for Line { text, keys } in lines {
        if count > 0 {
            body.push(b'\n');
        }
        body.extend_from_slice(text.as_bytes());
        last = link(&last, text.as_bytes());
        about.extend(keys.iter().map(|key| (first + count, *key)));
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
    subjects::add(connection, about.into_iter())?;
    Ok((first + count, last))
}

/// The link after so many lines, if a block ends there: every commit ends one.
pub(super) fn link_at(connection: &Connection, count: u64) -> Result<Option<Link>, StoreError> {
    if count == 0 {
        return Ok(Some(FIRST_LINK));
    }
    let sql = "SELECT first + count, link FROM audit_block WHERE first < ?1
               ORDER BY first DESC LIMIT 1";
    let found: Option<(i64, Link)> = connection
        .query_row(sql, [i64::try_from(count).unwrap_or(i64::MAX)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    Ok(found.filter(|(end, _)| *end as u64 == count).map(|(_, link)| link))
}

/// A block of the chain.
pub(super) struct Block {
    pub(super) first: u64,
    pub(super) count: u64,
    pub(super) link: Link,
    text: Bytes,
}

impl Block {
    /// Its lines, each with a line end but for the last.
    pub(super) fn text(&self) -> &str {
        std::str::from_utf8(&self.text).unwrap_or_default()
    }

    /// Whether a line is in it.
    pub(super) fn has(&self, number: u64) -> bool {
        (self.first..self.first.saturating_add(self.count)).contains(&number)
    }

    /// A line of it.
    pub(super) fn line(&self, number: u64) -> Option<&str> {
        let place = usize::try_from(number.checked_sub(self.first)?).ok()?;
        self.text().split('\n').nth(place)
    }
}

/// Shows the lines from number `from`, each only after its block has been checked.
pub(super) fn read(
    core: &Core,
    from: u64,
    visit: &mut dyn FnMut(u64, &str) -> bool,
) -> Result<(), StoreError> {
    let Some((mut next, mut before)) = core.readers.read(|rows| start(rows, from))? else {
        return Ok(());
    };
    loop {
        let Some(block) = core.readers.read(|rows| block(rows, next))? else {
            return all_seen(next, core.head().0);
        };
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

/// Where blocks come from, the last first: the last block that begins before a line, and the link
/// before it.
pub(super) type Back<'a> = dyn FnMut(u64) -> Result<Option<(Block, Link)>, StoreError> + 'a;

/// Shows the lines before number `end`, which the chain has, the last one first. Each is shown
/// only after its block has been checked against the block before it.
pub(super) fn read_back(
    blocks: &mut Back<'_>,
    mut end: u64,
    visit: &mut dyn FnMut(u64, &str) -> bool,
) -> Result<(), StoreError> {
    while end > 0 {
        let found = blocks(end)?.filter(|(block, _)| block.first + block.count >= end);
        let Some((block, link)) = found else { return Err(missing(end - 1)) };
        let lines: Vec<&str> = verify(&block, &link)?.split('\n').collect();
        let wanted = usize::try_from(end - block.first).unwrap_or(usize::MAX);
        for (number, line) in (block.first..end).rev().zip(lines.iter().take(wanted).rev()) {
            if !visit(number, line) {
                return Ok(());
            }
        }
        end = block.first;
    }
    Ok(())
}

/// The last block that begins before a line, and the link before it.
pub(super) fn block_before(
    connection: &Connection,
    end: u64,
) -> Result<Option<(Block, Link)>, StoreError> {
    let sql = "SELECT max(first) FROM audit_block WHERE first < ?1";
    let end = i64::try_from(end).unwrap_or(i64::MAX);
    let first: Option<i64> = connection.prepare_cached(sql)?.query_row([end], |row| row.get(0))?;
    let Some(first) = first else { return Ok(None) };
    let Some(block) = block(connection, first as u64)? else { return Ok(None) };
    match link_at(connection, block.first)? {
        Some(link) => Ok(Some((block, link))),
        None => Err(missing(block.first.saturating_sub(1))),
    }
}

/// A missing block ends the chain only where the head says that it ends.
pub(super) fn all_seen(next: u64, head: u64) -> Result<(), StoreError> {
    if next < head { Err(missing(next)) } else { Ok(()) }
}

pub(super) fn missing(line: u64) -> StoreError {
    StoreError::Damaged(format!("line {line} of the audit chain is missing"))
}

/// Where the block with line `from` starts, and the link before it.
fn start(connection: &Connection, from: u64) -> Result<Option<(u64, Link)>, StoreError> {
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
}

/// The block that begins with a line.
pub(super) fn block(connection: &Connection, first: u64) -> Result<Option<Block>, StoreError> {
    let mut statement = connection
        .prepare_cached("SELECT count, link, dictionary, body FROM audit_block WHERE first = ?1")?;
    let mut rows = statement.query([first as i64])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let (count, body) = (row.get::<_, i64>(0)? as u64, row.get::<_, Vec<u8>>(3)?);
    let text = bodies::unpack_plain(row.get(2)?, &body)
        .map_err(|error| does_not_hold(first, count, &format!(": {error}")))?;
    Ok(Some(Block { first, count, link: row.get(1)?, text }))
}

/// The lines of a block, if they lead from the link before it to its own.
pub(super) fn verify<'a>(block: &'a Block, before: &Link) -> Result<&'a str, StoreError> {
    let text = block.text();
    let (mut count, mut last) = (0, *before);
    for line in text.split('\n') {
        last = link(&last, line.as_bytes());
        count += 1;
    }
    if last != block.link || count != block.count {
        return Err(does_not_hold(block.first, block.count, ""));
    }
    Ok(text)
}

fn does_not_hold(first: u64, count: u64, why: &str) -> StoreError {
    let end = first.saturating_add(count);
    StoreError::Damaged(format!("the audit chain does not hold in lines {first} to {end}{why}"))
}
