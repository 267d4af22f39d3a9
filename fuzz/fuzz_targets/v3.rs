//! Documents, and the HL7 V3 messages that they may be: what is read can be written and read again.
#![no_main]

use hl7v3::wrapper::Transmission;
use hl7v3::xml::{self, Refused};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(root) = xml::parse(bytes) else { return };
    let text = xml::write(&root, &[]);
    match xml::parse(text.as_bytes()) {
        // Written anew, with every namespace declared where it is used, it may be beyond a limit.
        Err(Refused::TooMuch | Refused::TooLong) => return,
        again => assert_eq!(again.as_ref(), Ok(&root)),
    }
    let Ok(message) = Transmission::read(root) else { return };
    let text = xml::write(&message.clone().into_element(), &[]);
    let again = xml::parse(text.as_bytes()).map(Transmission::read);
    assert_eq!(again, Ok(Ok(message)));
});
