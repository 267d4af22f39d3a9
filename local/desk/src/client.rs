//! Calls over HTTP, with or without TLS.

use std::fmt;
use std::path::Path;
use std::time::Duration;

use base::limit::{HEADER_BYTES_MAX, LOCAL_BODY_BYTES_MAX, LOCAL_CALL_S_MAX};
use bytes::Bytes;
use http::header::{HeaderValue, USER_AGENT};
use http::{HeaderMap, Method, Request, Uri};
use http_body_util::{BodyExt, Full, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client as Http};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::client::WantsClientCert;
use rustls::crypto::aws_lc_rs;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, ConfigBuilder, RootCertStore};

use crate::answer::Answer;
use crate::card::Papers;

/// How long a connection may take to come about.
const CONNECT_S_MAX: Duration = Duration::from_secs(5);
/// How long a connection that nobody uses is kept.
const IDLE_S_MAX: Duration = Duration::from_secs(15);
/// What requests say that they are from.
const AGENT: &str = concat!("vertebra-local/", env!("CARGO_PKG_VERSION"));

/// Calls others. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Client {
    http: Http<HttpsConnector<HttpConnector>, Full<Bytes>>,
}

/// Why no whole answer came.
#[derive(Debug)]
pub enum Trouble {
    /// The call could not be made.
    Here(String),
    /// Nobody took it.
    Unreachable,
    /// It was taken, and no answer came in time.
    Unanswered,
    /// The answer broke off, or is larger than what is read.
    BrokenOff,
    /// The answer was no, with this status.
    Refused(u16),
    /// There is no token to call with, and why.
    NoToken(String),
}

impl Client {
    /// A client that believes the authorities of the machine, and shows no certificate.
    ///
    /// # Errors
    /// When there is no TLS to be had.
    pub fn new() -> Result<Self, String> {
        Ok(Self::with(believing(None)?.with_no_client_auth()))
    }

    /// A client that believes whom some papers say, and shows no certificate.
    ///
    /// # Errors
    /// When they cannot be read.
    pub fn believing(papers: &Papers) -> Result<Self, String> {
        Ok(Self::with(believing(Some(papers))?.with_no_client_auth()))
    }

    /// A client that believes whom some papers say, and shows their certificate.
    ///
    /// # Errors
    /// When they cannot be read, or do not belong together.
    pub fn showing(papers: &Papers) -> Result<Self, String> {
        let (file, key) = (&papers.certificate_file, &papers.key_file);
        let chain = certificates(file)?;
        let key = PrivateKeyDer::from_pem_file(key).map_err(|error| unread(key, &error))?;
        let tls = believing(Some(papers))?.with_client_auth_cert(chain, key);
        Ok(Self::with(tls.map_err(|error| unread(file, &error))?))
    }

    fn with(tls: ClientConfig) -> Self {
        let mut connector = HttpConnector::new();
        connector.enforce_http(false);
        connector.set_connect_timeout(Some(CONNECT_S_MAX));
        connector.set_nodelay(true);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls)
            .https_or_http()
            .enable_http1()
            .wrap_connector(connector);
        let http = Http::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_S_MAX)
            .http1_max_buf_size(HEADER_BYTES_MAX)
            .build(connector);
        Self { http }
    }

    /// Calls, and gives the answer whatever its status.
    ///
    /// # Errors
    /// Why no whole answer came.
    pub async fn send(
        &self,
        method: Method,
        url: &str,
        headers: HeaderMap,
        body: Bytes,
    ) -> Result<Answer, Trouble> {
        let uri: Uri = url.parse().map_err(|_| Trouble::Here("the address is none".into()))?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = method;
        *request.uri_mut() = uri;
        *request.headers_mut() = headers;
        request.headers_mut().insert(USER_AGENT, HeaderValue::from_static(AGENT));
        let whole = async {
            let response = self.http.request(request).await.map_err(|error| why(&error))?;
            let (head, body) = response.into_parts();
            let body = Limited::new(body, LOCAL_BODY_BYTES_MAX).collect().await;
            let body = body.map_err(|_| Trouble::BrokenOff)?.to_bytes();
            Ok(Answer { status: head.status.as_u16(), headers: head.headers, body })
        };
        let longest = Duration::from_secs(LOCAL_CALL_S_MAX);
        tokio::time::timeout(longest, whole).await.map_err(|_| Trouble::Unanswered)?
    }
}

/// TLS that believes the authorities of the machine, and that of some papers.
fn believing(
    papers: Option<&Papers>,
) -> Result<ConfigBuilder<ClientConfig, WantsClientCert>, String> {
    let mut authorities = RootCertStore::empty();
    authorities.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
    if let Some(file) = papers.map(|papers| &papers.authority_file) {
        for authority in certificates(file)? {
            authorities.add(authority).map_err(|error| unread(file, &error))?;
        }
    }
    let builder = ClientConfig::builder_with_provider(aws_lc_rs::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| format!("there is no TLS: {error}"))?;
    Ok(builder.with_root_certificates(authorities))
}

/// The certificates in a file.
fn certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let rows = CertificateDer::pem_file_iter(file).map_err(|error| unread(file, &error))?;
    rows.collect::<Result<_, _>>().map_err(|error| unread(file, &error))
}

fn unread(file: &Path, error: &impl fmt::Display) -> String {
    format!("{}: {error}", file.display())
}

fn why(error: &legacy::Error) -> Trouble {
    if error.is_connect() { Trouble::Unreachable } else { Trouble::BrokenOff }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Here(why) => write!(f, "the call could not be made: {why}"),
            Self::Unreachable => f.write_str("nobody answers at that address"),
            Self::Unanswered => f.write_str("no answer came in time"),
            Self::BrokenOff => f.write_str("the answer broke off"),
            Self::Refused(status) => write!(f, "the answer was {status}"),
            Self::NoToken(why) => write!(f, "there is no token to call with: {why}"),
        }
    }
}
