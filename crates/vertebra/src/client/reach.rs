//! Where the exchange is, and whom to trust there.

use std::path::PathBuf;

use super::demonstration::Demonstration;
use super::{Client, trust};

/// Where the exchange is, and whom to trust there.
#[derive(clap::Args)]
pub(crate) struct Reach {
    /// The address of the exchange [default: the demonstration's, or <http://127.0.0.1:8600>]
    #[arg(long, value_name = "URL")]
    url: Option<String>,
    /// The data folder of a demonstration, whose credentials to use
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// The authority to trust with https, in PEM [default: those that the system trusts]
    #[arg(long, value_name = "FILE")]
    ca: Option<PathBuf>,
    /// The certificate to show with https, in PEM, where the exchange asks for one
    #[arg(long, value_name = "FILE", requires = "key")]
    certificate: Option<PathBuf>,
    /// Its key, in PEM
    #[arg(long, value_name = "FILE", requires = "certificate")]
    key: Option<PathBuf>,
}

/// Where an exchange is when nobody says.
const USUAL: &str = "http://127.0.0.1:8600";

impl Reach {
    /// Where a command says that the exchange is, which names its data folder otherwise.
    pub(crate) fn to(url: Option<String>, data: PathBuf, ca: Option<PathBuf>) -> Self {
        Self { url, data, ca, certificate: None, key: None }
    }

    /// What the demonstration on this machine wrote down.
    ///
    /// # Errors
    /// When it cannot be understood.
    pub(crate) fn demonstration(&self) -> Result<Demonstration, String> {
        Demonstration::read(&self.data)
    }

    /// The address of the exchange.
    pub(crate) fn url<'a>(&'a self, demonstration: &'a Demonstration) -> &'a str {
        self.url.as_deref().or(demonstration.base_url.as_deref()).unwrap_or(USUAL)
    }

    /// A client of the exchange.
    ///
    /// # Errors
    /// When a certificate cannot be read.
    pub(crate) fn client(&self, demonstration: &Demonstration) -> Result<Client, String> {
        let url = self.url(demonstration);
        let shown = self.certificate.as_deref().zip(self.key.as_deref());
        let tls = trust::settings(url.starts_with("https:"), self.ca.as_deref(), shown)?;
        Client::new(url, tls)
    }
}
