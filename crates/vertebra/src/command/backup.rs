//! `vertebra backup`: a copy of the data folder, consistent, while the exchange is serving.

use std::path::PathBuf;

use super::Failure;

/// Copy the data folder while the exchange is serving.
#[derive(clap::Args)]
pub(crate) struct Backup {
    /// Where the copy goes: a folder that does not exist yet
    to: PathBuf,
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
}

impl Backup {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        store::Store::backup_of(&self.data, &self.to).map_err(|error| error.to_string())?;
        eprintln!("backed up to {}", self.to.display());
        Ok(())
    }
}
