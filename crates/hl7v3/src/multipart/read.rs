//! Reading a body of parts as it comes, in memory that does not grow with it.

use base::limit::{MULTIPART_HEADER_BYTES_MAX, MULTIPART_PARTS_MAX};
use memchr::memmem::Finder;

use super::part::{Encoding, bare};
use super::{ContentType, Head, Part, Refused};

/// How many spaces may stand behind a boundary.
const PADDING_MAX: usize = 64;
/// How much of a piece is put behind what is held, in bytes: more than is ever held, which is the
/// headers of a part at most, or a boundary.
const SEAM_BYTES: usize = 2 * MULTIPART_HEADER_BYTES_MAX;

/// What a reader comes upon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event<'a> {
    /// A part begins.
    Part(Head),
    /// More of its body.
    Bytes(&'a [u8]),
    /// The part has ended.
    End,
}

/// Whoever is told.
type See<'a> = &'a mut dyn FnMut(Event<'_>);

/// Reads a body piece by piece. It holds no more than a piece, a boundary and the headers of one
/// part.
#[derive(Debug)]
pub struct Reader {
    /// The end of a line and what separates the parts.
    boundary: Finder<'static>,
    held: Vec<u8>,
    place: Place,
    parts: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Preamble,
    Headers,
    Body,
    Epilogue,
}

/// What stands next in what is held.
enum Next {
    /// So many bytes that belong to the body; then more must come.
    Body(usize),
    /// A boundary: the body ends here, and the boundary there; the last one of all or not.
    Boundary { body: usize, end: usize, last: bool },
}

impl Reader {
    /// A reader of a body of this type.
    pub fn new(content_type: &ContentType) -> Self {
        let boundary = format!("\n--{}", content_type.boundary);
        // The first boundary may stand at the very beginning.
        let held = b"\n".to_vec();
        let boundary = Finder::new(boundary.as_bytes()).into_owned();
        Self { boundary, held, place: Place::Preamble, parts: 0 }
    }

    /// Takes the next piece and tells what is in it.
    ///
    /// # Errors
    /// Why it cannot go on.
    pub fn feed(&mut self, piece: &[u8], see: See<'_>) -> Result<(), Refused> {
        if self.place == Place::Epilogue {
            return Ok(());
        }
        let mut rest = piece;
        if !self.held.is_empty() {
            // Of a large piece no more is copied than may complete what is held.
            let seam = piece.len().min(SEAM_BYTES);
            let mut held = std::mem::take(&mut self.held);
            held.extend_from_slice(piece.get(..seam).unwrap_or_default());
            let taken = self.take(&held, see)?;
            if seam == piece.len() {
                held.drain(..taken);
                self.held = held;
                return Ok(());
            }
            // Less is left than the seam is long: it stands in the piece as well.
            let left = held.len().saturating_sub(taken);
            rest = piece.get(seam.saturating_sub(left)..).unwrap_or_default();
        }
        let taken = self.take(rest, see)?;
        self.held = rest.get(taken..).unwrap_or_default().to_vec();
        Ok(())
    }

    /// Takes what can be understood of some bytes. Returns how many.
    fn take(&mut self, bytes: &[u8], see: See<'_>) -> Result<usize, Refused> {
        let mut at = 0;
        while let Some(taken) = self.step(bytes.get(at..).unwrap_or_default(), see)? {
            at += taken;
        }
        at += self.spare(bytes.get(at..).unwrap_or_default(), see)?;
        Ok(at.min(bytes.len()))
    }

    /// Says that nothing more comes. Some senders leave the last boundary out: whether all of the
    /// body came is for whoever carried it to know.
    ///
    /// # Errors
    /// [`Refused::BrokenOff`] when it ends before a part, or in the headers of one.
    pub fn finish(self, see: See<'_>) -> Result<(), Refused> {
        match self.place {
            Place::Epilogue => Ok(()),
            Place::Preamble | Place::Headers => Err(Refused::BrokenOff),
            Place::Body => {
                tell(&self.held, self.held.len(), see);
                see(Event::End);
                Ok(())
            }
        }
    }

    /// Takes what is complete: headers, or a body up to the boundary. Nothing when more must come.
    fn step(&mut self, held: &[u8], see: See<'_>) -> Result<Option<usize>, Refused> {
        if self.place == Place::Epilogue {
            return Ok(None);
        }
        if self.place == Place::Headers {
            let Some((length, taken)) = head_end(held) else { return Ok(None) };
            if length > MULTIPART_HEADER_BYTES_MAX {
                return Err(Refused::TooMuch);
            }
            see(Event::Part(head(held.get(..length).unwrap_or_default())?));
            self.place = Place::Body;
            return Ok(Some(taken));
        }
        let Next::Boundary { body, end, last } = self.next(held) else { return Ok(None) };
        if self.place == Place::Body {
            tell(held, body, see);
            see(Event::End);
        }
        self.place = if last { Place::Epilogue } else { Place::Headers };
        if !last {
            self.parts += 1;
        }
        if self.parts > MULTIPART_PARTS_MAX { Err(Refused::TooMuch) } else { Ok(Some(end)) }
    }

    /// Passes on what cannot be the beginning of a boundary, and sees that the rest stays small.
    fn spare(&self, held: &[u8], see: See<'_>) -> Result<usize, Refused> {
        match self.place {
            Place::Epilogue => Ok(held.len()),
            Place::Headers if held.len() > MULTIPART_HEADER_BYTES_MAX => Err(Refused::TooMuch),
            Place::Headers => Ok(0),
            Place::Preamble | Place::Body => {
                let Next::Body(length) = self.next(held) else { return Ok(0) };
                if self.place == Place::Body {
                    tell(held, length, see);
                }
                Ok(length)
            }
        }
    }

    /// What stands next: body, or a boundary on a line of its own.
    fn next(&self, held: &[u8]) -> Next {
        let length = self.boundary.needle().len();
        let mut from = 0;
        while let Some(found) = held.get(from..).and_then(|rest| self.boundary.find(rest)) {
            let at = from + found;
            let body = if at > 0 && held.get(at - 1) == Some(&b'\r') { at - 1 } else { at };
            let behind = at + length;
            match line_end(held.get(behind..).unwrap_or_default()) {
                LineEnd::Last => return Next::Boundary { body, end: behind + 2, last: true },
                LineEnd::At(taken) => {
                    return Next::Boundary { body, end: behind + taken, last: false };
                }
                LineEnd::Unknown => return Next::Body(body),
                LineEnd::Not => from = at + 1,
            }
        }
        // A boundary may have begun with the last bytes, and the CR before it.
        Next::Body(held.len().saturating_sub(length + 1).max(from.min(held.len())))
    }
}

enum LineEnd {
    /// Two hyphens: nothing follows.
    Last,
    /// The line ends after so many bytes.
    At(usize),
    /// Something else stands there: it is no boundary.
    Not,
    /// More must come to know.
    Unknown,
}

/// What stands behind a boundary.
fn line_end(behind: &[u8]) -> LineEnd {
    if behind.starts_with(b"--") {
        return LineEnd::Last;
    }
    let padding = behind.iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    if padding > PADDING_MAX {
        return LineEnd::Not;
    }
    match behind.get(padding..).unwrap_or_default() {
        [b'\n', ..] => LineEnd::At(padding + 1),
        [b'\r', b'\n', ..] => LineEnd::At(padding + 2),
        [] | [b'\r'] => LineEnd::Unknown,
        [b'-'] if padding == 0 => LineEnd::Unknown,
        _ => LineEnd::Not,
    }
}

/// Tells of a piece of a body, unless it is empty.
fn tell(held: &[u8], length: usize, see: See<'_>) {
    if let Some(piece) = held.get(..length).filter(|piece| !piece.is_empty()) {
        see(Event::Bytes(piece));
    }
}

/// Where the headers of a part end, and where its body begins.
fn head_end(held: &[u8]) -> Option<(usize, usize)> {
    let mut line = 0;
    loop {
        let rest = held.get(line..)?;
        let end = memchr::memchr(b'\n', rest)?;
        if matches!(rest.get(..end)?, [] | [b'\r']) {
            return Some((line, line + end + 1));
        }
        line += end + 1;
    }
}

/// Reads the headers of a part. Names are known in any case; a line that begins with a space goes
/// on with the one before.
fn head(text: &[u8]) -> Result<Head, Refused> {
    let text = std::str::from_utf8(text).map_err(|_| Refused::Header)?;
    let mut lines: Vec<String> = Vec::new();
    for line in text.lines() {
        match lines.last_mut() {
            Some(before) if line.starts_with([' ', '\t']) => {
                before.push(' ');
                before.push_str(line.trim());
            }
            _ => lines.push(line.to_owned()),
        }
    }
    let mut head = Head::default();
    for line in lines {
        let (name, value) = line.split_once(':').ok_or(Refused::Header)?;
        let value = value.trim();
        match name.trim_end().to_ascii_lowercase().as_str() {
            "content-id" => bare(value).clone_into(&mut head.id),
            "content-type" => value.clone_into(&mut head.media_type),
            "content-transfer-encoding" => {
                head.encoding = Encoding::named(value).ok_or(Refused::Encoding)?;
            }
            "" => return Err(Refused::Header),
            _ => {}
        }
    }
    Ok(head)
}

/// Reads a whole body, and puts the part to begin with first.
///
/// # Errors
/// Why it is none.
pub fn read(content_type: &ContentType, body: &[u8]) -> Result<Vec<Part>, Refused> {
    read_with(content_type, body, |_| true)
}

/// The same, but that the bodies of other parts than those are left out.
pub(crate) fn read_with(
    content_type: &ContentType,
    body: &[u8],
    wanted: impl Fn(&Head) -> bool,
) -> Result<Vec<Part>, Refused> {
    let mut parts: Vec<Part> = Vec::new();
    let mut reader = Reader::new(content_type);
    let mut see = |event: Event<'_>| match event {
        Event::Part(head) => parts.push(Part { head, body: Vec::new() }),
        Event::Bytes(bytes) => {
            if let Some(part) = parts.last_mut().filter(|part| wanted(&part.head)) {
                part.body.extend_from_slice(bytes);
            }
        }
        Event::End => {}
    };
    reader.feed(body, &mut see)?;
    reader.finish(&mut see)?;
    if let Some(start) = parts.iter().position(|part| part.head.is(&content_type.start)) {
        parts.get_mut(..=start).unwrap_or_default().rotate_right(1);
    }
    if parts.is_empty() { Err(Refused::BrokenOff) } else { Ok(parts) }
}

#[cfg(test)]
mod tests;
