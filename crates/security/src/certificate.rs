//! Whom a client certificate is of, and which system it stands for.
//!
//! Whether it is a good one (its authority, its times, whether it was revoked by a list) is for
//! whoever takes the connection to verify; whether anybody here knows it is for the
//! [`Gate`](crate::Gate).
//!
//! Clause: <https://www.rfc-editor.org/rfc/rfc5280>.

use std::collections::{HashMap, HashSet};
use std::fmt;

use base::hex;
use sha2::{Digest, Sha256};
use x509_parser::parse_x509_certificate;

use crate::{Caller, Mode};

/// The certificate that a caller showed, once verified.
#[derive(Clone, PartialEq, Eq)]
pub struct Certificate {
    /// The common name of its subject; empty when it has none.
    pub common_name: String,
    /// Its serial number, in hexadecimal digits.
    pub serial: String,
    /// The SHA-256 of all of it.
    pub fingerprint: [u8; 32],
}

impl Certificate {
    /// Reads a certificate in DER; nothing when it is none.
    pub fn read(der: &[u8]) -> Option<Self> {
        let (_, parsed) = parse_x509_certificate(der).ok()?;
        // Of several names the last counts: it is the most particular one.
        let common_name = parsed.subject().iter_common_name().last();
        Some(Self {
            common_name: common_name
                .and_then(|name| name.as_str().ok())
                .unwrap_or_default()
                .to_owned(),
            serial: hex(parsed.raw_serial()),
            fingerprint: Sha256::digest(der).into(),
        })
    }
}

impl fmt::Debug for Certificate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Certificate({}, {})", self.common_name, self.serial)
    }
}

/// Which system a certificate stands for: a row of the directory.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Certified {
    /// The SHA-256 of the certificate, where that names it.
    pub fingerprint: Option<[u8; 32]>,
    /// The common name of its subject, where that names it: whoever of the authorities gives out
    /// certificates decides who has it.
    pub common_name: Option<String>,
    /// The client that calls.
    pub client: String,
    /// The organisation that owns the system.
    pub organisation: String,
    /// The accredited system id.
    pub system: String,
    /// Permissions beyond the mode.
    pub grants: Vec<String>,
    /// Whether it stands for nobody any more, whatever other row names it.
    pub revoked: bool,
}

/// All of them, for looking up.
#[derive(Debug, Default)]
pub(crate) struct CertifiedSystems {
    by_fingerprint: HashMap<[u8; 32], Certified>,
    by_name: HashMap<String, Certified>,
    revoked: HashSet<[u8; 32]>,
}

impl CertifiedSystems {
    pub(crate) fn new(rows: Vec<Certified>) -> Self {
        let mut all = Self::default();
        for row in rows {
            match (row.fingerprint, &row.common_name) {
                (Some(fingerprint), _) if row.revoked => drop(all.revoked.insert(fingerprint)),
                (Some(fingerprint), _) => drop(all.by_fingerprint.insert(fingerprint, row)),
                (None, Some(name)) if !row.revoked && !name.is_empty() => {
                    all.by_name.insert(name.clone(), row);
                }
                (None, _) => {}
            }
        }
        all
    }

    /// Whether a certificate stands for nobody any more.
    pub(crate) fn has_revoked(&self, certificate: &Certificate) -> bool {
        self.revoked.contains(&certificate.fingerprint)
    }

    /// The system that a certificate stands for, by its fingerprint or else by its name.
    pub(crate) fn find(&self, certificate: &Certificate) -> Option<Caller> {
        if self.has_revoked(certificate) {
            return None;
        }
        let row = self.by_fingerprint.get(&certificate.fingerprint);
        let row = row.or_else(|| self.by_name.get(&certificate.common_name))?;
        Some(Caller {
            mode: Mode::System,
            organisation: row.organisation.clone(),
            system: row.system.clone(),
            grants: row.grants.clone(),
            ..Caller::application(row.client.clone())
        })
    }
}

#[cfg(test)]
mod tests;
