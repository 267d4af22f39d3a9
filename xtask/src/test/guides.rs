//! `cargo xtask test guides`: every command of the front page and of the guides, in empty folders.
//!
//! Each page becomes one script, which `tests/outside/guide.sh` runs; there stands what the words
//! after the fences mean.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use super::tally::{self, Tally};
use crate::exchange::BINARY;
use crate::house::{self, Scratch};

const HARNESS: &str = "tests/outside/guide.sh";
const FRONT_PAGE: &str = "README.md";
const GUIDES: &str = "docs/guides";

/// Runs the pages whose names hold one of the words; all of them where there is none.
///
/// # Errors
/// When a page cannot be read, or has a fence of a kind that nobody knows.
pub(crate) fn guides(words: &[&str]) -> Result<Tally, String> {
    let mut scripts = Vec::new();
    for page in pages()? {
        let wanted = words.is_empty() || words.iter().any(|word| page.contains(word));
        let text = fs::read_to_string(house::at(&page));
        let text = text.map_err(|error| format!("{page}: {error}"))?;
        let script = script(&text).map_err(|error| format!("{page}: {error}"))?;
        if wanted && !script.is_empty() {
            scripts.push((page, script));
        }
    }
    let scratch = Scratch::new("guides")?;
    let mut tally = Tally::default();
    for (page, script) in scripts {
        tally += run(&page, &script, &scratch.0)?;
    }
    Ok(tally)
}

fn pages() -> Result<Vec<String>, String> {
    let unreadable = |error| format!("{GUIDES}: {error}");
    let mut guides = Vec::new();
    for entry in fs::read_dir(house::at(GUIDES)).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        guides.push(format!("{GUIDES}/{}", name.to_string_lossy()));
    }
    guides.sort();
    Ok([vec![FRONT_PAGE.to_owned()], guides].concat())
}

fn run(page: &str, script: &str, scratch: &Path) -> Result<Tally, String> {
    let name = Path::new(page).file_stem().unwrap_or_default();
    let folder = scratch.join(name);
    let file = scratch.join(name).with_extension("sh");
    fs::create_dir(&folder)
        .and_then(|()| fs::write(&file, script))
        .map_err(|error| format!("{}: {error}", file.display()))?;
    let binary = house::at(BINARY);
    let binaries = binary.parent().map(PathBuf::from).unwrap_or_default();
    let [file, folder, binaries] = [file, folder, binaries].map(|path| path.display().to_string());
    let (well, said) = house::run_and_keep("bash", &[HARNESS, page, &file, &folder, &binaries])?;
    Ok(tally::read(&said).or_else_failed(well))
}

/// The page as a script; empty where nothing in it is to be run.
fn script(page: &str) -> Result<String, String> {
    let mut script = String::new();
    let mut inside: Option<Kind> = None;
    for (at, line) in page.lines().enumerate() {
        let number = at + 1;
        match (inside, line.strip_prefix("```")) {
            (None, Some(info)) => {
                let kind = Kind::of(info).ok_or(format!("line {number}: no such fence: {info}"))?;
                kind.begin(number, &mut script);
                inside = Some(kind);
            }
            (Some(kind), Some(_)) => {
                kind.end(&mut script);
                inside = None;
            }
            (Some(kind), None) if kind != Kind::Shown => {
                script.push_str(line);
                script.push('\n');
            }
            (None, None) if line.starts_with("    ") => {
                return Err(format!("line {number}: indented; hint: a fence says what it is"));
            }
            _ => {}
        }
    }
    Ok(script)
}

/// What becomes of a fence.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Typed,
    Server,
    Fails,
    Said,
    /// For the reader only.
    Shown,
}

impl Kind {
    fn of(info: &str) -> Option<Self> {
        match info {
            "sh" => Some(Self::Typed),
            "sh server" => Some(Self::Server),
            "sh fails" => Some(Self::Fails),
            "text" => Some(Self::Said),
            "sh by-hand" | "toml" | "json" | "xml" | "ini" | "url" => Some(Self::Shown),
            _ => None,
        }
    }

    fn begin(self, number: usize, script: &mut String) {
        // Writing to a string cannot fail.
        let _ = match self {
            Self::Typed => writeln!(script, "block_begins {number}"),
            Self::Server => writeln!(script, "server {number} <<'END_OF_FENCE'"),
            Self::Fails => writeln!(script, "block_begins {number}; set +e\n(set -e"),
            Self::Said => writeln!(script, "said {number} <<'END_OF_FENCE'"),
            Self::Shown => Ok(()),
        };
    }

    fn end(self, script: &mut String) {
        script.push_str(match self {
            Self::Typed => "block_ends\n",
            Self::Server | Self::Said => "END_OF_FENCE\n",
            Self::Fails => "); block_failed $?; set -e\n",
            Self::Shown => "",
        });
    }
}

#[cfg(test)]
mod tests;
