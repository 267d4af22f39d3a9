//! Who a local system is, and what it was told of the exchange.

use std::path::PathBuf;

/// Who a local system is, and the addresses and credentials that it was given.
#[derive(Clone, Debug)]
pub struct Card {
    /// Its short name, which is also that of its folder: `hill-road`.
    pub name: String,
    /// What people call the organisation that it works for.
    pub title: String,
    /// The code of that organisation.
    pub organisation: String,
    /// The accredited id of the system.
    pub system: String,
    /// Where the national APIs are: `http://host:port`, without a path.
    pub exchange: String,
    /// Where access tokens are given out.
    pub token_url: String,
    /// What it is called at the token service.
    pub client: String,
    /// The name of its key there.
    pub kid: String,
    /// The file of its private key: PKCS #8 in PEM.
    pub key_file: PathBuf,
    /// The file of its API key; none when it has none.
    pub api_key_file: Option<PathBuf>,
    /// What it shows, and whom it believes, where TLS is spoken; none when it has none.
    pub papers: Option<Papers>,
}

/// The papers of a system for TLS, each a file in PEM.
#[derive(Clone, Debug)]
pub struct Papers {
    /// The certificate that it shows.
    pub certificate_file: PathBuf,
    /// The key of that.
    pub key_file: PathBuf,
    /// The authority that it believes, beside those of the machine.
    pub authority_file: PathBuf,
}
