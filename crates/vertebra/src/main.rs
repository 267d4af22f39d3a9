//! The exchange: one binary, one folder of data.

mod authority;
mod beside;
mod client;
mod command;
mod config;
mod control;
mod credentials;
mod hl7;
mod house;
mod inside;
mod issuers;
mod local;
mod logs;
mod model;
mod nation;
mod progress;
mod quotas;
mod say;
mod stop;
mod tls;
mod watch;

use clap::Parser;

// A third off the cost of JSON work, measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const EXAMPLES: &str = "\
Try it, in an empty folder:
  vertebra serve --demo --open      a small made-up country at http://127.0.0.1:8600
  vertebra story trace              a practice asks who a patient is; see what travelled
  vertebra call GET /personal-demographics/FHIR/R4/Patient/9000000009
  vertebra demo people              people worth asking for

0 is the end of what went well, 1 of what did not, 2 of a command that makes no sense.";

/// A national health-data exchange in one binary.
#[derive(Parser)]
#[command(version, about, max_term_width = 100, after_help = EXAMPLES)]
struct Cli {
    #[command(subcommand)]
    command: command::Command,
}

fn main() -> std::process::ExitCode {
    match Cli::parse().command.run() {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("vertebra: {failure}");
            std::process::ExitCode::FAILURE
        }
    }
}
