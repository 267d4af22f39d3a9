//! Writing a body of parts, in the one way that everybody reads.

use std::io::Write;

use memchr::memmem;

use super::{ContentType, Part, Refused};

/// Writes parts as a body of this type: CRLF, identifiers in brackets.
///
/// # Errors
/// [`Refused::Boundary`] when a part holds the boundary, [`Refused::Header`] when something cannot
/// stand in a header, [`Refused::ContentType`] when the type cannot.
pub fn write(content_type: &ContentType, parts: &[Part]) -> Result<Vec<u8>, Refused> {
    written(content_type, &parts.iter().collect::<Vec<_>>())
}

/// The same of parts that stand in several places: large ones need not be copied.
pub(crate) fn written(content_type: &ContentType, parts: &[&Part]) -> Result<Vec<u8>, Refused> {
    if !content_type.is_sound() {
        return Err(Refused::ContentType);
    }
    let boundary = format!("--{}", content_type.boundary);
    let length = parts.iter().map(|part| part.body.len() + 512).sum();
    let mut out = Vec::with_capacity(length);
    for part in parts {
        let head = &part.head;
        let fits = |text: &str| !text.is_empty() && !text.contains(|c: char| c.is_ascii_control());
        if !fits(&head.id) || !fits(&head.media_type) || head.id.contains(['<', '>']) {
            return Err(Refused::Header);
        }
        if memmem::find(&part.body, boundary.as_bytes()).is_some() {
            return Err(Refused::Boundary);
        }
        // Writing to memory cannot fail.
        let _ = write!(
            out,
            "{boundary}\r\nContent-Id: <{}>\r\nContent-Type: {}\r\n\
             Content-Transfer-Encoding: {}\r\n\r\n",
            head.id,
            head.media_type,
            head.encoding.name(),
        );
        out.extend_from_slice(&part.body);
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(boundary.as_bytes());
    out.extend_from_slice(b"--\r\n");
    Ok(out)
}
