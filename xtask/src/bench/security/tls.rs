//! Connections with a certificate shown.

use std::sync::Arc;

use rustls::client::Resumption;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{ClientConfig, HandshakeKind, RootCertStore};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;

use super::super::load::Caller;
use super::credentials::Credentials;

/// How one caller speaks TLS; sessions are its own.
pub(crate) fn config(
    credentials: &Credentials,
    resumes: bool,
) -> Result<Arc<ClientConfig>, String> {
    let failed = |error: &dyn std::error::Error| format!("TLS: {error}");
    let certificate = |file: &str| {
        CertificateDer::from_pem_file(file).map_err(|error| format!("{file}: {error}"))
    };
    let mut roots = RootCertStore::empty();
    roots.add(certificate(&credentials.authority_file)?).map_err(|error| failed(&error))?;
    let key = PrivateKeyDer::from_pem_file(&credentials.key_file);
    let mut config = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| failed(&error))?
        .with_root_certificates(roots)
        .with_client_auth_cert(
            vec![certificate(&credentials.certificate_file)?],
            key.map_err(|error| failed(&error))?,
        )
        .map_err(|error| failed(&error))?;
    if !resumes {
        config.resumption = Resumption::disabled();
    }
    Ok(Arc::new(config))
}

/// Connects to `https://ADDR`. The flag tells whether an earlier session was taken up again.
pub(crate) async fn connect(
    base: &str,
    config: &Arc<ClientConfig>,
) -> Result<(Caller, bool), String> {
    let address = base.trim_start_matches("https://").to_owned();
    let failed = |error: &dyn std::error::Error| format!("cannot connect to {base}: {error}");
    let host = address.rsplit_once(':').map_or(address.as_str(), |(host, _)| host).to_owned();
    let name = ServerName::try_from(host).map_err(|error| failed(&error))?;
    let stream = TcpStream::connect(&address).await.map_err(|error| failed(&error))?;
    stream.set_nodelay(true).map_err(|error| failed(&error))?;
    let connector = TlsConnector::from(Arc::clone(config));
    let stream = connector.connect(name, stream).await.map_err(|error| failed(&error))?;
    let resumed = stream.get_ref().1.handshake_kind() == Some(HandshakeKind::Resumed);
    Ok((Caller::over(stream, address).await?, resumed))
}
