//! The certificate that is shown to callers who speak TLS: the operator's, or in a demonstration
//! one that is made once.

use std::path::Path;

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

fn load(certificate: &Path, key: &Path) -> Result<Tls, String> {
    let read = |path: &Path| {
        std::fs::read(path).map_err(|error| format!("cannot read {}: {error}", path.display()))
    };
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
