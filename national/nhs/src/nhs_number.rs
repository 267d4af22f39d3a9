//! The NHS number: who a patient is.
//!
//! Ten digits; the last is a check digit. Each of the first nine is weighted 10 down to 2; the
//! check digit is 11 less the sum modulo 11, where 11 counts as 0 and 10 is no number at all.
//! Clause: <https://www.datadictionary.nhs.uk/attributes/nhs_number.html>.

use std::fmt;

/// A well-formed NHS number. Its `Debug` does not show it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NhsNumber([u8; 10]);

impl NhsNumber {
    /// The NHS number that a text is: exactly ten digits, the last of them right.
    pub fn parse(text: &str) -> Option<Self> {
        let digits: [u8; 10] = text.as_bytes().try_into().ok()?;
        let check = check_digit(&digits)?;
        (digits[9] == check).then_some(Self(digits))
    }

    /// The NHS number with these first nine digits (of a number below one thousand million), if
    /// there is one: one in eleven has none.
    pub fn from_nine(nine: u32) -> Option<Self> {
        let text = format!("{nine:09}0");
        let mut digits: [u8; 10] = text.as_bytes().try_into().ok()?;
        digits[9] = check_digit(&digits)?;
        Some(Self(digits))
    }

    /// The ten digits.
    pub fn as_str(&self) -> &str {
        // Only digits get in, so this never falls back.
        std::str::from_utf8(&self.0).unwrap_or_default()
    }
}

/// The check digit, as an ASCII digit, that goes with the first nine; nothing when one of them is
/// no digit or the sum asks for 10.
fn check_digit(digits: &[u8; 10]) -> Option<u8> {
    let mut sum = 0;
    for (weight, digit) in (2..=10).rev().zip(digits) {
        if !digit.is_ascii_digit() {
            return None;
        }
        sum += weight * u32::from(digit - b'0');
    }
    match 11 - sum % 11 {
        10 => None,
        11 => Some(b'0'),
        check => Some(b'0' + check as u8),
    }
}

impl fmt::Debug for NhsNumber {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NhsNumber(***)")
    }
}

#[cfg(test)]
mod tests;
