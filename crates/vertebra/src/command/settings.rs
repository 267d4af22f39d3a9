//! `vertebra settings`: every setting with its default, as a configuration file.

use super::Failure;

/// Print every setting with its default, as a configuration file.
#[derive(clap::Args)]
pub(crate) struct Settings {}

impl Settings {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        crate::say::line(crate::config::explained().trim_end());
        Ok(())
    }
}
