//! Whom to trust over TLS, and what to show.

use std::path::Path;
use std::sync::Arc;

use ureq::tls::{
    Certificate, ClientCert, PemItem, PrivateKey, RootCerts, TlsConfig, TlsProvider, parse_pem,
};

/// The settings of TLS: an authority of one's own or those of the system, and the certificate to
/// show with its key.
///
/// # Errors
/// When a file cannot be read, or is not what it should be.
pub(crate) fn settings(
    needed: bool,
    ca: Option<&Path>,
    shown: Option<(&Path, &Path)>,
) -> Result<TlsConfig, String> {
    let settings =
        TlsConfig::builder().provider(TlsProvider::Rustls).unversioned_rustls_crypto_provider(
            Arc::new(rustls::crypto::aws_lc_rs::default_provider()),
        );
    let trusted = match ca {
        _ if !needed => Vec::new(),
        Some(file) => certificates(file)?,
        None => system(),
    };
    let shown = shown.filter(|_| needed).map(|(certificate, key)| client(certificate, key));
    Ok(settings
        .root_certs(RootCerts::new_with_certs(&trusted))
        .client_cert(shown.transpose()?)
        .build())
}

fn client(certificate: &Path, key: &Path) -> Result<ClientCert, String> {
    let chain = certificates(certificate)?;
    let pem = read(key)?;
    let key = PrivateKey::from_pem(&pem)
        .map_err(|error| format!("{}: is no private key in PEM: {error}", key.display()))?;
    Ok(ClientCert::new_with_certs(&chain, key))
}

fn certificates(file: &Path) -> Result<Vec<Certificate<'static>>, String> {
    let pem = read(file)?;
    let found: Vec<_> = parse_pem(&pem)
        .filter_map(|item| match item {
            Ok(PemItem::Certificate(certificate)) => Some(certificate),
            _ => None,
        })
        .collect();
    if found.is_empty() {
        let hint = "it begins with -----BEGIN CERTIFICATE-----";
        return Err(format!("{}: holds no certificate in PEM. hint: {hint}", file.display()));
    }
    Ok(found)
}

/// Those that the system trusts; one that cannot be read is left out.
fn system() -> Vec<Certificate<'static>> {
    let found = rustls_native_certs::load_native_certs().certs;
    found.iter().map(|der| Certificate::from_der(der).to_owned()).collect()
}

fn read(file: &Path) -> Result<Vec<u8>, String> {
    std::fs::read(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}
