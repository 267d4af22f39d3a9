//! What an index row carries along: enough to pass over most patients without reading their
//! records, and never a reason to pass over one that the record would let match.
//!
//! Bytes `[what][genders][given names, parted by 31][0][postcodes, parted by 31]`.

use serde_json::Value;

use crate::Record;
use crate::name::{Name, fold};
use crate::record::Class;

const PAST: u8 = 1;
const RESTRICTED: u8 = 2;
const PARTED: u8 = 0x1f;

/// The genders that a record may say, in the order of their bits. The same bits, four higher,
/// stand for what it said in the past.
const GENDERS: [&str; 4] = ["male", "female", "other", "unknown"];

/// What an index row carries along, as a search reads it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Cover<'a> {
    /// Whether the family name is one of the past.
    pub past: bool,
    /// Whether the record tells most callers nothing of where the patient is.
    pub restricted: bool,
    genders: u8,
    given: &'a [u8],
    postcodes: &'a [u8],
}

impl<'a> Cover<'a> {
    /// What was carried.
    pub(crate) fn read(bytes: &'a [u8]) -> Option<Self> {
        let (&[what, genders], lists) = bytes.split_first_chunk()?;
        let middle = lists.iter().position(|byte| *byte == 0)?;
        Some(Self {
            past: what & PAST != 0,
            restricted: what & RESTRICTED != 0,
            genders,
            given: lists.get(..middle)?,
            postcodes: lists.get(middle + 1..)?,
        })
    }

    /// Whether the record says this gender, or said it in the past if that counts.
    pub(crate) fn has_gender(&self, gender: &str, past: bool) -> bool {
        let bit = bit(gender);
        self.genders & bit != 0 || (past && self.genders & (bit << GENDERS.len()) != 0)
    }

    /// Every given name that goes with the family name.
    pub(crate) fn given(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        items(self.given)
    }

    /// Every postcode that the record knows, past ones too.
    pub(crate) fn postcodes(&self) -> impl Iterator<Item = &'a str> + use<'a> {
        items(self.postcodes)
    }
}

/// The bytes that the rows of a family name carry along, which goes with these names.
pub(crate) fn encode(record: &Record, names: &[Name], past: bool) -> Vec<u8> {
    let restricted = record.class() == Class::Restricted;
    let what = if past { PAST } else { 0 } | if restricted { RESTRICTED } else { 0 };
    let mut bytes = vec![what, genders(record)];
    write(&mut bytes, names.iter().flat_map(|name| name.given.clone()).collect());
    bytes.push(0);
    write(&mut bytes, postcodes(record));
    bytes
}

fn write(bytes: &mut Vec<u8>, mut items: Vec<String>) {
    items.sort_unstable();
    items.dedup();
    for (at, item) in items.iter().enumerate() {
        if at > 0 {
            bytes.push(PARTED);
        }
        bytes.extend_from_slice(item.as_bytes());
    }
}

fn items(bytes: &[u8]) -> impl Iterator<Item = &str> {
    let items = bytes.split(|byte| *byte == PARTED).filter(|item| !item.is_empty());
    items.filter_map(|item| std::str::from_utf8(item).ok())
}

fn bit(gender: &str) -> u8 {
    GENDERS.iter().position(|known| *known == gender).map_or(0, |at| 1 << at)
}

fn genders(record: &Record) -> u8 {
    let now = record.patient.get("gender").and_then(Value::as_str).map_or(0, bit);
    let past = record.annex.past_genders.iter().fold(0, |bits, gender| bits | bit(gender));
    now | past << GENDERS.len()
}

fn postcodes(record: &Record) -> Vec<String> {
    let now = record.patient.get("address").and_then(Value::as_array);
    let all = now.into_iter().flatten().chain(&record.annex.past_addresses);
    let codes = all.filter_map(|address| address.get("postalCode").and_then(Value::as_str));
    codes.map(fold::postcode).filter(|code| !code.is_empty()).collect()
}
