//! Names that say nothing.

use super::Breach;
use super::source::Source;

const EMPTY_NAMES: &[&str] = &[
    "common", "handler2", "helper", "helpers", "impl2", "manager", "managers", "misc", "stuff",
    "util", "utils",
];

/// Files and folders whose name says nothing about what is in them.
pub(crate) fn empty_names(source: &Source) -> Vec<Breach> {
    let parts = source.path.split('/').map(|part| part.split('.').next().unwrap_or(part));
    parts
        .filter(|name| EMPTY_NAMES.contains(name))
        .map(|name| {
            let what = format!("the name `{name}` says nothing");
            Breach::new(source, 1, what, "name the file after its verb, or the type after its noun")
        })
        .collect()
}

#[cfg(test)]
mod tests;
