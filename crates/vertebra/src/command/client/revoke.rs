//! `vertebra client revoke`: a client comes to its end.

use std::path::PathBuf;

use super::list::tell;
use crate::command::Failure;
use crate::control::{self, Order, client};

/// End a client, for good.
#[derive(clap::Args)]
pub(crate) struct Revoke {
    /// The client
    #[arg(value_name = "ID")]
    id: String,
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Revoke {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let order = client::Order::Revoke(self.id.clone());
        let revoked = control::ask(&self.data, Order::Client(order))?;
        tell(&revoked, None, self.json);
        Ok(())
    }
}
