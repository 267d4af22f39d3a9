//! `vertebra settings`: every setting with its default, as a configuration file.

/// Print every setting with its default, as a configuration file.
#[derive(clap::Args)]
pub(crate) struct Settings {}

impl Settings {
    pub(crate) fn run() {
        crate::say::lines(crate::config::explained().trim_end());
    }
}
