//! The certificate that the other side of a connection showed, for as long as it is a good one.

use std::fmt;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use base::Clock;
use base::limit::CERTIFICATE_BELIEVED_S_MAX;
use rustls::pki_types::{CertificateDer, UnixTime};
use security::Certificate;

use crate::Tls;

/// The other side of a connection, proved by its certificate.
pub(crate) struct Peer {
    /// What it showed.
    pub(crate) certificate: Certificate,
    /// The certificate, and those that lead from it to an authority.
    chain: Vec<CertificateDer<'static>>,
    tls: Tls,
    /// By which papers of the house it was last found good, and when, in seconds since 1970.
    found_good: Mutex<Option<(u64, i64)>>,
}

impl Peer {
    /// Who showed these certificates; nothing when the first is none. `just_now` says by which
    /// papers of the house they were verified just now; a session that is taken up again shows
    /// what was verified long ago.
    pub(crate) fn new(
        tls: Tls,
        chain: &[CertificateDer<'static>],
        just_now: Option<u64>,
    ) -> Option<Self> {
        let certificate = Certificate::read(chain.first()?)?;
        let found_good = Mutex::new(just_now.map(|papers| (papers, now_s())));
        Some(Self { certificate, chain: chain.to_vec(), tls, found_good })
    }

    /// Whether the certificate is still good: by the authorities and lists that are in force now,
    /// and by its own times. Looked at again when the former were renewed, and now and then.
    pub(crate) fn is_good(&self) -> bool {
        let (papers, verifier) = self.tls.in_force();
        let now_s = now_s();
        let mut found_good = self.found_good.lock().unwrap_or_else(PoisonError::into_inner);
        if found_good.is_some_and(|(by, at_s)| {
            by == papers && (0..CERTIFICATE_BELIEVED_S_MAX).contains(&(now_s - at_s))
        }) {
            return true;
        }
        let Some((verifier, (end, between))) = verifier.zip(self.chain.split_first()) else {
            return false;
        };
        let at = UnixTime::since_unix_epoch(Duration::from_secs(now_s.max(0) as u64));
        let good = verifier.verify_client_cert(end, between, at);
        if let Err(error) = &good {
            let shown = &self.certificate;
            tracing::info!(%error, certificate = ?shown, "a certificate is good no more");
        }
        *found_good = good.is_ok().then_some((papers, now_s));
        good.is_ok()
    }
}

/// TLS has no other clock than the system's.
fn now_s() -> i64 {
    Clock::System.now().as_second()
}

impl fmt::Debug for Peer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.certificate.fmt(f)
    }
}
