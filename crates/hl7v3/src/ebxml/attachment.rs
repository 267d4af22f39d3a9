//! What the description of an attachment tells programs, as clinical systems write it:
//! `Filename="a.txt" ContentType=text/plain Compressed=No LargeAttachment=No OriginalBase64=Yes`.

use std::fmt;

/// What the description of an attachment says.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Attachment {
    /// The name of the file.
    pub filename: String,
    /// Its media type.
    pub content_type: String,
    /// Whether it is compressed with gzip.
    pub compressed: bool,
    /// Whether it comes in fragments.
    pub large: bool,
    /// Whether the sender keeps it in base64.
    pub original_base64: bool,
    /// How many bytes it has, when that is said.
    pub length: Option<u64>,
    /// What the sender wants to have back with it.
    pub domain_data: Option<String>,
}

impl Attachment {
    /// Reads a description; nothing when it is only for people.
    pub fn read(description: &str) -> Option<Self> {
        let mut found = Self::default();
        let mut named = false;
        for (name, value) in pairs(description) {
            let yes = value.eq_ignore_ascii_case("yes");
            match name {
                "Filename" => {
                    named = true;
                    value.clone_into(&mut found.filename);
                }
                "ContentType" => value.clone_into(&mut found.content_type),
                "Compressed" => found.compressed = yes,
                "LargeAttachment" => found.large = yes,
                "OriginalBase64" => found.original_base64 = yes,
                "Length" => found.length = value.parse().ok(),
                "DomainData" => found.domain_data = Some(value.to_owned()),
                _ => {}
            }
        }
        named.then_some(found)
    }
}

impl fmt::Display for Attachment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |yes: bool| if yes { "Yes" } else { "No" };
        // A quote cannot stand between quotes.
        let quoted = |text: &str| text.replace(['"', '\r', '\n'], "'");
        write!(
            f,
            "Filename=\"{}\" ContentType={} Compressed={} LargeAttachment={} OriginalBase64={}",
            quoted(&self.filename),
            self.content_type,
            word(self.compressed),
            word(self.large),
            word(self.original_base64),
        )?;
        if let Some(length) = self.length {
            write!(f, " Length={length}")?;
        }
        if let Some(data) = &self.domain_data {
            write!(f, " DomainData=\"{}\"", quoted(data))?;
        }
        Ok(())
    }
}

/// The pairs of a description: names, and values with or without quotes.
fn pairs(text: &str) -> Vec<(&str, &str)> {
    let mut found = Vec::new();
    let mut rest = text.trim();
    while let Some((name, after)) = rest.split_once('=') {
        let (value, left) = match after.strip_prefix('"') {
            Some(quoted) => quoted.split_once('"').unwrap_or((quoted, "")),
            None => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        found.push((name.trim(), value));
        rest = left;
    }
    found
}

#[cfg(test)]
mod tests;
