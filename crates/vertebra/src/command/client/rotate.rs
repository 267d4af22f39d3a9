//! `vertebra client rotate`: a new key beside the old one, which goes when its time is over.

use std::path::PathBuf;

use super::credential::Credential;
use super::list::tell;
use crate::command::Failure;
use crate::control::{self, Order, client};

/// Give a client a new key.
#[derive(clap::Args)]
pub(crate) struct Rotate {
    /// The client
    #[arg(value_name = "ID")]
    id: String,
    /// How long the old keys count beside the new one, such as 90s, 30m, 24h or 7d
    #[arg(long, value_name = "TIME", default_value = "24h", value_parser = seconds)]
    overlap: u64,
    /// Make a P-384 key (ES384), as clients of SMART Backend Services have it
    #[arg(long, conflicts_with = "jwks")]
    smart: bool,
    /// Make a new API key only; the old one is of no more use at once
    #[arg(long, requires = "api_key", conflicts_with_all = ["jwks", "key", "smart"])]
    api_key_only: bool,
    #[command(flatten)]
    credential: Credential,
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Rotate {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let made = if self.api_key_only {
            self.credential.make_api_key()
        } else {
            // The file of the old key stays: both count for a while.
            let now_s = base::Clock::System.now().as_second();
            self.credential.make(&format!("{}-{now_s}", self.id), self.smart)
        }?;
        let order = client::Rotate {
            id: self.id.clone(),
            jwks: made.jwks.clone(),
            api_key: made.api_key.clone(),
            overlap_s: self.overlap,
        };
        let rotated = control::ask(&self.data, Order::Client(client::Order::Rotate(order)));
        let rotated = rotated.inspect_err(|_| made.undo(&self.credential))?;
        tell(&rotated, made.key_file.as_deref(), self.json);
        Ok(())
    }
}

/// A time such as `24h`, in seconds.
fn seconds(text: &str) -> Result<u64, String> {
    let wrong = || format!("'{text}' is no time. hint: 90s, 30m, 24h or 7d");
    let split = text.len().saturating_sub(1);
    let (number, unit) = text.split_at_checked(split).ok_or_else(wrong)?;
    let unit_s = match unit {
        "s" => 1,
        "m" => 60,
        "h" => 3600,
        "d" => 24 * 3600,
        _ => return Err(wrong()),
    };
    let number: u64 = number.parse().map_err(|_| wrong())?;
    number.checked_mul(unit_s).ok_or_else(wrong)
}

#[cfg(test)]
mod tests;
