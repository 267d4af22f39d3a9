//! Bodies of parts: they are the same in whatever pieces they come, and what is read can be
//! written and read again. The first line is the content type.
#![no_main]

use hl7v3::multipart::{self, ContentType, Event, Part, Reader, Refused};
use libfuzzer_sys::fuzz_target;

fn collect(content_type: &ContentType, pieces: &[&[u8]]) -> Result<Vec<Part>, Refused> {
    let mut parts: Vec<Part> = Vec::new();
    let mut reader = Reader::new(content_type);
    let mut see = |event: Event<'_>| match event {
        Event::Part(head) => parts.push(Part { head, body: Vec::new() }),
        Event::Bytes(bytes) => parts.last_mut().expect("a part").body.extend_from_slice(bytes),
        Event::End => {}
    };
    for piece in pieces {
        reader.feed(piece, &mut see)?;
    }
    reader.finish(&mut see)?;
    Ok(parts)
}

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(line) = std::str::from_utf8(&bytes[..end]) else { return };
    let Ok(content_type) = ContentType::parse(line) else { return };
    let body = &bytes[end + 1..];
    assert_eq!(ContentType::parse(&content_type.to_string()).as_ref(), Ok(&content_type));

    let pieces: Vec<&[u8]> = body.chunks(1).collect();
    let whole = collect(&content_type, &[body]).ok();
    assert_eq!(whole, collect(&content_type, &pieces).ok());

    let Some(parts) = whole else { return };
    for part in &parts {
        let _ = (part.content(), part.head.is_xml());
    }
    // What cannot be written, such as a part without an identifier, is refused and no more.
    let Ok(written) = multipart::write(&content_type, &parts) else { return };
    if !parts.is_empty() {
        assert_eq!(collect(&content_type, &[&written]), Ok(parts));
    }
});
