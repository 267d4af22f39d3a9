//! What a control file says of a message that arrived.

use super::*;

fn arrived(headers: &[(&str, &str)]) -> Control {
    let headers: Vec<_> =
        headers.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect();
    let mut arrival = Arrival::default();
    arrival.headers = headers;
    describe("20260101_ABC", &arrival)
}

#[test]
fn a_message_is_described() {
    let control = arrived(&[
        ("mex-messagetype", "DATA"),
        ("mex-from", "X26ABC1"),
        ("mex-workflowid", "LETTER"),
        ("mex-statussuccess", "SUCCESS"),
    ]);
    assert_eq!(control.get("MessageType"), "Data");
    assert_eq!(control.get("DTSId"), "20260101_ABC");
    assert_eq!(control.get("From_DTS"), "X26ABC1");
    let text = String::from_utf8(control.write().unwrap()).unwrap();
    assert!(text.contains("<Status>SUCCESS</Status>"), "{text}");
    assert!(!text.contains("LocalId"), "what nobody said is left out: {text}");
}

#[test]
fn a_report_names_the_message_that_it_is_about() {
    let control = arrived(&[
        ("mex-messagetype", "REPORT"),
        ("mex-linkedmsgid", "20251231_DEF"),
        ("mex-statussuccess", "ERROR"),
        ("mex-statuscode", "14"),
    ]);
    assert_eq!(control.get("MessageType"), "Report");
    assert_eq!(control.get("LinkedMsgId"), "20251231_DEF");
    let text = String::from_utf8(control.write().unwrap()).unwrap();
    assert!(text.contains("<Status>ERROR</Status>\n    <StatusCode>14</StatusCode>"), "{text}");
}
