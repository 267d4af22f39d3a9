//! Dates in a search: a prefix that says how to compare, and a date.
//!
//! Clause: <https://hl7.org/fhir/R4/search.html#prefix>.

use jiff::civil::Date;

/// How a value in a record is to compare with the value in a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    /// The same.
    Eq,
    /// The same or later.
    Ge,
    /// The same or earlier.
    Le,
}

/// Splits a search value into its prefix (`eq` when there is none) and a whole date.
/// Nothing when it is not of the form `[eq|ge|le]yyyy-mm-dd`.
pub fn date(text: &str) -> Option<(Prefix, Date)> {
    let (prefix, date) = match text.get(..2)? {
        "eq" => (Prefix::Eq, text.get(2..)?),
        "ge" => (Prefix::Ge, text.get(2..)?),
        "le" => (Prefix::Le, text.get(2..)?),
        _ => (Prefix::Eq, text),
    };
    whole_date(date).map(|date| (prefix, date))
}

/// A date written `yyyy-mm-dd`, to the letter.
pub fn whole_date(text: &str) -> Option<Date> {
    let shaped = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    if shaped { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
