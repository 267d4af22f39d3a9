//! Where the repository is, and how commands of other programs are run in it.

use std::path::{Path, PathBuf};
use std::process::Command;

/// What a command of the project ends in: nothing, or a sentence for the person who ran it.
pub(crate) type Outcome = Result<(), String>;

/// The root of the repository.
pub(crate) fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."))
}

/// A path from the root of the repository.
pub(crate) fn at(path: &str) -> PathBuf {
    root().join(path)
}

/// Runs a program from the root of the repository, showing what it says.
pub(crate) fn run(program: &str, arguments: &[&str]) -> Outcome {
    let shown = format!("{program} {}", arguments.join(" "));
    println!("xtask: {shown}");
    let status = Command::new(program).args(arguments).current_dir(root()).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` failed: {status}")),
        Err(error) => Err(format!("cannot run `{shown}`: {error}")),
    }
}

/// Whether a program is there and answers.
pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    let answer = Command::new(program).args(arguments).current_dir(root()).output();
    answer.is_ok_and(|output| output.status.success())
}
