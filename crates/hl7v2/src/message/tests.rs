use base::limit::{HL7V2_BYTES_MAX, HL7V2_SEGMENTS_MAX};
use proptest::prelude::*;

use super::Message;
use crate::acknowledgement::{self, Acknowledgement, Code, Stamp};
use crate::{Condition, Header};

const MESSAGE: &[u8] =
    b"MSH|^~\\&|A|B|C|D|||ADT^A01|1|P|2.5\rPID|1||12^^^X~34&5&6^^^Y||O\\T\\N^P||\"\"\rPV1\r";

#[test]
fn a_message_is_divided_as_it_says() {
    let message = Message::read(MESSAGE).unwrap();
    let names: Vec<&[u8]> = message.segments().map(|segment| segment.name()).collect();
    assert_eq!(names, [b"MSH", b"PID", b"PV1"]);
    let header = message.segment("MSH").unwrap();
    assert_eq!(header.field(1).bytes(), b"|");
    assert_eq!(header.field(2).bytes(), b"^~\\&");
    assert_eq!(header.field(9).component(2).text(), "A01");
    let patient = message.segment("PID").unwrap();
    let identifiers: Vec<String> =
        patient.field(3).repetitions().map(|one| one.components().next().unwrap().text()).collect();
    assert_eq!(identifiers, ["12", "34&5&6"]);
    let second = patient.field(3).repetitions().nth(1).unwrap().components().next().unwrap();
    assert_eq!(
        second.subcomponents().map(|part| part.text()).collect::<Vec<_>>(),
        ["34", "5", "6"]
    );
    assert_eq!(patient.field(5).component(1).text(), "O&N");
    assert!(patient.field(7).is_null() && !patient.field(7).is_empty());
    assert!(patient.field(2).is_empty() && patient.field(99).is_empty());
}

#[test]
fn other_line_ends_and_separators_are_taken() {
    let text = String::from_utf8(MESSAGE.to_vec()).unwrap();
    for end in ["\n", "\r\n", "\r\r\n"] {
        let other = format!("\r\n {}", text.replace('\r', end));
        let message = Message::read(other.as_bytes()).unwrap();
        assert_eq!(message.segments().count(), 3);
        assert_eq!(message.segment("PID").unwrap().field(5).component(1).text(), "O&N");
    }
    let message = Message::read(b"MSH#*!?%#A#B\rPID#x*y#?S?z\r").unwrap();
    let patient = message.segment("PID").unwrap();
    assert_eq!(patient.field(1).component(2).text(), "y");
    assert_eq!(patient.field(2).text(), "*z");
    assert!(Message::read(b"MSH|^~\\&#|A|B").is_ok(), "2.7 adds a fifth");
}

#[test]
fn what_is_no_message_is_refused() {
    let rows: [&[u8]; 11] = [
        b"",
        b"MSH",
        b"MSH|",
        b"MSH|^",
        b"MSH|^^\\&|",
        b"MSHA^~\\&A",
        b"PID|1",
        b"msh|^~\\&|",
        b"FHS|^~\\&|",
        b"MSH|^~\\&#!|A",
        b"MSH |^~|",
    ];
    for bytes in rows {
        let problem = Message::read(bytes).unwrap_err();
        assert_eq!(problem.condition, Condition::SegmentSequence, "{bytes:?}");
    }
    let many = [b"MSH|^~\\&|\r".to_vec(), b"Z\r".repeat(HL7V2_SEGMENTS_MAX)].concat();
    assert!(Message::read(&many).is_err());
    assert!(Message::read(&many[..many.len() - 2]).is_ok());
    let large = [b"MSH|^~\\&|".to_vec(), vec![b'x'; HL7V2_BYTES_MAX]].concat();
    assert!(Message::read(&large).is_err());
}

/// Reads everything there is, and acknowledges it.
fn use_all(bytes: &[u8]) {
    let Ok(message) = Message::read(bytes) else { return };
    for segment in message.segments() {
        for field in segment.fields() {
            for repetition in field.repetitions() {
                for component in repetition.components() {
                    component.subcomponents().for_each(|part| drop(part.text()));
                }
            }
        }
    }
    let _ = Acknowledgement::read(&message);
    let header = Header::read(&message).unwrap();
    let problem = header.check().err();
    let code = Code::about(&header, problem.as_ref());
    let stamp = Stamp { control_id: "1", at: "20260101000000+0000" };
    let written = acknowledgement::write(&header, code, problem.as_ref(), stamp);
    let read = Message::read(&written).unwrap();
    assert_eq!(Acknowledgement::read(&read).unwrap().code, code);
    let again = Header::read(&read).unwrap();
    assert_eq!(again.check().err(), again.check().err().filter(|_| problem.is_some()));
}

proptest! {
    #[test]
    fn a_changed_message_breaks_nothing(
        changes in proptest::collection::vec((0usize..70, any::<u8>()), 0..8),
        cut in 0usize..80,
    ) {
        let mut bytes = MESSAGE.to_vec();
        for (at, byte) in changes {
            bytes[at % MESSAGE.len()] = byte;
        }
        bytes.truncate(bytes.len().saturating_sub(cut));
        use_all(&bytes);
    }

    #[test]
    fn anything_at_all_breaks_nothing(rest in proptest::collection::vec(any::<u8>(), 0..200)) {
        use_all(&rest);
        use_all(&[b"MSH|^~\\&|".to_vec(), rest].concat());
    }
}
