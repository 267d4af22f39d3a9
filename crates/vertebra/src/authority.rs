//! A certificate authority for demonstrations and trials: it gives systems their certificates, and
//! takes them back. Its files are in `ca` of the data folder; a running exchange believes it and
//! heeds its list.

use std::path::{Path, PathBuf};

use base::{Clock, Dice};
use jiff::ToSpan;
use jiff::civil::Date;
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName,
    DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    RevokedCertParams, SerialNumber, date_time_ymd,
};
use security::Certificate;

use crate::credentials::private_file;

/// What callers see as the issuer.
const NAME: &str = "Vertebra system authority";
const SERIAL_BYTES: usize = 16;

/// The certificate of the authority of a data folder.
pub(crate) fn certificate_file(data: &Path) -> PathBuf {
    data.join("ca").join("ca.pem")
}

/// Its list of certificates that count no more.
pub(crate) fn list_file(data: &Path) -> PathBuf {
    data.join("ca").join("revoked.pem")
}

fn key_file(data: &Path) -> PathBuf {
    data.join("ca").join("ca-key.pem")
}

/// A certificate that was just made. The key is a secret, and is kept nowhere else.
pub(crate) struct Issued {
    /// The certificate, in PEM.
    pub(crate) certificate: String,
    /// Its key, in PEM.
    pub(crate) key: String,
    /// What it says.
    pub(crate) read: Certificate,
}

/// The authority of a data folder.
pub(crate) struct Authority {
    issuer: Issuer<'static, KeyPair>,
}

impl Authority {
    /// Opens the authority of a data folder, making it when there is none.
    ///
    /// # Errors
    /// When its files cannot be read or written.
    pub(crate) fn open(data: &Path) -> Result<Self, String> {
        if let Some(known) = Self::known(data)? {
            return Ok(known);
        }
        let key = KeyPair::generate().map_err(|error| cannot(&error))?;
        let certificate =
            params(NAME, years()).self_signed(&key).map_err(|error| cannot(&error))?;
        private_file(&certificate_file(data), &certificate.pem())?;
        // The key is written last: where it is, all is.
        private_file(&key_file(data), &key.serialize_pem())?;
        Ok(Self::of(key))
    }

    /// The authority of a data folder, if it has one.
    ///
    /// # Errors
    /// When its key cannot be read.
    pub(crate) fn known(data: &Path) -> Result<Option<Self>, String> {
        let path = key_file(data);
        if !path.exists() {
            return Ok(None);
        }
        let failed = |error: String| format!("{}: {error}", path.display());
        let pem = std::fs::read_to_string(&path).map_err(|error| failed(error.to_string()))?;
        let key = KeyPair::from_pem(&pem).map_err(|error| failed(error.to_string()))?;
        Ok(Some(Self::of(key)))
    }

    fn of(key: KeyPair) -> Self {
        Self { issuer: Issuer::new(params(NAME, years()), key) }
    }

    /// Makes a key and a certificate for a system, good from yesterday on for so many days.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn issue(&self, name: &str, days: u32, dice: &Dice) -> Result<Issued, String> {
        let today = Clock::System.today();
        let until = today.checked_add(i64::from(days).days()).unwrap_or(Date::MAX);
        let mut params = params(name, (today.yesterday().unwrap_or(today), until));
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        params.use_authority_key_identifier_extension = true;
        params.serial_number = Some(serial(dice));
        let key = KeyPair::generate().map_err(|error| cannot(&error))?;
        let made = params.signed_by(&key, &self.issuer).map_err(|error| cannot(&error))?;
        let read = Certificate::read(made.der()).ok_or("the certificate cannot be read")?;
        Ok(Issued { certificate: made.pem(), key: key.serialize_pem(), read })
    }

    /// Writes the list of the certificates that count no more, by their serial numbers in
    /// hexadecimal digits. A running exchange takes it up.
    ///
    /// # Errors
    /// When it cannot be written.
    pub(crate) fn write_list(&self, data: &Path, serials: &[String]) -> Result<(), String> {
        let (year, month, day) = parts(Clock::System.today());
        let (last, last_month, last_day) = parts(years().1);
        let revoked = serials.iter().map(|serial| RevokedCertParams {
            serial_number: SerialNumber::from(unhex(serial)),
            revocation_time: date_time_ymd(year, month, day),
            reason_code: None,
            invalidity_date: None,
        });
        let list = CertificateRevocationListParams {
            this_update: date_time_ymd(year, month, day),
            next_update: date_time_ymd(last, last_month, last_day),
            crl_number: SerialNumber::from(serials.len() as u64 + 1),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        let list = list.signed_by(&self.issuer).map_err(|error| cannot(&error))?;
        private_file(&list_file(data), &list.pem().map_err(|error| cannot(&error))?)
    }
}

/// The authority outlives every demonstration.
fn years() -> (Date, Date) {
    (jiff::civil::date(2025, 1, 1), jiff::civil::date(2125, 1, 1))
}

fn params(name: &str, (from, until): (Date, Date)) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    let ((from, month, day), (until, last_month, last_day)) = (parts(from), parts(until));
    params.not_before = date_time_ymd(from, month, day);
    params.not_after = date_time_ymd(until, last_month, last_day);
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

/// Midnight of a date, for the maker of certificates: its year, month and day.
fn parts(date: Date) -> (i32, u8, u8) {
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

/// A positive number that no other certificate has.
fn serial(dice: &Dice) -> SerialNumber {
    let mut bytes = [0; SERIAL_BYTES];
    dice.fill(&mut bytes);
    if let Some(first) = bytes.first_mut() {
        *first = *first & 0x3f | 0x40;
    }
    SerialNumber::from(bytes.to_vec())
}

fn unhex(text: &str) -> Vec<u8> {
    let pair = |at: usize| u8::from_str_radix(text.get(at..at + 2)?, 16).ok();
    (0..text.len()).step_by(2).filter_map(pair).collect()
}

fn cannot(error: &rcgen::Error) -> String {
    format!("cannot make a certificate: {error}")
}
