//! Messages of HL7 version 2: whatever is read can be acknowledged, and the acknowledgement read.
#![no_main]

use hl7v2::acknowledgement::{self, Acknowledgement, Code, Stamp};
use hl7v2::{Header, Message};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(message) = Message::read(bytes) else { return };
    for segment in message.segments() {
        segment.fields().for_each(|field| drop(field.text()));
    }
    let Some(header) = Header::read(&message) else { return };
    let problem = header.check().err();
    let code = Code::about(&header, problem.as_ref());
    let stamp = Stamp { control_id: "1", at: "20260101000000+0000" };
    let written = acknowledgement::write(&header, code, problem.as_ref(), stamp);
    let read = Message::read(&written).ok().and_then(|read| Acknowledgement::read(&read));
    assert_eq!(read.map(|read| read.code), Some(code));
});
