use crate::{Condition, Header, Message, When};

fn problem(text: &str) -> Option<(Condition, u8)> {
    let message = Message::read(text.as_bytes()).unwrap();
    Header::read(&message).unwrap().check().err().map(|problem| {
        assert!(problem.rejects);
        (problem.condition, problem.field)
    })
}

#[test]
fn fields_have_names() {
    let bytes =
        br"MSH|^~\&|LAB^1.2^ISO|RX1|GP\T\CO|A81001|20260101||ORU^R01^ORU_R01|77|P^T|2.5.1|||AL|NE";
    let message = Message::read(bytes).unwrap();
    let header = Header::read(&message).unwrap();
    assert_eq!(header.sending_application, "LAB");
    assert_eq!(header.sending_facility, "RX1");
    assert_eq!(header.receiving_application, "GP&CO");
    assert_eq!(header.receiving_facility, "A81001");
    assert_eq!(header.kind(), "ORU^R01");
    assert_eq!(header.control_id, "77");
    assert_eq!((header.processing_id.as_str(), header.version.as_str()), ("P", "2.5.1"));
    assert_eq!(header.accept_acknowledgement(), Some(When::Always));
    assert_eq!(header.application_acknowledgement(), Some(When::Never));
    assert!(header.is_enhanced());
    assert_eq!(header.check(), Ok(()));
}

#[test]
fn what_every_message_needs_is_asked_for() {
    let rows = [
        (r"MSH|^~\&|A|B|C|D|||ADT^A01|1|P|2.4", None),
        (r"MSH|^~\&|A|B|C|D|||ACK|1|T|2", None),
        (r"MSH|^~\&|A|B|C|D||||1|P|2.4", Some((Condition::RequiredField, 9))),
        (r"MSH|^~\&|A|B|C|D|||ADT^A01||P|2.4", Some((Condition::RequiredField, 10))),
        (r"MSH|^~\&|A|B|C|D|||ADT^A01|1|X|2.4", Some((Condition::ProcessingId, 11))),
        (r"MSH|^~\&|A|B|C|D|||ADT^A01|1||2.4", Some((Condition::ProcessingId, 11))),
        (r"MSH|^~\&|A|B|C|D|||ADT^A01|1|P|3.0", Some((Condition::Version, 12))),
        (r"MSH|^~\&|A|B|C|D|||ADT^A01|1|P", Some((Condition::Version, 12))),
        ("MSH|^~\\&|A|B\t|C|D|||ADT^A01|1|P|2.4", Some((Condition::DataType, 4))),
    ];
    for (text, wanted) in rows {
        assert_eq!(problem(text), wanted, "{text}");
    }
    let long = format!(r"MSH|^~\&|A|B|C|D|||ADT^A01|{}|P|2.4", "1".repeat(300));
    assert_eq!(problem(&long), Some((Condition::DataType, 10)));
}

#[test]
fn original_mode_is_when_nothing_is_said() {
    for (rest, enhanced) in
        [("", false), ("|||", false), ("||||\"\"", false), ("|||AL", true), ("||||NE", true)]
    {
        let text = format!(r"MSH|^~\&|A|B|C|D|||ADT^A01|1|P|2.4{rest}");
        let message = Message::read(text.as_bytes()).unwrap();
        assert_eq!(Header::read(&message).unwrap().is_enhanced(), enhanced, "{text}");
    }
}
