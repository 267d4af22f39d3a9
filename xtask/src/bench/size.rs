//! The measurements at one size of the nation.

use std::path::Path;
use std::sync::Arc;
use std::thread::sleep;
use std::time::Duration;

use super::case::{CASES, Case, Kind, TOKENS, askers};
use super::load::{self, Sample};
use super::people::{self, Person};
use super::plan::{Plan, ROUNDS};
use super::report::Measured;
use super::{machine, report};
use crate::exchange::{BINARY, Exchange};
use crate::house::{self, Scratch};

/// How long filling the largest nation may take.
const FILL_S_MAX: u64 = 3_600;

/// What was measured at one size.
pub(crate) struct Size {
    pub(crate) people: u64,
    /// People put on disk in a second, by the program's own account where it gives one.
    pub(crate) loaded_a_second: f64,
    /// From the start to the ready line, with the people there already, in milliseconds.
    pub(crate) ready_ms: f64,
    pub(crate) memory_idle_bytes: u64,
    pub(crate) memory_after_bytes: u64,
    pub(crate) disk_bytes: u64,
    pub(crate) rows: Vec<Measured>,
}

/// Fills a nation, measures everything, and throws it away.
pub(crate) fn measure(people: u64, plan: &Plan) -> Result<Size, String> {
    let scratch = Scratch::new(&format!("bench-{people}"))?;
    let tokens = scratch.at("tokens.toml");
    std::fs::write(&tokens, TOKENS).map_err(|error| format!("{tokens}: {error}"))?;
    eprintln!("bench: filling a nation of {people}");
    let loaded_a_second = fill(people, &scratch)?;
    let data = scratch.0.join("data");
    let disk_bytes = machine::disk_bytes(&data)?;
    let exchange = serve(&scratch, &tokens)?;
    let ready_ms = exchange.ready_in.as_secs_f64() * 1_000.0;
    sleep(Duration::from_secs(1));
    let memory_idle_bytes = machine::memory_bytes(exchange.id())?;
    let hello = start_hello(&scratch.0)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let rows = runtime.block_on(async {
        let known: Arc<[Person]> = people::sample(people, &exchange.base).await?.into();
        take_turns(CASES, [&hello.base, &exchange.base], &known, plan).await
    })?;
    let memory_after_bytes = machine::memory_bytes(exchange.id())?;
    exchange.stop()?;
    Ok(Size {
        people,
        loaded_a_second,
        ready_ms,
        memory_idle_bytes,
        memory_after_bytes,
        disk_bytes,
        rows,
    })
}

/// Fills the nation, and says how many people went in a second.
fn fill(people: u64, scratch: &Scratch) -> Result<f64, String> {
    let count = people.to_string();
    let data = scratch.at("data");
    let log = scratch.0.join("fill.log");
    let mut arguments = vec!["serve", "--demo", "--people", &count, "--open"];
    arguments.extend(["--listen", "127.0.0.1:0", "--data", &data]);
    let wait = Duration::from_secs(FILL_S_MAX);
    let exchange = Exchange::start(&house::at(BINARY), &arguments, &log, wait)?;
    let taken = people as f64 / exchange.ready_in.as_secs_f64();
    exchange.stop()?;
    let said = std::fs::read_to_string(&log).unwrap_or_default();
    Ok(report::rate_said(&said).unwrap_or(taken))
}

fn serve(scratch: &Scratch, tokens: &str) -> Result<Exchange, String> {
    let data = scratch.at("data");
    let arguments =
        ["serve", "--open", "--tokens", tokens, "--listen", "127.0.0.1:0", "--data", &data];
    let log = scratch.0.join("serve.log");
    Exchange::start(&house::at(BINARY), &arguments, &log, Duration::from_mins(1))
}

/// Starts the yardstick.
pub(crate) fn start_hello(scratch: &Path) -> Result<Exchange, String> {
    let own = std::env::current_exe().map_err(|error| error.to_string())?;
    Exchange::start(&own, &["hello"], &scratch.join("hello.log"), Duration::from_secs(10))
}

/// Every case in turn, round after round, so that all see the same machine.
pub(crate) async fn take_turns(
    cases: &[Case],
    [hello, exchange]: [&str; 2],
    people: &Arc<[Person]>,
    plan: &Plan,
) -> Result<Vec<Measured>, String> {
    let mut running: Vec<_> = cases
        .iter()
        .enumerate()
        .map(|(number, case)| (*case, askers(*case, number, people), Sample::default()))
        .collect();
    for round in 1..=ROUNDS {
        eprintln!("bench: round {round} of {ROUNDS}");
        for (case, askers, sample) in &mut running {
            let base = if case.kind == Kind::Hello { hello } else { exchange };
            let (after, turn) = load::turn(base, std::mem::take(askers), plan.turn()).await?;
            *askers = after;
            sample.add(turn);
        }
    }
    Ok(running.into_iter().map(|(case, _, sample)| case.measured(sample)).collect())
}
