//! Every name has one home: nobody hands on another crate's items as their own.

use super::Breach;
use super::source::Source;

/// `pub use` of something that another crate owns.
pub(crate) fn reexports(source: &Source) -> Vec<Breach> {
    if !source.is_rust() {
        return Vec::new();
    }
    source
        .numbered()
        .filter_map(|(at, line)| {
            let path = line.bare.trim().strip_prefix("pub use ")?;
            let owner = path.split([':', ';', ' ']).find(|part| !part.is_empty())?;
            (!is_ours(source, owner)).then(|| {
                let what = format!("hands on an item of `{owner}`");
                Breach::new(source, at, what, "let those who need it import it from its home")
            })
        })
        .collect()
}

/// Whether the first word of a path is this crate, or a module declared beside it.
fn is_ours(source: &Source, owner: &str) -> bool {
    let declared = |bare: &str| {
        let after = bare.split("mod ").nth(1).unwrap_or_default();
        after.trim_end_matches([';', '{', ' ']) == owner
    };
    ["crate", "self", "super"].contains(&owner)
        || source.lines.iter().any(|line| declared(&line.bare))
}

#[cfg(test)]
mod tests;
