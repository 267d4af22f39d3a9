//! What the files of the ledger are made of: records of one size, each with a checksum.

use sha2::{Digest as _, Sha256};

/// How long a record is, in bytes.
pub(crate) const RECORD_BYTES: usize = 24;
/// How much of it the checksum covers.
const COVERED_BYTES: usize = 21;

/// Stands for something that may be used once: the first half of a SHA-256.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Digest(pub(crate) [u8; 16]);

impl Digest {
    /// Of a kind of thing and the name of one of them.
    pub(crate) fn of(kind: &str, key: &str) -> Self {
        let mut hash = Sha256::new();
        // The length keeps the two apart.
        hash.update((kind.len() as u64).to_be_bytes());
        hash.update(kind.as_bytes());
        hash.update(key.as_bytes());
        Self(hash.finalize().first_chunk().copied().unwrap_or_default())
    }
}

/// One line of the ledger.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    /// What it is about.
    pub(crate) digest: Digest,
    /// The last hour, since 1970, in which it has to be remembered.
    pub(crate) until_hour: u32,
    /// Whether it was used, or given back.
    pub(crate) used: bool,
}

impl Record {
    /// The record as bytes: digest, hour, `+` or `-`, checksum.
    pub(crate) fn encode(&self) -> [u8; RECORD_BYTES] {
        let mut bytes = [0; RECORD_BYTES];
        let sign = if self.used { b'+' } else { b'-' };
        let hour = self.until_hour.to_be_bytes();
        let covered = self.digest.0.into_iter().chain(hour).chain([sign]);
        bytes.iter_mut().zip(covered).for_each(|(byte, from)| *byte = from);
        let sum = checksum(&bytes);
        bytes.iter_mut().skip(COVERED_BYTES).zip(sum).for_each(|(byte, from)| *byte = from);
        bytes
    }

    /// The record in these bytes; nothing when they are not what was written.
    pub(crate) fn decode(bytes: &[u8; RECORD_BYTES]) -> Option<Self> {
        let (digest, rest) = bytes.split_first_chunk()?;
        let (hour, rest) = rest.split_first_chunk()?;
        let (sign, sum) = rest.split_first()?;
        let used = match sign {
            b'+' => true,
            b'-' => false,
            _ => return None,
        };
        let until_hour = u32::from_be_bytes(*hour);
        (*sum == checksum(bytes)).then_some(Self { digest: Digest(*digest), until_hour, used })
    }
}

fn checksum(bytes: &[u8; RECORD_BYTES]) -> [u8; RECORD_BYTES - COVERED_BYTES] {
    let covered = bytes.get(..COVERED_BYTES).unwrap_or_default();
    Sha256::digest(covered).first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests;
