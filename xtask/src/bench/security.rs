//! `cargo xtask bench security`: what each way to prove who calls costs, the audit always on,
//! beside a bare web server in the same run.

mod asker;
mod credentials;
mod tls;

use std::sync::Arc;
use std::time::Duration;

use serde_json::json;

use self::asker::{Case, Way, askers};
use self::credentials::Credentials;
use super::load::{self, Sample};
use super::plan::{Plan, ROUNDS};
use super::report::{self, Measured};
use super::{people, size};
use crate::exchange::{BINARY, Exchange};
use crate::house::{self, Outcome, Scratch};

/// Every case, the yardsticks first.
const CASES: &[Case] = &[
    Case { name: "hello", way: Way::Hello, callers: 32, durable: "nothing" },
    Case { name: "hello", way: Way::Hello, callers: 1, durable: "nothing" },
    Case { name: "hello", way: Way::Hello, callers: 16, durable: "nothing" },
    Case { name: "hello", way: Way::Hello, callers: 128, durable: "nothing" },
    Case { name: "hello, new connection", way: Way::HelloAnew, callers: 32, durable: "nothing" },
    Case { name: "read, open", way: Way::Open, callers: 32, durable: "audit" },
    Case { name: "read, opaque token", way: Way::Opaque, callers: 32, durable: "audit" },
    Case { name: "read, access token", way: Way::Access, callers: 32, durable: "audit" },
    Case { name: "API key (directory)", way: Way::Key, callers: 32, durable: "nothing" },
    Case { name: "SOAP, open", way: Way::Soap, callers: 32, durable: "audit" },
    Case { name: "SOAP, mutual TLS", way: Way::Certificate, callers: 32, durable: "audit" },
    Case { name: "SOAP, the same, new", way: Way::CertificateNew, callers: 32, durable: "audit" },
    Case {
        name: "SOAP, the same, resumed",
        way: Way::CertificateResumed,
        callers: 32,
        durable: "audit",
    },
    Case { name: "signed JWT for a token", way: Way::Assertion, callers: 1, durable: "JWT id" },
    Case { name: "signed JWT for a token", way: Way::Assertion, callers: 16, durable: "JWT id" },
    Case { name: "signed JWT for a token", way: Way::Assertion, callers: 128, durable: "JWT id" },
];

/// How long filling the nation may take.
const READY_MAX: Duration = Duration::from_mins(5);

/// Measures and prints.
pub(crate) fn security(arguments: &[&str]) -> Outcome {
    let plan = Plan::parse(&[&["--people", "10000"], arguments].concat())?;
    let people = plan.people.first().copied().unwrap_or_default();
    let scratch = Scratch::new("bench-security")?;
    let hello = size::start_hello(&scratch.0)?;
    let exchange = start(people, &scratch)?;
    let runtime = tokio::runtime::Runtime::new().map_err(|error| error.to_string())?;
    let mut rows = runtime.block_on(async {
        let known = people::sample(people, &exchange.base).await?.into();
        let credentials = Credentials::read(&scratch.0.join("data"), known).await?;
        take_turns(&hello.base, &exchange.base, &Arc::new(credentials), &plan).await
    })?;
    exchange.stop()?;
    if plan.json {
        println!("{:#}", json!({ "people": people, "rows": report::rows_json(&mut rows) }));
    } else {
        println!("\nwho calls, proved in each way; {people} people");
        report::table(&mut rows);
    }
    Ok(())
}

/// An exchange that lets calls in without credentials, and looks at those that bring some.
fn start(people: u64, scratch: &Scratch) -> Result<Exchange, String> {
    let (count, data) = (people.to_string(), scratch.at("data"));
    let arguments = ["serve", "--demo", "--people", &count, "--no-local", "--open"];
    let there = ["--listen", "127.0.0.1:0", "--data", &data];
    let log = scratch.0.join("serve.log");
    Exchange::start(&house::at(BINARY), &[&arguments[..], &there].concat(), &log, READY_MAX)
}

/// Every case in turn, round after round, so that all see the same machine.
async fn take_turns(
    hello: &str,
    exchange: &str,
    credentials: &Arc<Credentials>,
    plan: &Plan,
) -> Result<Vec<Measured>, String> {
    let mut samples: Vec<Sample> = CASES.iter().map(|_| Sample::default()).collect();
    for round in 1..=ROUNDS {
        eprintln!("bench: round {round} of {ROUNDS}");
        for (number, (case, sample)) in CASES.iter().zip(&mut samples).enumerate() {
            let base = if case.way.is_hello() { hello } else { exchange };
            let number = round as usize * CASES.len() + number;
            let askers = askers(*case, number, credentials, plan.turn())?;
            sample.add(load::turn(base, askers, plan.turn()).await?.1);
        }
    }
    let rows = CASES.iter().zip(samples);
    Ok(rows.map(|(case, sample)| case.measured(sample)).collect())
}
