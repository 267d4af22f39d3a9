//! A patient of whom everything is known that an update can change.

use serde_json::{Value, json};

use crate::Record;

fn extension(url: &str, parts: &Value) -> Value {
    json!({ "url": url, "extension": parts })
}

fn coded(url: &str, system: &str, code: &str) -> Value {
    let coding = json!([{ "system": system, "code": code }]);
    json!({ "url": url, "valueCodeableConcept": { "coding": coding } })
}

/// A patient with one of everything.
pub(crate) fn whole(number: &str) -> Record {
    use nhs::url;
    let since = json!({ "start": "2020-01-01" });
    Record::new(json!({
        "resourceType": "Patient",
        "id": number,
        "identifier": [{ "system": url::NHS_NUMBER, "value": number }],
        "meta": { "versionId": "1", "security": [{ "code": "U", "display": "unrestricted" }] },
        "name": [
            { "id": "NAME0001", "use": "usual", "period": since, "given": ["Jane"],
              "family": "Smith", "prefix": ["Mrs"] },
            { "id": "NAME0002", "use": "nickname", "period": since, "given": ["Janie"],
              "family": "Smith" },
        ],
        "gender": "female",
        "birthDate": "1990-10-22",
        "multipleBirthInteger": 1,
        "address": [
            { "id": "ADDR0001", "period": since, "use": "home",
              "line": ["1 Trinity Row", "Holbeck", "Leeds"], "postalCode": "LS1 6AE" },
        ],
        "telecom": [
            { "id": "TELE0001", "period": since, "system": "phone", "value": "01632960587",
              "use": "home" },
            { "id": "TELE0002", "period": since, "system": "phone", "value": "07700900001",
              "use": "mobile" },
            { "id": "TELE0003", "period": since, "system": "email",
              "value": "jane.smith@example.com", "use": "home" },
        ],
        "contact": [
            { "id": "CONT0001", "period": since,
              "relationship": [{ "coding": [{ "system": url::CONTACT_ROLE, "code": "C" }] }],
              "telecom": [{ "system": "phone", "value": "01632960999" }] },
        ],
        "generalPractitioner": [
            { "id": "PRAC0001", "type": "Organization",
              "identifier": { "system": url::ODS_CODE, "value": "Y12345", "period": since } },
        ],
        "extension": [
            { "url": url::NOMINATED_PHARMACY, "valueReference":
                { "identifier": { "system": url::ODS_CODE, "value": "FA123" } } },
            extension(url::COMMUNICATION, &json!([
                coded("language", url::LANGUAGE_CODES, "fr"),
                { "url": "interpreterRequired", "valueBoolean": true },
            ])),
            extension(url::CONTACT_PREFERENCE, &json!([
                coded("PreferredContactMethod", url::CONTACT_METHOD_CODES, "1"),
                { "url": "PreferredContactTimes", "valueString": "Not after 7pm" },
            ])),
            { "url": url::BIRTH_PLACE, "valueAddress": { "city": "Leeds", "country": "GBR" } },
            extension(url::REMOVAL_FROM_REGISTRATION, &json!([
                { "url": "removalFromRegistrationCode", "valueCodeableConcept": { "coding": [
                    { "system": url::REMOVAL_REASON_CODES, "code": "SCT",
                      "display": "Transferred to Scotland" }] } },
            ])),
        ],
    }))
}
