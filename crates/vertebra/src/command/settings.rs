//! `vertebra settings`: every setting with its default, as a configuration file.

use super::Failure;

/// Print every setting with its default, as a configuration file.
#[derive(clap::Args)]
pub(crate) struct Settings {}

impl Settings {
    #[expect(clippy::print_stdout, reason = "printing is what was asked")]
    pub(crate) fn run(&self) -> Result<(), Failure> {
        print!("{}", crate::config::explained());
        Ok(())
    }
}
