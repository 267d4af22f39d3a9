//! The measurements for people and for programs.

use serde_json::{Value, json};

use super::load::Sample;
use super::plan::Plan;
use super::size::Size;

/// What one case gave.
pub(crate) struct Measured {
    pub(crate) name: &'static str,
    pub(crate) callers: usize,
    /// What is on disk before the answer leaves.
    pub(crate) durable: &'static str,
    /// Whether the others of as many callers are compared with it.
    pub(crate) is_yardstick: bool,
    pub(crate) sample: Sample,
}

/// One row with its ratio to the yardstick of as many callers.
struct Row {
    name: &'static str,
    callers: usize,
    rate: f64,
    p50_ms: f64,
    p99_ms: f64,
    of_hello: f64,
    bad: u64,
    durable: &'static str,
}

/// Prints a table.
pub(crate) fn print(size: &mut Size) {
    let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
    println!("\n{} people", size.people);
    println!(
        "  loaded {:.0} a second; ready in {:.0} ms; memory {:.0} MiB idle, {:.0} MiB after; \
         disk {:.0} bytes a person",
        size.loaded_a_second,
        size.ready_ms,
        mib(size.memory_idle_bytes),
        mib(size.memory_after_bytes),
        bytes_a_person(size)
    );
    table(&mut size.rows);
}

/// Prints the rows of a table.
pub(crate) fn table(cases: &mut [Measured]) {
    println!(
        "  {:<30}{:>8}{:>11}{:>9}{:>9}{:>10}{:>7}  durable before the answer",
        "case", "callers", "a second", "p50 ms", "p99 ms", "of hello", "bad"
    );
    for row in rows(cases) {
        println!(
            "  {:<30}{:>8}{:>11.0}{:>9.2}{:>9.2}{:>10.2}{:>7}  {}",
            row.name,
            row.callers,
            row.rate,
            row.p50_ms,
            row.p99_ms,
            row.of_hello,
            row.bad,
            row.durable
        );
    }
}

/// The same as one JSON document.
pub(crate) fn json(sizes: &mut [Size], plan: &Plan) -> Value {
    let cores = std::thread::available_parallelism().map_or(0, usize::from);
    let sizes: Vec<Value> = sizes.iter_mut().map(size_json).collect();
    json!({ "cores": cores, "seconds_a_case": plan.seconds, "sizes": sizes })
}

fn size_json(size: &mut Size) -> Value {
    json!({
        "people": size.people,
        "loaded_a_second": size.loaded_a_second,
        "ready_ms": size.ready_ms,
        "memory_idle_bytes": size.memory_idle_bytes,
        "memory_after_bytes": size.memory_after_bytes,
        "disk_bytes_a_person": bytes_a_person(size),
        "rows": rows_json(&mut size.rows),
    })
}

/// The rows of a table as JSON.
pub(crate) fn rows_json(cases: &mut [Measured]) -> Vec<Value> {
    rows(cases).iter().map(row_json).collect()
}

fn row_json(row: &Row) -> Value {
    json!({
        "case": row.name,
        "callers": row.callers,
        "a_second": row.rate,
        "p50_ms": row.p50_ms,
        "p99_ms": row.p99_ms,
        "of_hello": row.of_hello,
        "bad": row.bad,
        "durable": row.durable,
    })
}

fn rows(cases: &mut [Measured]) -> Vec<Row> {
    let yardsticks: Vec<(usize, f64)> = cases
        .iter()
        .filter(|case| case.is_yardstick)
        .map(|case| (case.callers, case.sample.rate()))
        .collect();
    cases
        .iter_mut()
        .map(|case| {
            let same = |(callers, _): &&(usize, f64)| *callers == case.callers;
            let hello = yardsticks.iter().find(same).map_or(f64::NAN, |(_, rate)| *rate);
            let rate = case.sample.rate();
            Row {
                name: case.name,
                callers: case.callers,
                rate,
                p50_ms: f64::from(case.sample.within_us(0.50)) / 1_000.0,
                p99_ms: f64::from(case.sample.within_us(0.99)) / 1_000.0,
                of_hello: rate / hello,
                bad: case.sample.bad,
                durable: case.durable,
            }
        })
        .collect()
}

fn bytes_a_person(size: &Size) -> f64 {
    size.disk_bytes as f64 / size.people.max(1) as f64
}

/// The rate from a line `people: N in S s, RATE a second`, if the program wrote one.
pub(crate) fn rate_said(log: &str) -> Option<f64> {
    let line = log
        .lines()
        .rev()
        .find(|line| line.starts_with("people: ") && line.ends_with(" a second"))?;
    line.strip_suffix(" a second")?.rsplit(' ').next()?.parse().ok()
}

#[cfg(test)]
mod tests;
