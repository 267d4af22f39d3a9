use base::{Fault, Kind};
use hl7v3::soap::{Envelope, FaultCode};

use super::super::faults::TABLE;
use super::render;

#[test]
fn every_fault_is_a_soap_fault_with_its_code() {
    for row in TABLE {
        let reply = render(&Fault::new(Kind::Incorrect, row.id, ""));
        assert_eq!(reply.status.as_u16(), row.status, "{}", row.id);
        let envelope = Envelope::parse(&reply.body).unwrap();
        let fault = envelope.fault().unwrap();
        assert_eq!(fault.code, FaultCode::Client);
        let error = fault.detail[0].elements().next().unwrap();
        let codes: Vec<String> = error.elements().map(|leaf| leaf.text().into_owned()).collect();
        let expected = ["urn:nhs:names:error:tms", row.code, "Error", "Not Supported", row.display];
        assert_eq!(codes, expected);
    }
}

#[test]
fn a_fault_of_the_house_says_nothing() {
    let reply = render(&Fault::broken("ELSEWHERE", "a secret"));
    assert_eq!(reply.status, 500);
    let text = String::from_utf8_lossy(&reply.body).into_owned();
    assert!(!text.contains("secret") && text.contains("Server"), "{text}");
}
