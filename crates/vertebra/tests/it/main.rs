//! Tests of the whole house: the real binary, driven over the wire.
#![expect(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::format_collect,
    reason = "a test that cannot go on has failed"
)]

mod administration;
mod audit;
mod catalogue;
mod certificates;
mod create;
mod events;
mod hang_up;
mod hl7;
mod hl7_journey;
mod kill;
mod kill_mail;
mod load_killed;
mod mailbox_commands;
mod mailbox_folder;
mod message_commands;
mod messages;
mod meters;
mod parsers;
mod read;
mod refusals;
mod rubbish;
mod secrets;
mod secure;
mod sign_in;
mod smuggling;
mod spine_certificates;
mod spine_messaging;
mod stop;
mod story_handover;
mod story_trace;
mod story_transfer;
mod story_transfer_killed;
mod tokens;

const BINARY: &str = env!("CARGO_BIN_EXE_vertebra");
const PDS: &str = "/personal-demographics/FHIR/R4";

/// An open demonstration with a few made-up people.
fn open_demo() -> testkit::Exchange {
    testkit::Exchange::start(BINARY, &["--demo", "--people", "50", "--open"])
}

/// A demonstration that wants credentials.
fn closed_demo() -> testkit::Exchange {
    testkit::Exchange::start(BINARY, &["--demo", "--people", "50"])
}

/// The token of the first demonstration client that is let in this way.
fn token(exchange: &testkit::Exchange, access: &str) -> String {
    let credentials = exchange.credentials();
    let clients = credentials["clients"].as_array().unwrap();
    let client = clients.iter().find(|client| client["access"] == access).unwrap();
    client["bearer_token"].as_str().unwrap().to_owned()
}
