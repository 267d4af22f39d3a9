//! TLS as whoever calls speaks it: whom to believe, and what to show to those who ask who calls.

use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

/// Whom to believe that an endpoint is who it says.
#[derive(Clone, Debug)]
pub enum Trust {
    /// The authorities that the system believes.
    System,
    /// These and no others.
    These(RootCertStore),
}

/// The certificate that the house shows to those it calls, where they ask for one. `Debug` leaves
/// out the key.
#[derive(Debug)]
pub struct Identity {
    chain: Vec<CertificateDer<'static>>,
    key: PrivateKeyDer<'static>,
}

impl Identity {
    /// A certificate, followed by those that lead to its authority, and its key, all in PEM.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, String> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("the certificate is no PEM: {error}"))?;
        if chain.is_empty() {
            return Err("there is no certificate. hint: it begins with BEGIN CERTIFICATE".into());
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| format!("there is no private key: {error}"))?;
        Ok(Self { chain, key })
    }
}

/// How connections are made.
///
/// # Errors
/// When TLS cannot be had, or the certificate and its key do not serve.
pub(crate) fn config(trust: &Trust, identity: Option<Identity>) -> Result<ClientConfig, String> {
    let authorities = match trust {
        Trust::These(authorities) => authorities.clone(),
        Trust::System => system_authorities(),
    };
    let config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("there is no TLS: {error}"))?
        .with_root_certificates(authorities);
    match identity {
        None => Ok(config.with_no_client_auth()),
        Some(identity) => config
            .with_client_auth_cert(identity.chain, identity.key)
            .map_err(|error| format!("the certificate and the key do not serve: {error}")),
    }
}

fn system_authorities() -> RootCertStore {
    let found = rustls_native_certs::load_native_certs();
    let mut authorities = RootCertStore::empty();
    let (known, _) = authorities.add_parsable_certificates(found.certs);
    if known == 0 {
        tracing::warn!("the system names no authority: https endpoints will not be believed");
    }
    authorities
}

#[cfg(test)]
mod tests;
