//! SOAP messages, their faults and their addressing: what is read can be written and read again.
#![no_main]

use hl7v3::addressing::Addressing;
use hl7v3::soap::{Envelope, Unreadable};
use hl7v3::xml::Refused;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(read) = Envelope::parse(bytes) else { return };
    let _ = (read.fault(), read.not_understood(|_| false), Addressing::read(&read));
    let text = read.clone().write(&[]);
    match Envelope::parse(text.as_bytes()) {
        // Written anew, with every namespace declared where it is used, it may be beyond a limit.
        Err(Unreadable::Xml(Refused::TooMuch | Refused::TooLong)) => {}
        again => assert_eq!(again, Ok(read)),
    }
});
