//! How instants are written: three ways, all in UTC.

use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;

/// `yyyyMMddHHmmss`, as in version 1 and in headers.
pub(crate) fn digits(at: Timestamp) -> String {
    civil(at).strftime("%Y%m%d%H%M%S").to_string()
}

/// `yyyy-MM-ddTHH:mm:ss.ffffff`, without a zone, as in version 2.
pub(crate) fn iso(at: Timestamp) -> String {
    civil(at).strftime("%Y-%m-%dT%H:%M:%S%.6f").to_string()
}

/// As HTTP writes dates.
pub(crate) fn http(at: Timestamp) -> String {
    civil(at).strftime("%a, %d %b %Y %H:%M:%S GMT").to_string()
}

/// Reads ISO 8601, with a zone or in UTC without one.
pub(crate) fn read(text: &str) -> Option<Timestamp> {
    if let Ok(at) = text.parse::<Timestamp>() {
        return Some(at);
    }
    let at: DateTime = text.parse().ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn civil(at: Timestamp) -> DateTime {
    at.to_zoned(TimeZone::UTC).datetime()
}

#[cfg(test)]
mod tests;
