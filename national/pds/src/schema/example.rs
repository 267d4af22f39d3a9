//! Bodies that work against the sandbox people.

use nhs::url;
use serde_json::{Value, json};

/// A patch of the sandbox's first patient.
pub(super) fn patches() -> Value {
    json!({ "patches": [{ "op": "replace", "path": "/gender", "value": "female" }] })
}

/// A patient whom nobody knows yet.
pub(super) fn patient() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{
            "use": "usual",
            "prefix": ["Ms"],
            "given": ["Marigold"],
            "family": "Thistleton",
        }],
        "gender": "female",
        "birthDate": "1987-04-03",
        "address": [{
            "use": "home",
            "line": ["3 Tanner's Yard", "Mill Lane", "", "Otley"],
            "postalCode": "LS21 1AA",
            "period": { "start": "2024-02-01" },
        }],
        "telecom": [{ "system": "phone", "use": "mobile", "value": "07700900123" }],
        "extension": [authority()],
    })
}

/// The card of the sandbox's first patient.
pub(super) fn coverage() -> Value {
    json!({
        "resourceType": "Coverage",
        "status": "active",
        "subscriber": { "identifier": { "system": url::NHS_NUMBER, "value": "9000000009" } },
        "identifier": [{
            "value": "80756001230045",
            "assigner": { "identifier": { "system": url::COUNTRY_CODES, "value": "IRL" } },
        }],
        "payor": [{ "identifier": { "value": "IE-0042" } }],
        "beneficiary": { "identifier": { "value": "7301155K" } },
        "period": { "end": "2031-06-30" },
    })
}

/// A baby of the sandbox's first patient.
pub(super) fn birth() -> Value {
    json!({
        "resourceType": "Bundle",
        "type": "transaction",
        "entry": [
            {
                "fullUrl": "urn:uuid:5d0a6f0e-6f0a-4a52-9d8e-0a1f3f6f1c11",
                "resource": baby(),
                "request": { "method": "POST", "url": "Patient" },
            },
            {
                "resource": {
                    "resourceType": "Observation",
                    "status": "final",
                    "code": { "coding": [{
                        "system": "http://snomed.info/sct",
                        "code": "364589006",
                        "display": "Birth weight",
                    }] },
                    "valueQuantity": {
                        "value": 3420,
                        "unit": "g",
                        "system": "http://unitsofmeasure.org",
                        "code": "g",
                    },
                },
                "request": { "method": "POST", "url": "Observation" },
            },
            {
                "resource": {
                    "resourceType": "RelatedPerson",
                    "identifier": [{ "system": url::NHS_NUMBER, "value": "9000000009" }],
                    "relationship": [{ "coding": [{ "system": url::ROLE_CODES, "code": "MTH" }] }],
                },
                "request": { "method": "POST", "url": "RelatedPerson" },
            },
        ],
    })
}

fn baby() -> Value {
    json!({
        "resourceType": "Patient",
        "name": [{ "use": "usual", "given": ["Rowan"], "family": "Smith" }],
        "gender": "male",
        "birthDate": "2024-11-05",
        "multipleBirthInteger": 1,
        "address": [{
            "use": "home",
            "line": ["1 Trevelyan Square", "Boar Lane", "", "Leeds"],
            "postalCode": "LS1 6AE",
        }],
        "extension": [{
            "url": url::BIRTH_PLACE,
            "valueAddress": { "city": "Leeds", "district": "West Yorkshire", "country": "1" },
        }],
    })
}

/// A registering authority: an organisation that may ask for new records.
fn authority() -> Value {
    json!({
        "url": url::REGISTERING_AUTHORITY,
        "extension": [
            {
                "url": "registeringAuthorityType",
                "valueCodeableConcept": { "coding": [
                    { "system": url::REGISTERING_AUTHORITY_CODES, "code": "x" },
                ] },
            },
            { "url": "organisationIdentifier", "valueString": "RGS" },
        ],
    })
}
