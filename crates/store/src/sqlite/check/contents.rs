//! Each part of a large body is in its file, block by block.

use std::fs::File;

use rusqlite::Connection;

use super::{Progress, number};
use crate::check::Report;
use crate::contents::ContentId;
use crate::contents::part_source::PartSource;
use crate::error::StoreError;
use crate::sqlite::core::Core;

/// What is to be looked at.
pub(super) fn total(connection: &Connection) -> Result<u64, StoreError> {
    number(connection, "SELECT count(*) FROM content_part")
}

/// Parts and their files.
pub(super) fn each(
    core: &Core,
    connection: &Connection,
    report: &mut Report,
    progress: &mut Progress<'_>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(
        "SELECT p.content, p.n, p.bytes, p.checksums, p.file, c.parts
         FROM content_part p LEFT JOIN content c ON c.id = p.content ORDER BY p.content, p.n",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (content, part) = (ContentId(row.get::<_, i64>(0)? as u64), row.get(1)?);
        let announced: Option<u32> = row.get(5)?;
        if announced.is_none_or(|parts| part == 0 || part > parts) {
            let content = content.0;
            report.problem(format!("part {part} of content {content} belongs nowhere"));
        }
        let file: String = row.get(4)?;
        let bytes = row.get::<_, i64>(2)? as u64;
        match read(core, (content, part), &file, bytes, row.get(3)?) {
            Ok(()) => {}
            Err(StoreError::Damaged(problem)) => report.problem(problem),
            Err(error) => {
                let content = content.0;
                report.problem(format!("the file of part {part} of content {content}: {error}"));
            }
        }
        progress.step();
    }
    Ok(())
}

/// Reads a part to its end.
fn read(
    core: &Core,
    part: (ContentId, u32),
    file: &str,
    bytes: u64,
    checksums: Vec<u8>,
) -> Result<(), StoreError> {
    let file = File::open(core.contents.path(file)?)?;
    let mut source = PartSource::new(part, file, bytes, checksums)?;
    while source.next()?.is_some() {}
    Ok(())
}
