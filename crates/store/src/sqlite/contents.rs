//! Large bodies: the rows that name the files.

use std::fs::File;
use std::io::ErrorKind;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension};

use super::core::Core;
use crate::contents::part_source::PartSource;
use crate::contents::{Content, ContentId, Part, WrittenPart};
use crate::error::StoreError;
use crate::messages::MessageId;

/// How often a part is looked up again when its file went while it was looked up.
const LOOKS_MAX: usize = 8;

/// Checks the contents that a transaction begins, and that its parts belong somewhere.
pub(super) fn check(
    connection: &Connection,
    begun: &[(ContentId, u32)],
    parts: &[Arc<WrittenPart>],
) -> Result<(), StoreError> {
    let conflict = |actual: Option<u32>| StoreError::Conflict {
        kind: "content",
        actual: actual.map(u64::from),
    };
    for (place, (id, _)) in begun.iter().enumerate() {
        let before = begun.get(..place).unwrap_or_default();
        let planned = before.iter().find(|(other, _)| other == id).map(|(_, parts)| *parts);
        if let Some(actual) = planned.or(announced(connection, *id)?) {
            return Err(conflict(Some(actual)));
        }
    }
    for part in parts {
        let planned = begun.iter().find(|(id, _)| *id == part.content).map(|(_, parts)| *parts);
        let actual = match planned {
            Some(parts) => Some(parts),
            None => announced(connection, part.content)?,
        };
        if actual.is_none_or(|parts| part.part.number > parts) {
            return Err(conflict(actual));
        }
        // A clone of the transaction was committed before: its file may have been replaced since.
        if part.file.is_kept() && !is_named(connection, part.file.name())? {
            return Err(StoreError::Invalid("a part that has been replaced since".to_owned()));
        }
    }
    Ok(())
}

/// How many parts a content is to have, if it was begun.
fn announced(connection: &Connection, id: ContentId) -> Result<Option<u32>, StoreError> {
    let mut statement = connection.prepare_cached("SELECT parts FROM content WHERE id = ?1")?;
    Ok(statement.query_row([id.0 as i64], |row| row.get(0)).optional()?)
}

/// Begins a content.
pub(super) fn begin(connection: &Connection, id: ContentId, parts: u32) -> Result<(), StoreError> {
    connection
        .prepare_cached("INSERT INTO content (id, parts) VALUES (?1, ?2)")?
        .execute((id.0 as i64, parts))?;
    Ok(())
}

/// Writes the row of a part. Returns the file that the row named before.
pub(super) fn add(
    connection: &Connection,
    written: &WrittenPart,
) -> Result<Option<String>, StoreError> {
    let WrittenPart { content, part, checksums, file } = written;
    let mut find =
        connection.prepare_cached("SELECT file FROM content_part WHERE content = ?1 AND n = ?2")?;
    let before: Option<String> =
        find.query_row((content.0 as i64, part.number), |row| row.get(0)).optional()?;
    connection
        .prepare_cached(
            "INSERT OR REPLACE INTO content_part
                 (content, n, bytes, digest, note, checksums, file)
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        )?
        .execute((
            content.0 as i64,
            part.number,
            part.bytes as i64,
            part.digest,
            &part.note,
            checksums,
            file.name(),
        ))?;
    Ok(before.filter(|before| before != file.name()))
}

/// Removes the content of a message. Returns the files that its rows named.
pub(super) fn erase(connection: &Connection, id: MessageId) -> Result<Vec<String>, StoreError> {
    let key = id.0 as i64;
    let gone = connection.prepare_cached("DELETE FROM content WHERE id = ?1")?.execute([key])?;
    if gone == 0 {
        return Ok(Vec::new());
    }
    let mut statement =
        connection.prepare_cached("DELETE FROM content_part WHERE content = ?1 RETURNING file")?;
    let files = statement.query_map([key], |row| row.get(0))?;
    Ok(files.collect::<Result<_, _>>()?)
}

/// How much of a content is there.
pub(super) fn get(core: &Core, id: ContentId) -> Result<Option<Content>, StoreError> {
    core.readers.read(|connection| {
        // One statement, so that it is one snapshot.
        let mut statement = connection.prepare_cached(
            "SELECT c.parts, p.n, p.bytes, p.digest, p.note
             FROM content c LEFT JOIN content_part p ON p.content = c.id
             WHERE c.id = ?1 ORDER BY p.n",
        )?;
        let mut rows = statement.query([super::messages::number(id.0)])?;
        let mut content = None;
        while let Some(row) = rows.next()? {
            let parts = row.get(0)?;
            let content = content.get_or_insert(Content { parts, present: Vec::new() });
            if let Some(number) = row.get(1)? {
                content.present.push(Part {
                    number,
                    bytes: row.get::<_, i64>(2)? as u64,
                    digest: row.get(3)?,
                    note: row.get(4)?,
                });
            }
        }
        Ok(content)
    })
}

/// Begins to read a part. Between the look at its row and the look at its file both may have
/// been replaced or erased: then the row says something else by now.
pub(super) fn read(
    core: &Core,
    id: ContentId,
    number: u32,
) -> Result<Option<PartSource>, StoreError> {
    let mut missing = None;
    for _ in 0..LOOKS_MAX {
        let Some((file, bytes, checksums)) = find(core, id, number)? else { return Ok(None) };
        match File::open(core.contents.path(&file)?) {
            Ok(opened) => {
                return PartSource::new((id, number), opened, bytes, checksums).map(Some);
            }
            Err(error) if error.kind() != ErrorKind::NotFound => return Err(error.into()),
            Err(_) if missing.as_ref() == Some(&file) => break,
            Err(_) => missing = Some(file),
        }
    }
    Err(StoreError::Damaged(format!("the file of part {number} of content {} is missing", id.0)))
}

/// The file of a part, its length, and the checksums of its blocks.
type Place = (String, u64, Vec<u8>);

fn find(core: &Core, id: ContentId, number: u32) -> Result<Option<Place>, StoreError> {
    core.readers.read(|connection| {
        let mut statement = connection.prepare_cached(
            "SELECT file, bytes, checksums FROM content_part WHERE content = ?1 AND n = ?2",
        )?;
        let place = statement.query_row((super::messages::number(id.0), number), |row| {
            Ok((row.get(0)?, row.get::<_, i64>(1)? as u64, row.get(2)?))
        });
        Ok(place.optional()?)
    })
}

/// Removes files that no row names. Returns how many. Not once the store has stopped: a commit
/// whose end nobody knows may turn out to have named some of them.
pub(super) fn sweep(core: &Core) -> Result<u64, StoreError> {
    core.alive()?;
    core.contents.sweep(|name| {
        let named = core.readers.read(|connection| is_named(connection, name))?;
        core.alive().map(|()| named)
    })
}

/// Whether a row names a file. The name says which content it is of.
pub(super) fn is_named(connection: &Connection, file: &str) -> Result<bool, StoreError> {
    let id = file.split('-').next().and_then(|digits| u64::from_str_radix(digits, 16).ok());
    let Some(id) = id else { return Ok(false) };
    let mut statement =
        connection.prepare_cached("SELECT 1 FROM content_part WHERE content = ?1 AND file = ?2")?;
    Ok(statement.exists((id as i64, file))?)
}
