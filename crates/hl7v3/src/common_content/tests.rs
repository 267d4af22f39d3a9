use proptest::prelude::*;

use super::*;
use crate::xml;

fn code(code: &str) -> Code {
    Code { code: code.to_owned(), system: "2.16.1".to_owned(), ..Code::default() }
}

fn fragment() -> Payload<'static> {
    let value = Element::new("urn:example:fragment", "fragment");
    let id = Element::new("urn:example:fragment", "message-id").with_text("5F0E9A1C");
    Payload {
        code: code("FRAGMENT"),
        id: "0B9D3A52".to_owned(),
        message_type: InstanceId::new("2.16.2", "RCMR_MT000001GB01"),
        value: Some(value.with(id)),
        bodies: vec![Body {
            sequence: 1,
            code: code("ATTACHMENT"),
            id: "A24EF71E".to_owned(),
            reference: "file://localhost/one%20page.tiff".to_owned(),
            value: None,
        }],
    }
}

fn again(payload: Payload<'_>) -> Option<String> {
    let text = xml::write(&payload.into_element(), &[("", NAMESPACE)]);
    let element = xml::parse(text.as_bytes()).unwrap();
    Payload::read(&element).map(|read| xml::write(&read.into_element(), &[("", NAMESPACE)]))
}

#[test]
fn a_fragment_reads_as_it_was_written() {
    let text = xml::write(&fragment().into_element(), &[("", NAMESPACE)]);
    let element = xml::parse(text.as_bytes()).unwrap();
    assert_eq!(Payload::read(&element), Some(fragment()));
}

#[test]
fn a_body_may_be_a_value_of_its_own() {
    let mut payload = fragment();
    let told = Element::new("urn:example:fragment", "fragment").with(said("code"));
    payload.bodies[0].value = Some(told);
    payload.bodies[0].reference = String::new();
    let text = xml::write(&payload.clone().into_element(), &[("", NAMESPACE)]);
    let element = xml::parse(text.as_bytes()).unwrap();
    assert_eq!(Payload::read(&element), Some(payload));
}

#[test]
fn something_else_is_none() {
    assert_eq!(Payload::read(&said("EhrRequest")), None);
    assert_eq!(Payload::read(&said("PayloadInformation")), None, "without a code");
    let other = Element::new("urn:other", "PayloadInformation");
    assert_eq!(Payload::read(&other), None);
}

#[test]
fn a_body_without_its_number_is_left_out() {
    let text = xml::write(&fragment().into_element(), &[("", NAMESPACE)]);
    let wrong = text.replace("value=\"1\"", "value=\"one\"");
    let element = xml::parse(wrong.as_bytes()).unwrap();
    assert!(Payload::read(&element).unwrap().bodies.is_empty());
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        bodies in proptest::collection::vec((any::<u32>(), "[!-~]{1,9}", "[!-~]{0,30}"), 0..5),
        id in "[!-~]{1,36}",
    ) {
        let bodies = bodies.into_iter().map(|(sequence, id, reference)| {
            Body { sequence, code: code("ATTACHMENT"), id, reference, value: None }
        });
        let payload = Payload { bodies: bodies.collect(), id, ..fragment() };
        let written = xml::write(&payload.clone().into_element(), &[("", NAMESPACE)]);
        prop_assert_eq!(again(payload), Some(written));
    }
}
