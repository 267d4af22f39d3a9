//! What is shown to callers who speak TLS and asked of them: the operator's papers, or in a
//! demonstration such as are made once, read again when they change and at SIGHUP. And the
//! certificate that is shown to those whom the exchange calls.

use std::path::{Path, PathBuf};
use std::time::Duration;

use base::Clock;
use courier::{Courier, Identity, Trust};
use store::Store;
use tokio::signal::unix::{Signal, SignalKind, signal};
use transport::{Papers, Stop, Tls};

use crate::authority;
use crate::config::Config;
use crate::credentials::private_file;

/// How often the files are looked at.
const LOOK: Duration = Duration::from_secs(2);

/// The files that the papers are in.
#[derive(Clone)]
pub(crate) struct Files {
    certificate: PathBuf,
    key: PathBuf,
    /// The operator's, which must be there.
    authorities: Option<PathBuf>,
    lists: Option<PathBuf>,
    /// The data folder, which may have an authority of its own.
    data: PathBuf,
}

/// What to show and to ask where TLS is spoken, and the files that it is from.
///
/// # Errors
/// When there is no certificate, or it does not serve.
pub(crate) fn prepare(config: &Config, demo: bool) -> Result<(Tls, Files), String> {
    let (certificate, key) = match (&config.tls_certificate, &config.tls_key) {
        (Some(certificate), Some(key)) => (certificate.clone(), key.clone()),
        _ if demo => demonstration(&config.data.join("demo"))?,
        _ => {
            return Err("tls_listen: there is no certificate. hint: set tls_certificate and \
                        tls_key, or start with --demo to have one made"
                .into());
        }
    };
    let files = Files {
        certificate,
        key,
        authorities: config.tls_client_authorities.clone(),
        lists: config.tls_client_crls.clone(),
        data: config.data.clone(),
    };
    let tls = Tls::new(&files.read()?)
        .map_err(|error| format!("{}: {error}", files.certificate.display()))?;
    Ok((tls, files))
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

/// The demonstration's own certificate, for this machine, made at the first start.
fn demonstration(folder: &Path) -> Result<(PathBuf, PathBuf), String> {
    let (certificate, key) = (folder.join("tls.pem"), folder.join("tls-key.pem"));
    // The key is written last: where it is, all is.
    if !key.exists() {
        let made = Tls::self_signed(&["localhost", "127.0.0.1"])?;
        private_file(&folder.join("ca.pem"), &made.authority)?;
        private_file(&certificate, &made.certificate)?;
        private_file(&key, &made.key)?;
    }
    Ok((certificate, key))
}

impl Files {
    fn read(&self) -> Result<Papers, String> {
        let both = |operators: &Option<PathBuf>, own: PathBuf| {
            let operators = operators.as_deref().map(read).transpose()?.unwrap_or_default();
            let own = if own.exists() { read(&own)? } else { Vec::new() };
            Ok::<_, String>([operators, own].join(&b'\n'))
        };
        Ok(Papers {
            certificates: read(&self.certificate)?,
            key: read(&self.key)?,
            authorities: both(&self.authorities, authority::certificate_file(&self.data))?,
            revoked: both(&self.lists, authority::list_file(&self.data))?,
        })
    }
}

/// Tells of each SIGHUP. Without anybody who listens it would end the process.
///
/// # Errors
/// When the system does not tell of signals.
pub(crate) fn hangups() -> Result<Signal, String> {
    signal(SignalKind::hangup()).map_err(|error| format!("cannot watch for SIGHUP: {error}"))
}

/// Takes up what changes in the files, until it is time to stop. What does not serve is told of
/// once, and what was there before stays in force.
pub(crate) async fn watch(tls: Tls, files: Files, stop: Stop) {
    let Ok(mut hangup) = hangups() else {
        tracing::warn!("cannot watch for SIGHUP: TLS stays as it is until a restart");
        return;
    };
    let mut last = files.read();
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            () = tokio::time::sleep(LOOK) => {}
            _ = hangup.recv() => tracing::info!("told to look at the files of TLS"),
        }
        let now = files.read();
        if now == last {
            continue;
        }
        match now.as_ref().map_err(Clone::clone).and_then(|papers| tls.renew(papers)) {
            Ok(()) => tracing::info!("new papers for TLS: taken up"),
            Err(error) => tracing::warn!(%error, "new papers for TLS: not taken up"),
        }
        last = now;
    }
}
