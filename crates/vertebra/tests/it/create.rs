//! A ward makes a record for somebody who may have one already.

use serde_json::json;

use crate::{PDS, open_demo};

const REGISTERING_AUTHORITY: &str =
    "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-RegisteringAuthority";

#[test]
fn whoever_is_known_already_is_not_made_again() {
    let exchange = open_demo();
    for (given, family, postcode, status, code) in [
        ("Jane", "McMatch-Single", "BAP 4WG", 200, "SINGLE_MATCH"),
        ("Louisa", "McMatch-Multiple", "DN19 7UD", 200, "MULTIPLE_MATCHES"),
        ("Josephine", "Newcomer", "LS1 6AE", 201, ""),
        ("Josephine", "Newcomer", "LS1 6AE", 200, "SINGLE_MATCH"),
    ] {
        let body = json!({
            "resourceType": "Patient",
            "name": [{ "use": "usual", "given": [given], "family": family,
                "period": { "start": "1990-01-01" } }],
            "gender": "female",
            "birthDate": "1982-07-10",
            "address": [{ "use": "home", "line": ["4 Mill Lane", "Leeds"],
                "postalCode": postcode, "period": { "start": "2020-01-01" } }],
            "extension": [{ "url": REGISTERING_AUTHORITY, "extension": [
                { "url": "registeringAuthorityType", "valueCodeableConcept": { "coding": [{
                    "system": "https://fhir.nhs.uk/CodeSystem/UKCore-RegisteringAuthorityType",
                    "code": "x" }] } },
                { "url": "organisationIdentifier", "valueString": "RGS" },
            ] }],
        });
        let headers = [("Content-Type", "application/fhir+json")];
        let path = format!("{PDS}/Patient");
        let answer = exchange.client().send("POST", &path, &headers, &body.to_string()).unwrap();
        let found = (answer.status, answer.code());
        assert_eq!(found, (status, code.to_owned()), "{given} {family}: {}", answer.text);
        if status == 201 {
            assert_eq!(answer.json()["id"], "5182663366", "the first number to be given out");
        }
    }
}
