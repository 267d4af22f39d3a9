//! Certificates: which system comes in by which.

use base::hex;
use nhs::directory::{SYSTEM, System};
use security::Certified;
use serde::{Deserialize, Serialize};
use store::directory::Record;
use store::{Store, StoreError};

use super::File;

/// The kind of the directory's records of certificates.
pub(crate) const CERTIFICATE: &str = "certificate";
/// The kind of its records of certificates that count no more, by fingerprint.
pub(crate) const REVOKED_CERTIFICATE: &str = "revoked-certificate";

/// A certificate: whom it stands for.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Certificate {
    /// Its SHA-256, in hexadecimal digits, with or without colons.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) fingerprint: String,
    /// The common name of its subject. Without a fingerprint, every certificate of that name
    /// counts, whichever of the authorities gave it out.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) common_name: String,
    /// The accredited system id of the system that it stands for.
    pub(crate) system: String,
    /// The client that calls; the system id when empty.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) client: String,
    /// Permissions beyond that.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) grants: Vec<String>,
    /// Its serial number, of those that were issued here.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub(crate) serial: String,
}

/// What is kept of a certificate that counts no more.
#[derive(Deserialize, Serialize)]
pub(crate) struct Revoked {
    /// Since when.
    pub(crate) at: String,
    /// Its serial number, of those that were issued here.
    pub(crate) serial: String,
}

impl Certificate {
    /// Its id in the directory: the fingerprint, or else the name.
    pub(crate) fn id(&self) -> String {
        match self.digits() {
            digits if digits.is_empty() => format!("cn:{}", self.common_name),
            digits => digits,
        }
    }

    /// Its record.
    pub(crate) fn record(&self) -> Record {
        let kept = Self { fingerprint: self.digits(), ..self.clone() };
        super::record(CERTIFICATE, &self.id(), serde_json::to_string(&kept))
    }

    fn digits(&self) -> String {
        self.fingerprint.replace(':', "").to_ascii_lowercase()
    }

    fn certified(&self, organisation: String) -> Certified {
        let name = (!self.common_name.is_empty()).then(|| self.common_name.clone());
        Certified {
            fingerprint: super::client::unhex(&self.digits()),
            common_name: name,
            client: if self.client.is_empty() { &self.system } else { &self.client }.clone(),
            organisation,
            system: self.system.clone(),
            grants: self.grants.clone(),
            revoked: false,
        }
    }
}

impl File {
    /// What is wrong with the certificates of a file.
    ///
    /// # Errors
    /// When the store fails.
    pub(super) fn certificate_mistakes(&self, store: &Store) -> Result<Vec<String>, StoreError> {
        let mut mistakes = Vec::new();
        for one in &self.certificate {
            let id = one.id();
            let mut wrong = |why: &str| mistakes.push(format!("certificate {id}: {why}"));
            if one.fingerprint.is_empty() && one.common_name.is_empty() {
                wrong("it has neither fingerprint nor common_name");
            }
            if !one.fingerprint.is_empty() && super::client::unhex(&one.digits()).is_none() {
                wrong("a fingerprint is the SHA-256, 64 hexadecimal digits");
            }
            let here = self.system.iter().any(|known| known.asid == one.system);
            if !here && store.directory().get(SYSTEM, &one.system)?.is_none() {
                wrong(&format!("there is no system {}", one.system));
            }
            if store.directory().get(REVOKED_CERTIFICATE, &id)?.is_some() {
                wrong("was revoked. hint: take it out of the file, or issue another");
            }
        }
        Ok(mistakes)
    }
}

/// Which systems come in by which certificates, and which count no more.
///
/// # Errors
/// When the store fails.
pub(crate) fn with_certificates(store: &Store) -> Result<Vec<Certified>, StoreError> {
    let mut rows = Vec::new();
    for (_, body) in store.directory().all(CERTIFICATE)? {
        let Ok(one) = serde_json::from_str::<Certificate>(&body) else { continue };
        // A system that is not there comes in by nothing.
        let system = store.directory().get(SYSTEM, &one.system)?;
        let system = system.and_then(|body| serde_json::from_str::<System>(&body).ok());
        rows.extend(system.map(|system| one.certified(system.organisation)));
    }
    for (id, _) in store.directory().all(REVOKED_CERTIFICATE)? {
        let fingerprint = super::client::unhex(&id);
        rows.push(Certified { fingerprint, revoked: true, ..Certified::default() });
    }
    Ok(rows)
}

/// The record of a certificate that was just issued.
pub(crate) fn issued(read: &security::Certificate, system: &str, client: &str) -> Certificate {
    Certificate {
        fingerprint: hex(&read.fingerprint),
        common_name: read.common_name.clone(),
        system: system.to_owned(),
        client: client.to_owned(),
        grants: Vec::new(),
        serial: read.serial.clone(),
    }
}

#[cfg(test)]
mod tests;
