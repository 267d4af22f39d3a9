//! `vertebra restore`: a backup becomes a data folder, once it has proved to be whole.

use std::path::PathBuf;

use super::Failure;

/// Put a backup in place of a data folder.
#[derive(clap::Args)]
pub(crate) struct Restore {
    /// The backup
    from: PathBuf,
    /// The data folder to make: it must not hold a store yet
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// The folder with the keys that the backup was sealed with [default: keys in the data folder]
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

impl Restore {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let keys = self.keys.clone().unwrap_or_else(|| self.data.join("keys"));
        store::Store::restore(&self.from, &keys, &self.data).map_err(|error| error.to_string())?;
        eprintln!("restored to {}", self.data.display());
        Ok(())
    }
}
