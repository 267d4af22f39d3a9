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
    /// Copy the keys that the backup is sealed with as well, to this folder: a place apart, since
    /// nobody reads the secrets in a backup who does not have them
    #[arg(long, value_name = "DIR")]
    keys: Option<PathBuf>,
}

impl Backup {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        if self.keys.as_ref().is_some_and(|keys| keys.starts_with(&self.to)) {
            return Err("--keys: keys within a backup lie open to whoever reads it. hint: name a \
                        place apart"
                .into());
        }
        store::Store::backup_of(&self.data, &self.to).map_err(|error| error.to_string())?;
        if let Some(keys) = &self.keys {
            store::Store::copy_keys_of(&self.data, keys).map_err(|error| error.to_string())?;
        }
        eprintln!("backed up to {}", self.to.display());
        Ok(())
    }
}
