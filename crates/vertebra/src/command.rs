//! The commands, one file each.

mod apply;
mod demo;
mod serve;
mod settings;

use clap::Subcommand;

/// Why a command failed, in words for whoever typed it.
pub(crate) type Failure = String;

/// What the program can be told to do.
#[derive(Subcommand)]
pub(crate) enum Command {
    /// Run the exchange
    Serve(serve::Serve),
    /// Create or update organisations, systems and clients from a TOML file
    Apply(apply::Apply),
    /// Look at the demonstration nation
    Demo(demo::Demo),
    /// Print every setting with its default, as a configuration file
    Settings(settings::Settings),
}

impl Command {
    /// Does what was asked.
    pub(crate) fn run(self) -> Result<(), Failure> {
        match self {
            Self::Serve(command) => command.run(),
            Self::Apply(command) => command.run(),
            Self::Demo(command) => command.run(),
            Self::Settings(command) => command.run(),
        }
    }
}
