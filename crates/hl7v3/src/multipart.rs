//! `multipart/related`: several parts in one body, of which the first says what the others are.
//!
//! Tolerant of what senders do: identifiers with and without angle brackets, parameters with and
//! without quotes, header names in any case, lines that end in CRLF or LF.
//!
//! Clauses: <https://www.rfc-editor.org/rfc/rfc2387>, <https://www.rfc-editor.org/rfc/rfc2046>.

mod content_type;
mod part;
mod read;
mod write;

pub use content_type::ContentType;
pub use part::{Encoding, Head, Part};
pub(crate) use read::read_with;
pub use read::{Event, Reader, read};
pub use write::write;
pub(crate) use write::written;

/// Why some bytes are no body of parts. It never says what they hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// The content type is another, or names no boundary that may be one.
    ContentType,
    /// There are more parts, or longer headers, than we hold.
    TooMuch,
    /// A header of a part is none.
    Header,
    /// A part is encoded in a way that we do not know, or not as it says.
    Encoding,
    /// It ends before its end.
    BrokenOff,
    /// A part holds what should separate the parts.
    Boundary,
}
