//! How much fits on a page: lines of a file, lines of a function, columns of a line.

use super::Breach;
use super::source::{Source, balance, has_extension, is_word};

const FILE_LINES_MAX: usize = 500;
const FUNCTION_LINES_MAX: usize = 70;
const COLUMNS_MAX: usize = 100;

/// Files that are too long.
pub(crate) fn long_files(source: &Source) -> Vec<Breach> {
    let lines = source.lines.len();
    if !is_code(source) || lines <= FILE_LINES_MAX {
        return Vec::new();
    }
    let what = format!("{lines} lines, more than {FILE_LINES_MAX}");
    vec![Breach::new(source, lines, what, "split it: one verb, one file")]
}

/// Lines that are too wide. A table, a document in a raw string and an address may be.
pub(crate) fn wide_lines(source: &Source) -> Vec<Breach> {
    if !is_code(source) {
        return Vec::new();
    }
    source
        .numbered()
        .filter(|(_, line)| !line.table && !line.raw.contains("://"))
        .map(|(at, line)| (at, line.raw.chars().count()))
        .filter(|(_, columns)| *columns > COLUMNS_MAX)
        .map(|(at, columns)| {
            let what = format!("{columns} columns, more than {COLUMNS_MAX}");
            Breach::new(source, at, what, "break the line; a table may be wide: #[rustfmt::skip]")
        })
        .collect()
}

/// Functions that are too long.
pub(crate) fn long_functions(source: &Source) -> Vec<Breach> {
    if !source.is_rust() {
        return Vec::new();
    }
    let starts = source.numbered().filter(|(_, line)| begins_function(&line.bare));
    starts
        .map(|(at, _)| (at, function_lines(source, at)))
        .filter(|(_, lines)| *lines > FUNCTION_LINES_MAX)
        .map(|(at, lines)| {
            let what = format!("a function of {lines} lines, more than {FUNCTION_LINES_MAX}");
            Breach::new(source, at, what, "name its steps and make each a function")
        })
        .collect()
}

fn is_code(source: &Source) -> bool {
    ["rs", "py", "mjs", "sql", "js"].iter().any(|kind| has_extension(&source.path, kind))
}

/// Whether a line begins a function, seen by the word `fn` and a name after it.
fn begins_function(bare: &str) -> bool {
    bare.match_indices("fn ").any(|(at, found)| {
        let (before, rest) = bare.split_at(at);
        let named = rest.get(found.len()..).is_some_and(|name| name.starts_with(is_word));
        named && !before.ends_with(is_word)
    })
}

/// The lines of the function that begins at a line, its signature and closing brace included; 0
/// for one without a body.
fn function_lines(source: &Source, from: usize) -> usize {
    let mut depth = 0;
    let mut entered = false;
    for (at, line) in source.numbered().skip(from - 1) {
        entered |= line.bare.contains('{');
        depth += balance(&line.bare);
        if entered && depth <= 0 {
            return at + 1 - from;
        }
        if !entered && line.bare.trim_end().ends_with(';') {
            return 0;
        }
    }
    0
}

#[cfg(test)]
mod tests;
