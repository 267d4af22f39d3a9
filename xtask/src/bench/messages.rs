//! `cargo xtask bench messages`: how many messages a second are accepted for good, beside the
//! brokers that others run, in the same run on the same disk.

mod backlog;
mod engine;
mod peer;
mod push;
pub(crate) mod wire;

use std::time::Duration;

use serde_json::json;

use self::backlog::Backlog;
use self::peer::{Peer, Running};
use self::wire::Uploads;
use crate::house::{self, Outcome, Scratch};

/// How many are in flight in the cases.
const IN_FLIGHT: [usize; 3] = [1, 32, 128];
/// How large a message is, in bytes.
const BODY_BYTES: usize = 1_024;
const USAGE: &str =
    "cargo xtask bench messages [--seconds S] [--backlog N] [--alone] [--quick] [--json]";

/// What to measure.
struct Plan {
    turn: Duration,
    backlog: u64,
    /// Whether to leave out the brokers of others.
    alone: bool,
    json: bool,
}

/// What one case came to.
pub(crate) struct Row {
    name: String,
    in_flight: usize,
    a_second: f64,
    p50_ms: f64,
    p99_ms: f64,
    durable: &'static str,
}

impl Row {
    fn new(
        name: &str,
        in_flight: usize,
        mut took_us: Vec<u32>,
        elapsed: Duration,
        durable: &'static str,
    ) -> Self {
        took_us.sort_unstable();
        let within_ms = |part: f64| {
            let place = (took_us.len() as f64 * part) as usize;
            took_us.get(place).map_or(f64::NAN, |us| f64::from(*us) / 1_000.0)
        };
        Self {
            name: name.to_owned(),
            in_flight,
            a_second: took_us.len() as f64 / elapsed.as_secs_f64(),
            p50_ms: within_ms(0.50),
            p99_ms: within_ms(0.99),
            durable,
        }
    }
}

impl Plan {
    fn parse(arguments: &[&str]) -> Result<Self, String> {
        let turn = Duration::from_secs(6);
        let mut plan = Self { turn, backlog: 1_000_000, alone: false, json: false };
        let mut words = arguments.iter();
        let number = |word: Option<&&str>| -> Result<u64, String> {
            word.and_then(|text| text.parse().ok()).ok_or_else(|| USAGE.to_owned())
        };
        while let Some(word) = words.next() {
            match *word {
                "--seconds" => plan.turn = Duration::from_secs(number(words.next())?),
                "--backlog" => plan.backlog = number(words.next())?,
                "--quick" => (plan.turn, plan.backlog) = (Duration::from_secs(2), 50_000),
                "--alone" => plan.alone = true,
                "--json" => plan.json = true,
                other => return Err(format!("`{other}`? {USAGE}")),
            }
        }
        Ok(plan)
    }
}

/// Measures and prints.
pub(crate) fn messages(arguments: &[&str]) -> Outcome {
    let plan = Plan::parse(arguments)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let peers = if plan.alone { Vec::new() } else { peers()? };
    let scratch = Scratch::new("messages")?;
    let exchange = wire::start(&scratch)?;
    let mut rows = Vec::new();
    // Case by case, all brokers one after the other: a bad moment of the machine hits them all.
    for in_flight in IN_FLIGHT {
        eprintln!("bench: {in_flight} in flight");
        rows.push(runtime.block_on(engine::accept(in_flight, BODY_BYTES, plan.turn))?);
        let sent = wire::accept(&exchange.base, in_flight, BODY_BYTES, plan.turn);
        rows.push(runtime.block_on(sent)?);
        for peer in &peers {
            rows.push(peer.accept(in_flight, BODY_BYTES, plan.turn)?);
        }
    }
    drop(peers);
    eprintln!("bench: pushes");
    let pushed = runtime.block_on(push::push(BODY_BYTES))?;
    eprintln!("bench: large uploads");
    let uploads = runtime.block_on(wire::uploads(&exchange, &scratch))?;
    exchange.stop()?;
    drop(scratch);
    eprintln!("bench: a backlog of {}", plan.backlog);
    let backlog = runtime.block_on(backlog::measure(plan.backlog))?;
    if plan.json {
        println!("{:#}", document(&rows, &pushed, &uploads, &backlog));
    } else {
        print(&rows, &pushed, &uploads, &backlog);
    }
    Ok(())
}

/// Starts every broker of others that is installed, and says which are not.
fn peers() -> Result<Vec<Running>, String> {
    let here: Vec<Peer> = Peer::ALL.into_iter().filter(|peer| peer.is_here()).collect();
    for peer in Peer::ALL {
        if !here.contains(&peer) {
            eprintln!("bench: not installed, so left out: {}", peer.title());
        }
    }
    if !here.is_empty() {
        let manifest = house::at("bench/peers/Cargo.toml").display().to_string();
        let target = house::at("target/peers").display().to_string();
        let build = ["build", "--release", "--manifest-path", &manifest, "--target-dir", &target];
        house::run("cargo", &build)?;
    }
    here.into_iter().map(Peer::start).collect()
}

fn print(rows: &[Row], pushed: &Row, uploads: &Uploads, backlog: &Backlog) {
    println!("\nmessages of {BODY_BYTES} bytes, each confirmed before its sender sends the next");
    println!(
        "  {:<46}{:>10}{:>10}{:>9}{:>9}{:>9}  durable before the answer",
        "case", "in flight", "a second", "p50 ms", "p99 ms", "of ours"
    );
    for row in rows.iter().chain([pushed, &backlog.collect]) {
        println!(
            "  {:<46}{:>10}{:>10.0}{:>9.2}{:>9.2}{:>9.2}  {}",
            row.name,
            row.in_flight,
            row.a_second,
            row.p50_ms,
            row.p99_ms,
            of_ours(rows, row),
            row.durable
        );
    }
    let mib = |bytes: u64| bytes as f64 / 1_048_576.0;
    println!(
        "\n{} uploads of {:.0} MiB at once: {:.1} s, {:.0} MiB a second; memory {:.0} MiB before, \
         {:.0} MiB at most",
        uploads.count,
        mib(uploads.bytes),
        uploads.seconds,
        mib(uploads.bytes) * uploads.count as f64 / uploads.seconds,
        mib(uploads.memory_before_bytes),
        mib(uploads.memory_most_bytes)
    );
    println!(
        "a backlog of {} messages: filled {:.0} a second; {:.0} bytes a message on disk; \
         opened in {:.0} ms; a list of 500 in {:.1} ms; memory {:.0} MiB",
        backlog.messages,
        backlog.filled_a_second,
        backlog.disk_bytes_a_message,
        backlog.opened_ms,
        backlog.list_ms,
        mib(backlog.memory_bytes)
    );
}

/// The rate of a row as a part of ours with as many in flight: the first row of each group.
fn of_ours(rows: &[Row], row: &Row) -> f64 {
    let ours = rows.iter().find(|other| other.in_flight == row.in_flight);
    ours.map_or(f64::NAN, |ours| row.a_second / ours.a_second)
}

fn document(rows: &[Row], pushed: &Row, uploads: &Uploads, backlog: &Backlog) -> serde_json::Value {
    let row = |row: &Row| {
        json!({
            "case": row.name, "in_flight": row.in_flight, "a_second": row.a_second,
            "p50_ms": row.p50_ms, "p99_ms": row.p99_ms, "of_ours": of_ours(rows, row),
            "durable": row.durable,
        })
    };
    json!({
        "body_bytes": BODY_BYTES,
        "rows": rows.iter().map(row).collect::<Vec<_>>(),
        "push": row(pushed),
        "uploads": {
            "count": uploads.count,
            "bytes": uploads.bytes,
            "seconds": uploads.seconds,
            "memory_before_bytes": uploads.memory_before_bytes,
            "memory_most_bytes": uploads.memory_most_bytes,
        },
        "backlog": {
            "messages": backlog.messages,
            "filled_a_second": backlog.filled_a_second,
            "disk_bytes_a_message": backlog.disk_bytes_a_message,
            "opened_ms": backlog.opened_ms,
            "list_ms": backlog.list_ms,
            "memory_bytes": backlog.memory_bytes,
            "collect": row(&backlog.collect),
        },
    })
}
