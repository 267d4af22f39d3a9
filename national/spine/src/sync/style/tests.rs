use super::super::faults::{TABLE, forbidden, from_elsewhere, not_supported};
use super::*;

fn said(fault: &Fault) -> (u16, String) {
    let reply = render(fault);
    (reply.status.as_u16(), String::from_utf8(reply.body.to_vec()).unwrap())
}

#[test]
fn every_row_is_a_soap_fault_with_its_number() {
    for row in TABLE {
        let (status, text) = said(&Fault::new(Kind::Incorrect, row.id, ""));
        assert_eq!(status, row.status);
        let read = Envelope::parse(text.as_bytes()).unwrap();
        let fault = read.fault().unwrap();
        assert_eq!(fault.code, faults::code_of(row));
        let number = Number::of(row.code).unwrap();
        assert_eq!(nasp::errors(&fault), [number]);
        let server = fault.code == hl7v3::soap::FaultCode::Server;
        assert_eq!(server, number.may_be_retried(), "{}: a client retries what may go", row.id);
    }
}

#[test]
fn what_is_said_is_escaped_and_what_is_broken_is_not_said() {
    assert_eq!(
        said(&not_supported()),
        (
            500,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
             <soap:Envelope xmlns:soap=\"http://schemas.xmlsoap.org/soap/envelope/\" \
             xmlns:nasp=\"http://national.carerecords.nhs.uk/schema/\"><soap:Body><soap:Fault>\
             <faultcode>soap:Client</faultcode><faultstring>Application Exception</faultstring>\
             <detail><nasp:errorList><nasp:error>\
             <nasp:codeContext>urn:nhs:names:error:tms</nasp:codeContext>\
             <nasp:errorCode>101</nasp:errorCode><nasp:severity>Error</nasp:severity>\
             <nasp:location>Not Supported</nasp:location><nasp:description>The service or \
             interaction is not supported</nasp:description></nasp:error></nasp:errorList>\
             </detail></soap:Fault></soap:Body></soap:Envelope>"
                .to_owned()
        )
    );
    assert!(said(&forbidden("a < b")).1.contains("may not do this: a &lt; b<"));
    let elsewhere = from_elsewhere(&Fault::new(Kind::Broken, "OTHER", "secret"));
    assert!(!said(&elsewhere).1.contains("secret"));
    assert_eq!(said(&from_elsewhere(&Fault::new(Kind::Busy, "OTHER", ""))).0, 503);
}
