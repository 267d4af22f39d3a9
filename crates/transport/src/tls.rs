//! TLS: connections that nobody between can read or change.
//!
//! Clauses: <https://www.rfc-editor.org/rfc/rfc8446> (1.3), <https://www.rfc-editor.org/rfc/rfc5246>
//! (1.2), <https://www.rfc-editor.org/rfc/rfc7301> (what is spoken inside).

use std::fmt;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::ServerConfig;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

/// What a listener shows to callers who speak TLS.
#[derive(Clone)]
pub struct Tls {
    acceptor: TlsAcceptor,
}

/// A certificate that an authority of its own signed, for demonstrations and tests. All in PEM.
#[derive(Clone)]
pub struct SelfSigned {
    /// The certificate of the authority: what callers are told to trust. Its key is thrown away.
    pub authority: String,
    /// The certificate to show.
    pub certificate: String,
    /// The key of that certificate: a secret.
    pub key: String,
}

impl Tls {
    /// TLS 1.2 and 1.3 with a certificate, followed by those that lead to its authority, and its
    /// key, all in PEM.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, String> {
        let chain: Vec<CertificateDer<'static>> = CertificateDer::pem_slice_iter(certificates)
            .collect::<Result<_, _>>()
            .map_err(|error| format!("the certificate is no PEM: {error}"))?;
        if chain.is_empty() {
            return Err("there is no certificate. hint: it begins with BEGIN CERTIFICATE".into());
        }
        let key = PrivateKeyDer::from_pem_slice(key)
            .map_err(|error| format!("there is no private key: {error}"))?;
        let mut config = ServerConfig::builder_with_provider(aws_lc_rs::default_provider().into())
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?
            // Certificates of clients would be asked for here.
            .with_no_client_auth()
            .with_single_cert(chain, key)
            .map_err(|error| format!("the certificate and the key do not serve: {error}"))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)) })
    }

    /// Makes a certificate for these host names and addresses, and an authority that signs it. It
    /// is good for a century, so that no demonstration ends early.
    ///
    /// # Errors
    /// When a name is none.
    pub fn self_signed(names: &[&str]) -> Result<SelfSigned, String> {
        signed(names).map_err(|error| format!("cannot make a certificate: {error}"))
    }

    /// Agrees on TLS with a caller.
    ///
    /// # Errors
    /// When they do not speak it, or no kind of it that is safe.
    pub(crate) async fn accept(&self, stream: TcpStream) -> std::io::Result<TlsStream<TcpStream>> {
        self.acceptor.accept(stream).await
    }
}

fn signed(names: &[&str]) -> Result<SelfSigned, rcgen::Error> {
    let mut params = dated(CertificateParams::default(), "Vertebra demonstration authority");
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    let authority = CertifiedIssuer::self_signed(params, KeyPair::generate()?)?;

    let names: Vec<String> = names.iter().map(|&name| name.to_owned()).collect();
    let mut params = dated(CertificateParams::new(names)?, "Vertebra demonstration");
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
    params.use_authority_key_identifier_extension = true;
    let key = KeyPair::generate()?;
    let certificate = params.signed_by(&key, &authority)?;
    Ok(SelfSigned {
        authority: authority.pem(),
        certificate: certificate.pem(),
        key: key.serialize_pem(),
    })
}

fn dated(mut params: CertificateParams, name: &str) -> CertificateParams {
    params.not_before = date_time_ymd(2025, 1, 1);
    params.not_after = date_time_ymd(2125, 1, 1);
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params
}

impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tls")
    }
}

impl fmt::Debug for SelfSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The key is a secret.
        f.write_str("SelfSigned")
    }
}

#[cfg(test)]
mod tests;
