//! ebXML messages with all that travels with them: what is read can be written and read again.
//! The first line is the content type.
#![no_main]

use hl7v3::ebxml::{Attachment, Content, Package};
use hl7v3::multipart::ContentType;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some(end) = bytes.iter().position(|byte| *byte == b'\n') else { return };
    let Ok(line) = std::str::from_utf8(&bytes[..end]) else { return };
    let Ok(package) = Package::read(line, &bytes[end + 1..]) else { return };
    if let Content::Manifest(references) = &package.message.content {
        for reference in references {
            let _ = (package.part(reference), Attachment::read(&reference.description));
        }
    }
    let related = ContentType::parse(line).unwrap_or(ContentType {
        boundary: "b".to_owned(),
        kind: "text/xml".to_owned(),
        start: "header".to_owned(),
    });
    // Senders leave out what the schema wants; that is read, and not written.
    let Ok((content_type, body)) = package.write(&related) else { return };
    assert_eq!(Package::read(&content_type, &body), Ok(package));
});
