//! `vertebra audit head`: the newest signed checkpoint, for somebody else to keep.

use std::path::PathBuf;

use store::AuditFolder;

use crate::command::Failure;
use crate::say;

/// Print the newest signed checkpoint, to be kept elsewhere.
#[derive(clap::Args)]
pub(crate) struct Head {
    /// The data folder, or a backup; the exchange may be serving
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
}

impl Head {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let newest = AuditFolder::open(&self.data).and_then(|chain| chain.newest_checkpoint());
        match newest.map_err(|error| error.to_string())? {
            Some(checkpoint) => {
                say::line(&checkpoint.to_line());
                Ok(())
            }
            None => Err("nothing is sealed yet; hint: a minute after the first access, or when \
                         the exchange stops, there is a checkpoint"
                .to_owned()),
        }
    }
}
