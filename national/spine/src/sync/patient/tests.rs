use hl7v3::wrapper::NAMESPACE;
use hl7v3::xml;
use serde_json::json;

use super::super::exchange::TABLE;
use super::*;

fn written(patient: &Value, asks: &str) -> String {
    let exchange = TABLE.iter().find(|one| one.asks == asks).unwrap();
    let text = xml::write(&subject(patient, exchange.form), &[("", NAMESPACE)]);
    let (_, text) = text.split_once("?>\n").unwrap();
    text.replace(" xmlns=\"urn:hl7-org:v3\"", "")
}

#[test]
fn a_patient_of_whom_nothing_is_told_is_a_number() {
    let patient = json!({
        "id": "9000000009",
        "meta": { "versionId": "3", "security": [{ "code": "V" }] },
    });
    assert_eq!(
        written(&patient, "QUPA_IN000005UK01"),
        "<PdsTraceMatch classCode=\"OBS\" moodCode=\"EVN\"><subject typeCode=\"SBJ\">\
         <patientRole classCode=\"PAT\"><id root=\"2.16.840.1.113883.2.1.4.1\" \
         extension=\"9000000009\"/><confidentialityCode code=\"S\"/>\
         <patientPerson classCode=\"PSN\" determinerCode=\"INSTANCE\">\
         <administrativeGenderCode code=\"0\"/></patientPerson></patientRole></subject>\
         <pertinentInformation typeCode=\"PERT\"><pertinentSerialChangeNumber classCode=\"OBS\" \
         moodCode=\"EVN\"><code code=\"2\" codeSystem=\"2.16.840.1.113883.2.1.3.2.4.17.35\"/>\
         <value value=\"3\"/></pertinentSerialChangeNumber></pertinentInformation></PdsTraceMatch>"
    );
}

#[test]
fn each_message_writes_the_practice_in_its_own_way() {
    let identifier = json!({ "value": "Y12345", "period": { "start": "2020-01-01" } });
    let patient = json!({ "generalPractitioner": [{ "id": "G1", "identifier": identifier }] });
    let rows = [
        (
            "QUPA_IN000005UK01",
            "<patientCareProvision ",
            "<performer typeCode=\"PRF\"><assignedOrganization ",
        ),
        (
            "QUPA_IN000008UK02",
            "<patientCareProvisionEvent ",
            "<performer typeCode=\"PRF\"><assignedEntity ",
        ),
        (
            "QUPA_IN000008UK05",
            "<patientCareProvisionEvent ",
            "<performer typeCode=\"PRF\"><assignedEntity ",
        ),
        (
            "QUPA_IN040000UK32",
            "<patientCareProvision ",
            "<responsibleParty typeCode=\"RESP\"><healthCareProvider ",
        ),
    ];
    for (asks, provision, provider) in rows {
        let text = written(&patient, asks);
        assert!(text.contains(provision) && text.contains(provider), "{asks}: {text}");
        assert!(text.contains("<effectiveTime><low value=\"20200101\"/></effectiveTime>"));
        assert!(text.contains("extension=\"Y12345\""));
    }
}

#[test]
fn names_addresses_and_ways_to_reach_somebody() {
    let patient = json!({
        "gender": "female",
        "birthDate": "2010-10-22",
        "name": [
            { "use": "usual", "prefix": ["Mrs"], "given": ["Jane", "M"], "family": "O<Smith" },
            { "use": "nickname", "given": ["J"] },
            { "use": "maiden", "family": "Doe", "period": { "end": "2020-01-01" } },
        ],
        "address": [{ "use": "temp", "line": ["1 Road", "Town"], "postalCode": "LS1 6AE" }],
        "telecom": [
            { "system": "phone", "use": "mobile", "value": "07700900123" },
            { "system": "email", "value": "a@example.com" },
            { "system": "other", "value": "nothing" },
        ],
    });
    let text = written(&patient, "QUPA_IN000005UK01");
    for part in [
        "<name use=\"L\"><prefix>Mrs</prefix><given>Jane</given><given>M</given>\
         <family>O&lt;Smith</family></name>",
        "<name use=\"A\"><given>J</given></name>",
        "<name use=\"PREVIOUS-MAIDEN\"><family>Doe</family><validTime><high value=\"20200101\"/>",
        "<addr use=\"TMP\"><streetAddressLine>1 Road</streetAddressLine>\
         <streetAddressLine>Town</streetAddressLine><postalCode>LS1 6AE</postalCode></addr>",
        "<telecom use=\"MC\" value=\"tel:07700900123\"/>",
        "<telecom use=\"HP\" value=\"mailto:a@example.com\"/>",
        "<administrativeGenderCode code=\"2\"/><birthTime value=\"20101022\"/>",
    ] {
        assert!(text.contains(part), "{part} in {text}");
    }
    assert!(!text.contains("nothing") && !text.contains("confidentialityCode"));
}
