//! The words of this wire that several files need.

use base::limit::EBXML_MEDIA_TYPE_BYTES_MAX;
use hl7v3::ebxml::{Content, Problem, Severity};
use hl7v3::multipart::ContentType;
use jiff::Timestamp;
use sha2::{Digest, Sha256};

/// The name of the wire in envelopes and endpoints.
pub(super) const WIRE: &str = "ebxml";
/// The kind of key that the parties of the health service have.
pub(super) const PARTY_KIND: &str = "urn:nhs:names:partyType:ocs+serviceInstance";
/// The media type of signals and faults.
pub(super) const XML: &str = "text/xml; charset=UTF-8";

/// The longest code of an error that is repeated, in bytes, and how many of them are.
const CODE_BYTES_MAX: usize = 64;
const CODES_MAX: usize = 8;

/// What an envelope of the broker says that only this wire understands: the contract.
pub(super) const CPA: &str = "cpa";
/// Where a message goes at its receiver: `<service>/<action>`.
pub(super) const SOAP_ACTION: &str = "soap-action";
/// Which client sent it, and what more it may do than its mode says, where the exchange itself
/// works on it later.
pub(super) const CLIENT: &str = "client";
pub(super) const GRANTS: &str = "grants";
/// Whether the receiver is to acknowledge it.
pub(super) const ACK: &str = "ack";

/// The codes of the errors in a message error, for a history; nothing when there are none, or but
/// warnings. Behind a code stands the number that its description begins with, if it does: the rest
/// of a description may say anything.
pub(super) fn codes(content: &Content) -> Option<String> {
    let Content::Errors(problems) = content else { return None };
    let bad = |problem: &&Problem| problem.severity == Severity::Error;
    let word = |problem: &Problem| {
        let number = problem.description.split_once(':').map_or("", |(number, _)| number.trim());
        let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        if is_number && number.len() <= CODE_BYTES_MAX {
            format!("{} {number}", plain(&problem.code))
        } else {
            plain(&problem.code).to_owned()
        }
    };
    let words: Vec<String> = problems.iter().filter(bad).take(CODES_MAX).map(word).collect();
    (!words.is_empty()).then(|| words.join(", "))
}

/// A code as it may stand in a log: what is none becomes a question mark.
fn plain(code: &str) -> &str {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || b"-_.:".contains(&byte);
    if code.len() <= CODE_BYTES_MAX && code.bytes().all(fits) { code } else { "?" }
}

/// The content type under which a message is kept and goes on. What comes alone is XML, whatever
/// else its sender says of it: the same signal is the same on every way.
pub(super) fn kept_as(content_type: &str) -> String {
    let fits = content_type.len() <= EBXML_MEDIA_TYPE_BYTES_MAX;
    let read = fits && ContentType::parse(content_type).is_ok();
    if read { content_type.to_owned() } else { XML.to_owned() }
}

/// An instant as ebXML writes it.
pub(super) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// An id for a message of ours that is the same whenever it is made again: a name-based UUID.
///
/// Clause: <https://www.rfc-editor.org/rfc/rfc9562#section-5.8>.
pub(super) fn name_based(words: &[&str]) -> String {
    let mut hash = Sha256::new();
    for word in words {
        hash.update((word.len() as u64).to_be_bytes());
        hash.update(word.as_bytes());
    }
    let mut bits =
        hash.finalize().iter().take(16).fold(0_u128, |sum, byte| (sum << 8) | u128::from(*byte));
    bits = (bits & !(0xf << 76)) | (0x8 << 76);
    bits = (bits & !(0x3 << 62)) | (0x2 << 62);
    let digits = format!("{bits:032X}");
    let part = |from: usize, to: usize| digits.get(from..to).unwrap_or_default().to_owned();
    [part(0, 8), part(8, 12), part(12, 16), part(16, 20), part(20, 32)].join("-")
}
