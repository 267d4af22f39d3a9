//! TLS: connections that nobody between can read or change.
//!
//! Clauses: <https://www.rfc-editor.org/rfc/rfc8446> (1.3), <https://www.rfc-editor.org/rfc/rfc5246>
//! (1.2), <https://www.rfc-editor.org/rfc/rfc7301> (what is spoken inside),
//! <https://www.rfc-editor.org/rfc/rfc5280> (certificates and lists of revoked ones).

use std::fmt;
use std::sync::{Arc, PoisonError, RwLock};

use base::limit::TLS_SESSIONS_MAX;
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, date_time_ymd,
};
use rustls::crypto::{CryptoProvider, aws_lc_rs};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, CertificateRevocationListDer, PrivateKeyDer};
use rustls::server::danger::ClientCertVerifier;
use rustls::server::{ServerSessionMemoryCache, WebPkiClientVerifier};
use rustls::{HandshakeKind, RootCertStore, ServerConfig};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::peer::Peer;

/// What a listener shows to callers who speak TLS, and what it asks of them. Clones share it, and
/// learn of it when it is renewed.
#[derive(Clone)]
pub struct Tls {
    current: Arc<RwLock<Arc<Current>>>,
}

/// What is in force.
struct Current {
    acceptor: TlsAcceptor,
    /// What says whether the certificate of a caller is good; nothing when none is asked for.
    verifier: Option<Arc<dyn ClientCertVerifier>>,
    /// Which papers these are, counted from 1.
    number: u64,
}

/// What TLS is made of, all in PEM.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Papers {
    /// The certificate to show, followed by those that lead to its authority.
    pub certificates: Vec<u8>,
    /// The key of that certificate: a secret.
    pub key: Vec<u8>,
    /// The certificates of the authorities whose word on callers is believed. Empty: callers are
    /// not asked for certificates. Otherwise they may show one, and whoever shows a bad one is
    /// hung up on.
    pub authorities: Vec<u8>,
    /// Lists of certificates that these authorities take back. An authority without one takes
    /// none back.
    pub revoked: Vec<u8>,
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
    /// TLS 1.2 and 1.3 with these papers.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn new(papers: &Papers) -> Result<Self, String> {
        Ok(Self { current: Arc::new(RwLock::new(Arc::new(Current::new(papers, 1)?))) })
    }

    /// The same with a certificate, followed by those that lead to its authority, and its key, in
    /// PEM; callers are not asked for any.
    ///
    /// # Errors
    /// What is wrong with them.
    pub fn from_pem(certificates: &[u8], key: &[u8]) -> Result<Self, String> {
        let (certificates, key) = (certificates.to_vec(), key.to_vec());
        Self::new(&Papers { certificates, key, ..Papers::default() })
    }

    /// Takes up other papers: they count for new connections at once. Connections that are open
    /// stay, unless the certificate that was shown on them is not good any more; no session from
    /// before is taken up again.
    ///
    /// # Errors
    /// What is wrong with the new papers: the old ones stay in force.
    pub fn renew(&self, papers: &Papers) -> Result<(), String> {
        let next = Current::new(papers, self.current().number + 1)?;
        *self.current.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(next);
        Ok(())
    }

    /// Makes a certificate for these host names and addresses, and an authority that signs it. It
    /// is good for a century, so that no demonstration ends early.
    ///
    /// # Errors
    /// When a name is none.
    pub fn self_signed(names: &[&str]) -> Result<SelfSigned, String> {
        signed(names).map_err(|error| format!("cannot make a certificate: {error}"))
    }

    /// Agrees on TLS with a caller. Also who that is, if they showed a certificate.
    ///
    /// # Errors
    /// When they do not speak it, or no kind of it that is safe, or show a bad certificate.
    pub(crate) async fn accept(
        &self,
        stream: TcpStream,
    ) -> std::io::Result<(TlsStream<TcpStream>, Option<Peer>)> {
        let current = self.current();
        let stream = current.acceptor.accept(stream).await?;
        let (_, agreed) = stream.get_ref();
        let resumed = agreed.handshake_kind() == Some(HandshakeKind::Resumed);
        let just_now = (!resumed).then_some(current.number);
        let chain = agreed.peer_certificates();
        let peer = chain.and_then(|chain| Peer::new(self.clone(), chain, just_now));
        Ok((stream, peer))
    }

    /// Which papers are in force, and what says whether certificates of callers are good.
    pub(crate) fn in_force(&self) -> (u64, Option<Arc<dyn ClientCertVerifier>>) {
        let current = self.current();
        (current.number, current.verifier.clone())
    }

    fn current(&self) -> Arc<Current> {
        Arc::clone(&self.current.read().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Current {
    fn new(papers: &Papers, number: u64) -> Result<Self, String> {
        let provider = Arc::new(aws_lc_rs::default_provider());
        let chain = certificates(&papers.certificates)?;
        if chain.is_empty() {
            return Err("there is no certificate. hint: it begins with BEGIN CERTIFICATE".into());
        }
        let key = PrivateKeyDer::from_pem_slice(&papers.key)
            .map_err(|error| format!("there is no private key: {error}"))?;
        let verifier = verifier(papers, &provider)?;
        let asking = ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .map_err(|error| error.to_string())?;
        let showing = match &verifier {
            Some(verifier) => asking.with_client_cert_verifier(Arc::clone(verifier)),
            None => asking.with_no_client_auth(),
        };
        let mut config = showing
            .with_single_cert(chain, key)
            .map_err(|error| format!("the certificate and the key do not serve: {error}"))?;
        config.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
        // A session that is taken up again brings its caller's certificate with it.
        config.session_storage = ServerSessionMemoryCache::new(TLS_SESSIONS_MAX);
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), verifier, number })
    }
}

/// What says whether the certificate of a caller is good; nothing when none is asked for.
fn verifier(
    papers: &Papers,
    provider: &Arc<CryptoProvider>,
) -> Result<Option<Arc<dyn ClientCertVerifier>>, String> {
    let authorities = certificates(&papers.authorities)?;
    if authorities.is_empty() {
        return match papers.authorities.trim_ascii() {
            [] => Ok(None),
            _ => Err("there is no authority. hint: it begins with BEGIN CERTIFICATE".into()),
        };
    }
    let mut roots = RootCertStore::empty();
    for authority in authorities {
        roots.add(authority).map_err(|error| format!("an authority does not serve: {error}"))?;
    }
    let lists: Vec<_> = CertificateRevocationListDer::pem_slice_iter(&papers.revoked)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("a list of revoked certificates is no PEM: {error}"))?;
    if lists.is_empty() && !papers.revoked.trim_ascii().is_empty() {
        return Err("there is no list. hint: it begins with BEGIN X509 CRL".into());
    }
    let verifier = WebPkiClientVerifier::builder_with_provider(roots.into(), provider.clone())
        .allow_unauthenticated()
        .with_crls(lists)
        .only_check_end_entity_revocation()
        .allow_unknown_revocation_status()
        .build()
        .map_err(|error| format!("the authorities or lists do not serve: {error}"))?;
    Ok(Some(verifier))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem)
        .collect::<Result<_, _>>()
        .map_err(|error| format!("the certificate is no PEM: {error}"))
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

impl fmt::Debug for Papers {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The key is a secret.
        f.write_str("Papers")
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
