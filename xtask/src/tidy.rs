//! `cargo xtask tidy`: the house rules that a machine can see.

mod floors;
mod names;
mod reasons;
mod reexports;
mod sizes;
mod source;
mod words;

use std::fs;
use std::path::{Path, PathBuf};

use source::{Source, has_extension};

use crate::house::{self, Outcome};

/// A house rule broken somewhere.
pub(crate) struct Breach {
    path: String,
    line: usize,
    what: String,
    hint: &'static str,
}

impl Breach {
    fn new(source: &Source, line: usize, what: impl Into<String>, hint: &'static str) -> Self {
        Self { path: source.path.clone(), line, what: what.into(), hint }
    }
}

/// A rule that looks at one file.
type Rule = fn(&Source) -> Vec<Breach>;

const RULES: &[Rule] = &[
    words::words,
    words::promises,
    sizes::long_files,
    sizes::wide_lines,
    sizes::long_functions,
    names::empty_names,
    reexports::reexports,
];

/// Folders that hold nothing of ours, besides hidden ones.
const NOT_OURS: &[&str] = &["target", "node_modules", "vertebra-data", "__pycache__"];

/// Hidden folders that are ours all the same.
const HIDDEN_OURS: &[&str] = &[".ci", ".cargo"];

/// The kinds of text that are judged.
const KINDS: &[&str] =
    &["rs", "toml", "md", "sql", "html", "css", "js", "mjs", "py", "sh", "json", "txt", "snap"];

/// Judges every file of the repository.
pub(crate) fn tidy() -> Outcome {
    let sources = read_all(house::root())?;
    let breaches = judge(&sources);
    for Breach { path, line, what, hint } in &breaches {
        println!("{path}:{line}: {what}; hint: {hint}");
    }
    println!("tidy: {} files, {} breaches", sources.len(), breaches.len());
    if breaches.is_empty() { Ok(()) } else { Err("the house is not tidy".into()) }
}

fn judge(sources: &[Source]) -> Vec<Breach> {
    let manifests = || sources.iter().filter(|source| source.path.ends_with("/Cargo.toml"));
    let members: Vec<String> = manifests().filter_map(member).collect();
    let mut breaches: Vec<Breach> =
        sources.iter().flat_map(|source| RULES.iter().flat_map(|rule| rule(source))).collect();
    breaches.extend(manifests().flat_map(|manifest| floors::imports(manifest, &members)));
    let root = sources.iter().filter(|source| source.path == "Cargo.toml");
    breaches.extend(root.flat_map(reasons::reasonless));
    breaches
}

/// The name of the crate that a manifest makes.
fn member(manifest: &Source) -> Option<String> {
    let text: Vec<&str> = manifest.lines.iter().map(|line| line.raw.as_str()).collect();
    floors::package(&text.join("\n").parse().ok()?).map(str::to_owned)
}

fn read_all(root: &Path) -> Result<Vec<Source>, String> {
    let mut paths = Vec::new();
    walk(root, &mut paths)?;
    paths.sort();
    paths.iter().map(|path| read(root, path)).collect()
}

fn walk(folder: &Path, found: &mut Vec<PathBuf>) -> Result<(), String> {
    let unreadable = |error| format!("cannot read {}: {error}", folder.display());
    for entry in fs::read_dir(folder).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if path.is_dir() {
            if is_ours(&name) {
                walk(&path, found)?;
            }
        } else if KINDS.iter().any(|kind| has_extension(&name, kind)) || name == "run" {
            found.push(path);
        }
    }
    Ok(())
}

fn is_ours(folder: &str) -> bool {
    HIDDEN_OURS.contains(&folder) || !(folder.starts_with('.') || NOT_OURS.contains(&folder))
}

fn read(root: &Path, path: &Path) -> Result<Source, String> {
    let text = fs::read_to_string(path)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    let place = path.strip_prefix(root).unwrap_or(path).to_string_lossy().replace('\\', "/");
    let rust = has_extension(&place, "rs");
    Ok(if rust { Source::rust(&place, &text) } else { Source::text(&place, &text) })
}

#[cfg(test)]
mod tests;
