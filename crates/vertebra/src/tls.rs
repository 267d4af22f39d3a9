//! The certificate that is shown to callers who speak TLS: the operator's, or in a demonstration
//! one that is made once; and the one that is shown to those whom the exchange calls.

use std::path::Path;

use base::Clock;
use courier::{Courier, Identity, Trust};
use store::Store;
use transport::Tls;

use crate::config::Config;
use crate::credentials::private_file;

/// What to show on the address for TLS; nothing when there is none.
///
/// # Errors
/// When there is no certificate, or it does not serve.
pub(crate) fn prepare(config: &Config, demo: bool) -> Result<Option<Tls>, String> {
    if config.tls_listen.is_none() {
        return Ok(None);
    }
    let tls = match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => load(certificate, key),
        _ if demo => demonstration(&config.data.join("demo")),
        _ => Err("tls_listen: there is no certificate. hint: set tls_certificate and tls_key, or \
                  start with --demo to have one made"
            .into()),
    };
    tls.map(Some)
}

/// What calls others, with the certificate that it shows them, if there is one. `origin` is where
/// they find the house.
///
/// # Errors
/// When TLS cannot be had, or the certificate does not serve.
pub(crate) fn courier(config: &Config, store: &Store, origin: &str) -> Result<Courier, String> {
    let (store, trust) = (store.clone(), Trust::System);
    let (Some(certificate), Some(key)) = (&config.outgoing_certificate, &config.outgoing_key)
    else {
        return Courier::new(store, Clock::System, origin, &trust);
    };
    let named = |error| format!("{}: {error}", certificate.display());
    let identity = Identity::from_pem(&read(certificate)?, &read(key)?).map_err(named)?;
    Courier::identified(store, Clock::System, origin, &trust, identity).map_err(named)
}

fn read(path: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
}

fn load(certificate: &Path, key: &Path) -> Result<Tls, String> {
    Tls::from_pem(&read(certificate)?, &read(key)?)
        .map_err(|error| format!("{}: {error}", certificate.display()))
}

/// The demonstration's own certificate, for this machine, made at the first start.
fn demonstration(folder: &Path) -> Result<Tls, String> {
    let (certificate, key) = (folder.join("tls.pem"), folder.join("tls-key.pem"));
    // The key is written last: where it is, all is.
    if !key.exists() {
        let made = Tls::self_signed(&["localhost", "127.0.0.1"])?;
        private_file(&folder.join("ca.pem"), &made.authority)?;
        private_file(&certificate, &made.certificate)?;
        private_file(&key, &made.key)?;
    }
    load(&certificate, &key)
}
