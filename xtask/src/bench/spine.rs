//! `cargo xtask bench spine`: questions by SOAP beside the same by FHIR, messages by ebXML from
//! one party to another and their acknowledgements back, whole transfers of a record, and what
//! reading a message costs.

mod forward;
mod parse;
mod transfer;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use self::forward::Parties;
use self::parse::Parsed;
use self::transfer::Transferred;
use super::case::{Case, Kind};
use super::load::{self, Sample};
use super::people::{self, Person};
use super::plan::{Plan, ROUNDS};
use super::report::{self, Measured};
use super::size;
use crate::exchange::{BINARY, Exchange};
use crate::house::{self, Outcome, Scratch};

/// Questions and their yardsticks.
const CASES: &[Case] = &[
    Case { name: "hello", kind: Kind::Hello, callers: 32, durable: "nothing" },
    Case { name: "hello", kind: Kind::Hello, callers: 128, durable: "nothing" },
    Case { name: "hello", kind: Kind::Hello, callers: 256, durable: "nothing" },
    Case { name: "FHIR read", kind: Kind::Read, callers: 32, durable: "audit" },
    Case { name: "SOAP retrieval", kind: Kind::Soap, callers: 32, durable: "audit" },
    Case { name: "FHIR search, exact", kind: Kind::SearchExact, callers: 32, durable: "audit" },
    Case { name: "SOAP trace", kind: Kind::Trace, callers: 32, durable: "audit" },
];
/// How many messages are on their way at once.
const IN_FLIGHT: [usize; 3] = [32, 128, 256];
/// How long filling the nation may take.
const READY_MAX: Duration = Duration::from_mins(5);

/// Measures and prints.
pub(crate) fn spine(arguments: &[&str]) -> Outcome {
    let plan = Plan::parse(&[&["--people", "10000"], arguments].concat())?;
    let people = plan.people.first().copied().unwrap_or_default();
    let scratch = Scratch::new("bench-spine")?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let hello = size::start_hello(&scratch.0)?;
    let parties = runtime.block_on(Parties::listen())?;
    let exchange = start(people, &scratch, &parties)?;
    let mut rows = runtime.block_on(async {
        let known: Arc<[Person]> = people::sample(people, &exchange.base).await?.into();
        let bases = [hello.base.as_str(), &exchange.base];
        let mut rows = size::take_turns(CASES, bases, &known, &plan).await?;
        rows.extend(forwarded(&exchange.base, &parties, &plan).await?);
        Ok::<_, String>(rows)
    })?;
    exchange.stop()?;
    let transferred = transfer::measure(&runtime, plan.turn())?;
    let parsed = parse::measure(plan.turn())?;
    if plan.json {
        let parsed: Vec<_> = parsed.iter().map(Parsed::json).collect();
        let rows = report::rows_json(&mut rows);
        let transfers: Vec<_> = transferred.iter().map(Transferred::json).collect();
        let all =
            json!({ "people": people, "rows": rows, "transfers": transfers, "parsed": parsed });
        println!("{all:#}");
    } else {
        println!("\nquestions and messages; {people} people");
        report::table(&mut rows);
        transfer::print(&transferred);
        println!("\nebXML messages read, beside a bare XML parser on the same XML");
        parsed.iter().for_each(Parsed::print);
    }
    Ok(())
}

fn start(people: u64, scratch: &Scratch, parties: &Parties) -> Result<Exchange, String> {
    let (count, data, file) = (people.to_string(), scratch.at("data"), scratch.at("parties.toml"));
    std::fs::write(&file, parties.directory()).map_err(|error| format!("{file}: {error}"))?;
    let arguments = ["serve", "--demo", "--people", &count, "--no-local", "--open"];
    let there = ["--listen", "127.0.0.1:0", "--data", &data, "--apply", &file];
    let log = scratch.0.join("serve.log");
    Exchange::start(&house::at(BINARY), &[&arguments[..], &there].concat(), &log, READY_MAX)
}

/// Messages from one party to the other, each acknowledged before its sender sends the next.
async fn forwarded(base: &str, parties: &Parties, plan: &Plan) -> Result<Vec<Measured>, String> {
    let mut rows = Vec::new();
    for in_flight in IN_FLIGHT {
        let mut sample = Sample::default();
        for _ in 0..ROUNDS {
            sample.add(load::turn(base, parties.senders(in_flight), plan.turn()).await?.1);
        }
        rows.push(Measured {
            name: "forward-reliable, end to end",
            callers: in_flight,
            durable: "message, acknowledgement",
            is_yardstick: false,
            sample,
        });
    }
    Ok(rows)
}
