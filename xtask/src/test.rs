//! `cargo xtask test`: everything that is tested, from one command.

mod guides;
mod tally;
pub(crate) mod tools;

use std::time::Duration;

use tally::Tally;

use crate::exchange::{BINARY, Exchange};
use crate::house::{self, Outcome, Scratch};

/// How long the demonstration exchange may take until it is ready, first fill included.
const READY_S_MAX: u64 = 120;

/// Runs every test; `--quick` leaves out the documentation's and the outside clients. `guides` runs
/// what the pages for readers say, and nothing else.
pub(crate) fn test(arguments: &[&str]) -> Outcome {
    let quick = match arguments {
        [] => false,
        ["--quick"] => true,
        ["guides", words @ ..] => return judge(only_guides(words)?),
        _ => return Err("cargo xtask test [--quick | guides [WORD...]]".into()),
    };
    if !quick {
        tools::ensure()?;
    }
    house::run("cargo", &["build", "--release", "--package", "vertebra"])?;
    let mut tally = workspace()?;
    if quick {
        println!("xtask: NOT RUN because of --quick: doc tests, guides, outside clients");
    } else {
        tally += documentation()?;
        tally += guides::guides(&[])?;
        tally += outside()?;
    }
    judge(tally)
}

fn judge(tally: Tally) -> Outcome {
    println!("{tally}");
    if tally.failed == 0 && tally.passed > 0 { Ok(()) } else { Err("some tests failed".into()) }
}

fn only_guides(words: &[&str]) -> Result<Tally, String> {
    house::run("cargo", &["build", "--release", "--package", "vertebra"])?;
    guides::guides(words)
}

fn workspace() -> Result<Tally, String> {
    let (well, said) = if house::has("cargo", &["nextest", "--version"]) {
        house::run_and_keep("cargo", &["nextest", "run", "--workspace", "--no-fail-fast"])?
    } else {
        let kinds = ["--lib", "--bins", "--tests"];
        let arguments = [&["test", "--workspace", "--no-fail-fast"][..], &kinds[..]].concat();
        house::run_and_keep("cargo", &arguments)?
    };
    Ok(tally::read(&said).or_else_failed(well))
}

fn documentation() -> Result<Tally, String> {
    let (well, said) = house::run_and_keep("cargo", &["test", "--workspace", "--doc"])?;
    // A workspace without examples in its documentation has nothing to count, and that is fine.
    let tally = tally::read(&said);
    Ok(if well { tally } else { tally.or_else_failed(false) })
}

/// Clients that strangers wrote, against the program as it is shipped.
fn outside() -> Result<Tally, String> {
    let scratch = Scratch::new("outside")?;
    let data = scratch.at("data");
    let mut arguments = vec!["serve", "--demo", "--people", "1000", "--open"];
    arguments.extend(["--listen", "127.0.0.1:0", "--data", &data]);
    let log = scratch.0.join("serve.log");
    let wait = Duration::from_secs(READY_S_MAX);
    println!("xtask: {BINARY} {}", arguments.join(" "));
    let exchange = Exchange::start(&house::at(BINARY), &arguments, &log, wait)?;
    println!("xtask: ready in {:.2} s", exchange.ready_in.as_secs_f64());
    let mut tally = Tally::default();
    for client in tools::clients(&exchange.base, &data) {
        let [program, rest @ ..] = client.as_slice() else { continue };
        let rest: Vec<&str> = rest.iter().map(String::as_str).collect();
        let (well, said) = house::run_and_keep(program, &rest)?;
        tally += tally::read(&said).or_else_failed(well);
    }
    tally += match exchange.stop() {
        Ok(()) => Tally { passed: 1, failed: 0 },
        Err(error) => {
            println!("FAILED  the exchange after its clients: {error}");
            Tally { passed: 0, failed: 1 }
        }
    };
    if tally.failed > 0 {
        let said = std::fs::read_to_string(&log).unwrap_or_default();
        println!("xtask: the last lines of the exchange:");
        let lines: Vec<&str> = said.lines().collect();
        lines.iter().skip(lines.len().saturating_sub(40)).for_each(|line| println!("{line}"));
    }
    Ok(tally)
}
