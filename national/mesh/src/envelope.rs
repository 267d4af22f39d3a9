//! The headers of a message as it is sent, and what of them its envelope keeps.
//!
//! Clause: "Send message" of the API's specification.

use base::Fault;
use broker::Envelope;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderName};
use http::{HeaderMap, HeaderValue};

use crate::SERVICE;
use crate::faults::incorrect;
use crate::validation::Wrong;

/// The headers that are kept as they came and given back as they came, each under the name that
/// the envelope has for it.
pub(crate) const KEPT: [(&str, &str); 4] = [
    ("subject", "mex-subject"),
    ("file", "mex-filename"),
    ("partner", "mex-partnerid"),
    ("checksum", "mex-content-checksum"),
];
/// The headers that say yes or nothing.
pub(crate) const FLAGS: [(&str, &str); 2] =
    [("encrypted", "mex-content-encrypted"), ("compressed", "mex-content-compressed")];

/// The headers of a message with the most characters they may have, in the order in which they
/// are looked at.
const LENGTHS: [(&str, usize); 12] = [
    ("mex-to", 100),
    ("mex-workflowid", 300),
    ("mex-chunk-range", 20),
    ("mex-subject", 500),
    ("mex-localid", 300),
    ("mex-partnerid", 500),
    ("mex-filename", 300),
    ("mex-content-checksum", 100),
    ("mex-content-type", 100),
    ("mex-conversation-id", 100),
    ("mex-in-reply-to", 100),
    ("content-type", 255),
];
/// How long a `traceparent` of W3C Trace Context is, in bytes.
const TRACEPARENT_BYTES: usize = 55;
const REQUIRED: [&str; 2] = ["mex-to", "mex-workflowid"];
/// The headers that may hold no URL.
const NO_URL: [&str; 3] = ["mex-to", "mex-workflowid", "mex-content-checksum"];

/// The headers of a message, as far as its sender says something.
#[derive(Debug)]
pub(crate) struct Control {
    /// Who shall get it, as the sender put it.
    pub(crate) to: String,
    /// The workflow that it belongs to.
    pub(crate) workflow: String,
    /// Which chunk this is of how many; nothing when the sender does not speak of chunks.
    pub(crate) chunk: Option<Chunk>,
    /// How the body is encoded: `gzip`, or empty for not.
    pub(crate) encoding: &'static str,
    /// The conversation that it belongs to; empty when the sender does not say.
    pub(crate) conversation: String,
    /// The id of the message that it answers; empty when the sender does not say.
    pub(crate) in_reply_to: String,
    local_id: String,
    media_type: String,
    extra: Vec<(String, String)>,
    traceparent: String,
}

/// Which chunk of how many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Chunk {
    pub(crate) number: u32,
    pub(crate) of: u32,
}

impl Chunk {
    /// Reads `number:of`; both from 1, the first no greater than the second.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let (number, of) = text.split_once(':')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if !digits(number) || !digits(of) {
            return None;
        }
        let chunk = Self { number: number.parse().ok()?, of: of.parse().ok()? };
        (chunk.number >= 1 && chunk.number <= chunk.of).then_some(chunk)
    }
}

impl Control {
    /// Reads the headers of a message.
    ///
    /// # Errors
    /// When they are not as specified.
    pub(crate) fn read(headers: &HeaderMap) -> Result<Self, Fault> {
        check_lengths(headers)?;
        check_characters(headers)?;
        let to = text(headers, "mex-to");
        if to.is_empty() {
            return Err(incorrect("TO_MISSING"));
        }
        let range = text(headers, "mex-chunk-range");
        let chunk = (!range.is_empty()).then(|| Chunk::read(&range));
        if matches!(chunk, Some(None)) {
            return Err(incorrect("CHUNK_RANGE"));
        }
        let kept = KEPT.iter().map(|(name, header)| (*name, text(headers, header)));
        let flag = |(name, header): &(&'static str, &str)| {
            let yes = text(headers, header).eq_ignore_ascii_case("y");
            (*name, if yes { "Y".to_owned() } else { String::new() })
        };
        let extra = kept.chain(FLAGS.iter().map(flag)).filter(|(_, value)| !value.is_empty());
        Ok(Self {
            to,
            workflow: text(headers, "mex-workflowid"),
            chunk: chunk.flatten(),
            encoding: encoding(headers)?,
            conversation: text(headers, "mex-conversation-id"),
            in_reply_to: text(headers, "mex-in-reply-to"),
            local_id: text(headers, "mex-localid"),
            media_type: media_type(headers),
            extra: extra.map(|(name, value)| (name.to_owned(), value)).collect(),
            traceparent: Some(text(headers, "traceparent"))
                .filter(|one| one.len() == TRACEPARENT_BYTES)
                .unwrap_or_default(),
        })
    }

    /// The sender's own name for the message; empty for none.
    pub(crate) fn local_id(&self) -> &str {
        &self.local_id
    }

    /// The envelope of the message, to a mailbox or endpoint that was found for it.
    pub(crate) fn envelope(&self, from: &str, to: &str) -> Envelope {
        Envelope {
            wire: SERVICE.into(),
            from: from.into(),
            to: to.into(),
            kind: self.workflow.clone(),
            local_id: self.local_id.clone(),
            conversation: self.conversation.clone(),
            media_type: self.media_type.clone(),
            encoding: self.encoding.into(),
            parts: 1,
            extra: self.extra.clone(),
            traceparent: self.traceparent.clone(),
            ..Envelope::default()
        }
    }
}

/// How a body is encoded, by its headers: `gzip`, or empty for not.
///
/// # Errors
/// When it is encoded in another way.
pub(crate) fn encoding(headers: &HeaderMap) -> Result<&'static str, Fault> {
    let given = text(headers, CONTENT_ENCODING.as_str());
    match given.to_ascii_lowercase().as_str() {
        "" => Ok(""),
        "gzip" => Ok("gzip"),
        _ => Err(incorrect("ENCODING")),
    }
}

/// A header as text, whatever bytes it holds; empty when it is absent. Bytes that are no UTF-8
/// are Latin-1, as HTTP has it.
pub(crate) fn text(headers: &HeaderMap, name: &str) -> String {
    let Some(value) = headers.get(name) else { return String::new() };
    let bytes = value.as_bytes().trim_ascii();
    let latin_1 = || bytes.iter().map(|byte| char::from(*byte)).collect();
    std::str::from_utf8(bytes).map_or_else(|_| latin_1(), str::to_owned)
}

/// Adds a header to an answer: in Latin-1 where that can hold it, since that is what the clients
/// of the API write and read, and in UTF-8 where it cannot. An empty value is left out.
pub(crate) fn put(headers: &mut HeaderMap, name: &'static str, value: &str) {
    let latin_1: Option<Vec<u8>> =
        value.chars().map(|one| u8::try_from(u32::from(one)).ok()).collect();
    let bytes = latin_1.unwrap_or_else(|| value.as_bytes().to_vec());
    if let (false, Ok(value)) = (value.is_empty(), HeaderValue::from_bytes(&bytes)) {
        headers.insert(HeaderName::from_static(name), value);
    }
}

fn media_type(headers: &HeaderMap) -> String {
    let own = text(headers, "mex-content-type");
    if own.is_empty() { text(headers, CONTENT_TYPE.as_str()) } else { own }
}

fn check_lengths(headers: &HeaderMap) -> Result<(), Fault> {
    let mut wrong = Wrong::default();
    for (name, most) in LENGTHS {
        if REQUIRED.contains(&name) && !headers.contains_key(name) {
            wrong.missing(("header", name));
        }
        wrong.length(("header", name), &text(headers, name), 0, most);
    }
    wrong.done()
}

fn check_characters(headers: &HeaderMap) -> Result<(), Fault> {
    for (name, _) in LENGTHS {
        let value = text(headers, name);
        let url = NO_URL.contains(&name) && value.contains("://");
        if url || value.chars().any(char::is_control) {
            return Err(incorrect("MALFORMED"));
        }
    }
    let fits = |one: char| {
        one.is_ascii_alphanumeric() || one.is_ascii_whitespace() || matches!(one, ':' | '-' | '/')
    };
    if text(headers, "mex-content-checksum").chars().all(fits) {
        Ok(())
    } else {
        Err(incorrect("CHECKSUM"))
    }
}

#[cfg(test)]
mod tests;
