use hl7v3::soap::Envelope;

use super::*;

#[test]
fn a_list_that_is_written_is_read_again() {
    for number in Number::ALL {
        let fault = fault(FaultCode::Server, number, "why");
        let text = Envelope::of(fault.into_element()).write(&[PREFIX]);
        let read = Envelope::parse(text.as_bytes()).unwrap();
        let read = read.fault().unwrap();
        assert_eq!(errors(&read), [number], "{text}");
        assert_eq!(read.text, "Application Exception");
    }
}

#[test]
fn errors_without_a_known_number_are_undefined() {
    let error = |code: &'static str| {
        let code = Element::new(NAMESPACE, "errorCode").with_text(code);
        Element::new(NAMESPACE, "error").with(code)
    };
    let list = Element::new(NAMESPACE, "errorList")
        .with(error("206"))
        .with(error("999"))
        .with(Element::new(NAMESPACE, "error"));
    let fault = Fault { detail: vec![list], ..Fault::new(FaultCode::Server, "") };
    assert_eq!(errors(&fault), [Number::NotRouted, Number::Undefined, Number::Undefined]);
    assert!(Number::NotRouted.may_be_retried() && !Number::Undefined.may_be_retried());
}
