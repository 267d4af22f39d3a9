//! `cargo xtask fuzz`: every parser that faces the network under libFuzzer, one after the other.

use std::fs;

use crate::house::{self, Outcome};

/// How long each target is tried, in minutes, when nobody says otherwise.
const MINUTES: u64 = 10;
/// The longest input that is made up, in bytes.
const BYTES_MAX: u64 = 4_096;
/// The longest that one input may take, in seconds.
const INPUT_S_MAX: u64 = 10;
const USAGE: &str = "cargo xtask fuzz [--minutes N] [TARGET...]";

/// Tries the targets, all of them or those named.
///
/// # Errors
/// What is missing and could not be installed, or which target fell over.
pub(crate) fn fuzz(arguments: &[&str]) -> Outcome {
    let (minutes, named) = parse(arguments)?;
    ensure()?;
    let known = house::run_quietly("rustup", &["run", "nightly", "cargo", "fuzz", "list"])?;
    let known: Vec<&str> = known.split_whitespace().collect();
    if let Some(other) = named.iter().find(|name| !known.contains(name)) {
        return Err(format!("there is no target `{other}`\nhint: one of {}", known.join(", ")));
    }
    let targets = if named.is_empty() { known } else { named };
    targets.into_iter().try_for_each(|target| try_out(target, minutes))
}

fn parse<'a>(arguments: &[&'a str]) -> Result<(u64, Vec<&'a str>), String> {
    let (mut minutes, mut named) = (MINUTES, Vec::new());
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        match *word {
            "--minutes" => {
                let number = words.next().and_then(|text| text.parse().ok());
                minutes = number.filter(|minutes| *minutes > 0).ok_or(USAGE)?;
            }
            word if word.starts_with('-') => return Err(format!("`{word}`? {USAGE}")),
            target => named.push(target),
        }
    }
    Ok((minutes, named))
}

/// Sees to it that the compiler and the fuzzer are there.
fn ensure() -> Outcome {
    let cargo = ["run", "nightly", "cargo"];
    if !house::has("rustup", &[&cargo[..], &["--version"]].concat()) {
        house::run("rustup", &["toolchain", "install", "nightly", "--profile", "minimal"])?;
    }
    if !house::has("rustup", &[&cargo[..], &["fuzz", "--version"]].concat()) {
        house::run("rustup", &[&cargo[..], &["install", "--locked", "cargo-fuzz"]].concat())?;
    }
    Ok(())
}

fn try_out(target: &str, minutes: u64) -> Outcome {
    let (found, seeds) = (format!("target/fuzz/{target}"), format!("fuzz/seeds/{target}"));
    for folder in [&found, &seeds] {
        let made = fs::create_dir_all(house::at(folder));
        made.map_err(|error| format!("{folder}: {error}"))?;
    }
    let seconds = format!("-max_total_time={}", minutes * 60);
    let (bytes, wait) = (format!("-max_len={BYTES_MAX}"), format!("-timeout={INPUT_S_MAX}"));
    let run = ["run", "nightly", "cargo", "fuzz", "run", target, &found, &seeds, "--"];
    let limits = [seconds.as_str(), &bytes, &wait, "-print_final_stats=1"];
    house::run("rustup", &[&run[..], &limits].concat())
}

#[cfg(test)]
mod tests;
