//! Where the repository is, and how commands of other programs are run in it.

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

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
    let shown = show(program, arguments);
    println!("xtask: {shown}");
    let status = command(program, arguments).status();
    match status {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("`{shown}` failed: {status}")),
        Err(error) => Err(format!("cannot run `{shown}`: {error}")),
    }
}

/// Runs a program and returns what it says, which nobody sees unless it fails.
pub(crate) fn run_quietly(program: &str, arguments: &[&str]) -> Result<String, String> {
    let shown = show(program, arguments);
    let output = command(program, arguments)
        .output()
        .map_err(|error| format!("cannot run `{shown}`: {error}"))?;
    let Output { status, stdout, stderr } = output;
    if !status.success() {
        return Err(format!("`{shown}` failed: {status}\n{}", String::from_utf8_lossy(&stderr)));
    }
    Ok(String::from_utf8_lossy(&stdout).into_owned())
}

/// Runs a program, showing what it says and keeping it too. The flag tells whether it went well.
pub(crate) fn run_and_keep(program: &str, arguments: &[&str]) -> Result<(bool, String), String> {
    let shown = show(program, arguments);
    println!("xtask: {shown}");
    let failed = |error: std::io::Error| format!("cannot run `{shown}`: {error}");
    // The shell joins the two streams, so that lines keep their order.
    let mut child = Command::new("sh")
        .args(["-c", "exec \"$0\" \"$@\" 2>&1", program])
        .args(arguments)
        .current_dir(root())
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .map_err(failed)?;
    let mut said = String::new();
    if let Some(stdout) = child.stdout.take() {
        for line in BufReader::new(stdout).split(b'\n') {
            let line = String::from_utf8_lossy(&line.map_err(failed)?).into_owned();
            println!("{line}");
            said.push_str(&line);
            said.push('\n');
        }
    }
    Ok((child.wait().map_err(failed)?.success(), said))
}

/// Whether a program is there and answers.
pub(crate) fn has(program: &str, arguments: &[&str]) -> bool {
    run_quietly(program, arguments).is_ok()
}

fn command(program: &str, arguments: &[&str]) -> Command {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(root());
    command
}

fn show(program: &str, arguments: &[&str]) -> String {
    format!("{program} {}", arguments.join(" ")).trim_end().to_owned()
}

/// A folder under `target` that is empty now and gone afterwards.
pub(crate) struct Scratch(pub(crate) PathBuf);

impl Scratch {
    /// Makes the folder; the process id keeps two runs apart.
    pub(crate) fn new(name: &str) -> Result<Self, String> {
        let path = at("target/xtask").join(format!("{name}-{}", std::process::id()));
        std::fs::create_dir_all(&path).map_err(|error| format!("{}: {error}", path.display()))?;
        Ok(Self(path))
    }

    /// A path in the folder, as text.
    pub(crate) fn at(&self, name: &str) -> String {
        self.0.join(name).display().to_string()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
