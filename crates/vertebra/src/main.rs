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
mod say;
mod stop;
mod tls;
mod watch;

use clap::Parser;

// A third off the cost of JSON work, measured.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A national health-data exchange in one binary.
#[derive(Parser)]
#[command(version, about, max_term_width = 100)]
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
