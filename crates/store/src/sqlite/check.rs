//! Looks at everything in the store, as it stood when the check began.

mod contents;
mod messages;

use std::ops::Range;

use rusqlite::Connection;

use super::core::Core;
use super::index::{self, Row};
use super::verify::{Sealed, verify};
use super::{bodies, directory, folder, schema};
use crate::audit::verdict::Witness;
use crate::check::Report;
use crate::error::StoreError;
use crate::spent;

/// How many steps go by between two signs of progress.
const STEPS_A_SIGN: u64 = 1_000;

/// Counts steps and tells how far the check has come.
struct Progress<'a> {
    done: u64,
    total: u64,
    tell: &'a mut dyn FnMut(u64, u64),
}

impl Progress<'_> {
    fn step(&mut self) {
        self.done += 1;
        if self.done.is_multiple_of(STEPS_A_SIGN) {
            (self.tell)(self.done, self.total);
        }
    }

    /// Steps on until so many are done.
    fn reach(&mut self, done: u64) {
        let signs = self.done / STEPS_A_SIGN;
        self.done = done.min(self.total);
        if self.done / STEPS_A_SIGN > signs {
            (self.tell)(self.done, self.total);
        }
    }
}

/// Checks everything. Problems are what it reports; an error means that it could not look.
pub(super) fn check(core: &Core, tell: &mut dyn FnMut(u64, u64)) -> Result<Report, StoreError> {
    let mut report = Report::default();
    let _files = core.contents.hold();
    let connection = schema::open_reader(&core.folder.join(folder::DATABASE))?;
    connection.execute_batch("BEGIN")?;
    let (lines, sealed) = (core.head().0, Sealed::read(&core.folder)?);
    let resources = number(&connection, "SELECT count(*) FROM resource")?;
    let mailed = messages::total(&connection)? + contents::total(&connection)?;
    let mut progress = Progress { done: 0, total: resources + mailed + lines, tell };
    pages(&connection, &mut report)?;
    each_resource(core, &connection, &mut report, &mut progress)?;
    nothing_besides(&connection, &mut report)?;
    for record in directory::unreadable(core, &connection)? {
        report.problem(format!("the directory: {record} is sealed with a key that is not there"));
    }
    messages::each(&connection, &mut report, &mut progress)?;
    contents::each(core, &connection, &mut report, &mut progress)?;
    spent::files::check(&core.folder, &mut report)?;
    let before = progress.done;
    let tell = &mut |done| progress.reach(before + done);
    let witness = Witness::default();
    let verdict = verify(&core.folder, &connection, &sealed, lines, &witness, tell)?;
    report.accesses = verdict.lines;
    verdict.problems.into_iter().for_each(|problem| report.problem(problem));
    (progress.tell)(progress.total, progress.total);
    Ok(report)
}

fn number(connection: &Connection, sql: &str) -> Result<u64, StoreError> {
    Ok(connection.query_row(sql, [], |row| row.get::<_, i64>(0))? as u64)
}

/// What `SQLite` itself finds wrong.
fn pages(connection: &Connection, report: &mut Report) -> Result<(), StoreError> {
    let mut statement = connection.prepare("PRAGMA integrity_check")?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let finding: String = row.get(0)?;
        if finding != "ok" {
            report.problem(format!("the file: {finding}"));
        }
    }
    Ok(())
}

/// Each resource: its body, its past, its index rows.
fn each_resource(
    core: &Core,
    connection: &Connection,
    report: &mut Report,
    progress: &mut Progress<'_>,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare(
        "SELECT row, version, dictionary, body, terms, first FROM resource ORDER BY row",
    )?;
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let (resource, version): (i64, i64) = (row.get(0)?, row.get(1)?);
        let (body, terms): (Vec<u8>, Vec<u8>) = (row.get(3)?, row.get(4)?);
        report.resources += 1;
        report.versions += 1;
        if let Err(error) = bodies::unpack(core, row.get(2)?, &body) {
            report.problem(format!("resource {resource}, version {version}: {error}"));
        }
        past(core, connection, resource, row.get(5)?..version, report)?;
        match index::decode(&terms) {
            Ok(terms) => index_rows(connection, resource, &terms, report)?,
            Err(error) => report.problem(format!("resource {resource}: {error}")),
        }
        progress.step();
    }
    Ok(())
}

/// The versions before the current one: all of them, without a gap.
fn past(
    core: &Core,
    connection: &Connection,
    resource: i64,
    versions: Range<i64>,
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT version, dictionary, body FROM history WHERE resource = ?1 ORDER BY version",
    )?;
    let mut rows = statement.query([resource])?;
    let mut due = versions.start;
    while let Some(row) = rows.next()? {
        let version: i64 = row.get(0)?;
        report.versions += 1;
        if version != due {
            report
                .problem(format!("resource {resource}: version {due} should come, not {version}"));
        }
        due = version + 1;
        let body: Vec<u8> = row.get(2)?;
        if let Err(error) = bodies::unpack(core, row.get(1)?, &body) {
            report.problem(format!("resource {resource}, version {version}: {error}"));
        }
    }
    if due != versions.end {
        report.problem(format!("resource {resource}: version {due} is not where it should be"));
    }
    Ok(())
}

/// The rows that a resource should have in the index are there.
fn index_rows(
    connection: &Connection,
    resource: i64,
    terms: &[Row<'_>],
    report: &mut Report,
) -> Result<(), StoreError> {
    let mut statement = connection.prepare_cached(
        "SELECT cover = ?4 FROM term WHERE parameter = ?1 AND value = ?2 AND resource = ?3",
    )?;
    for (place, term) in terms.iter().enumerate() {
        report.terms += 1;
        let mut found = statement.query((term.parameter, term.value, resource, term.cover))?;
        match found.next()? {
            None => report.problem(format!("resource {resource}: index row {place} is missing")),
            Some(same) if !same.get(0)? => {
                report.problem(format!("resource {resource}: index row {place} differs"));
            }
            Some(_) => {}
        }
    }
    Ok(())
}

/// All that should be there is there; so if the counts agree, nothing else is.
fn nothing_besides(connection: &Connection, report: &mut Report) -> Result<(), StoreError> {
    let missing = report.problems.iter().any(|problem| problem.ends_with("is missing"));
    let terms = number(connection, "SELECT count(*) FROM term")?;
    if terms != report.terms && !missing {
        let (found, due) = (terms, report.terms);
        report.problem(format!("the index has {found} rows and should have {due}"));
    }
    let versions = number(connection, "SELECT count(*) FROM history")? + report.resources;
    if versions != report.versions {
        report.problem("the history has versions of resources that are not there");
    }
    let staged = number(connection, "SELECT count(*) FROM staged_term")?;
    if staged > 0 {
        report.problem(format!("a load is not finished: {staged} index rows are set aside"));
    }
    Ok(())
}

#[cfg(test)]
mod tests;
