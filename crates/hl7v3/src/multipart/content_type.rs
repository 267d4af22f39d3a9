//! The content type of a body of parts.

use std::fmt;

use super::Refused;
use super::part::bare;

/// The longest boundary, in bytes (RFC 2046 5.1.1).
const BOUNDARY_BYTES_MAX: usize = 70;

/// What `Content-Type: multipart/related` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ContentType {
    /// What separates the parts, without the hyphens in front.
    pub boundary: String,
    /// The media type of the part to begin with; empty when it is not said.
    pub kind: String,
    /// The identifier of the part to begin with, without brackets; the first part when empty.
    pub start: String,
}

impl ContentType {
    /// Reads the value of a header.
    ///
    /// # Errors
    /// [`Refused::ContentType`] when it is of another type or has no boundary.
    pub fn parse(value: &str) -> Result<Self, Refused> {
        let (media_type, rest) = value.split_once(';').unwrap_or((value, ""));
        if !media_type.trim().eq_ignore_ascii_case("multipart/related") {
            return Err(Refused::ContentType);
        }
        let mut found = Self { boundary: String::new(), kind: String::new(), start: String::new() };
        for (name, value) in parameters(rest) {
            match name.to_ascii_lowercase().as_str() {
                "boundary" => found.boundary = value,
                "type" => found.kind = value,
                "start" => bare(&value).clone_into(&mut found.start),
                _ => {}
            }
        }
        if found.is_sound() { Ok(found) } else { Err(Refused::ContentType) }
    }

    /// Whether it can stand in a header and separate parts.
    pub(super) fn is_sound(&self) -> bool {
        let boundary = &self.boundary;
        let shaped = |byte: u8| (b' '..0x7f).contains(&byte);
        let plain = |text: &str| text.bytes().all(|byte| shaped(byte) && byte != b'"');
        (1..=BOUNDARY_BYTES_MAX).contains(&boundary.len())
            && !boundary.ends_with(' ')
            && [boundary, &self.kind, &self.start].iter().all(|text| plain(text))
    }
}

impl fmt::Display for ContentType {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Between quotes a backslash says that the next one means itself (RFC 822 3.3).
        let quoted = |text: &str| text.replace('\\', "\\\\");
        write!(f, "multipart/related; boundary=\"{}\"", quoted(&self.boundary))?;
        if !self.kind.is_empty() {
            write!(f, "; type=\"{}\"", quoted(&self.kind))?;
        }
        if !self.start.is_empty() {
            write!(f, "; start=\"<{}>\"", quoted(&self.start))?;
        }
        Ok(())
    }
}

/// The parameters of a header, each as name and value without quotes.
fn parameters(text: &str) -> Vec<(&str, String)> {
    let mut found = Vec::new();
    let mut rest = text;
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, left) = if let Some(quoted) = after.strip_prefix('"') {
            unquoted(quoted)
        } else {
            let (value, left) = after.split_once(';').unwrap_or((after, ""));
            (value.trim().to_owned(), left)
        };
        found.push((name.trim_matches([';', ' ', '\t']), value));
        rest = left;
    }
    found
}

/// The text up to the closing quote, and what follows it.
fn unquoted(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (value, text.get(at + 1..).unwrap_or_default()),
            '\\' => value.extend(chars.next().map(|(_, c)| c)),
            c => value.push(c),
        }
    }
    (value, "")
}

#[cfg(test)]
mod tests;
