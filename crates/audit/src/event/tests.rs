use super::*;

fn access() -> Access {
    Access {
        at: "2026-11-22T10:00:00.25Z".parse().unwrap(),
        service: "demographics".into(),
        interaction: "get-patient".into(),
        mode: "worker".into(),
        client: "ward".into(),
        system: "200000001001".into(),
        organisation: "A1".into(),
        user: "555254239107".into(),
        subjects: vec!["aa".repeat(16), "bb".repeat(16)],
        outcome: 200,
        request: "60e0b220".into(),
        trace: "0af7651916cd43dd8448eb211c80319c".into(),
        purpose: "TREAT".into(),
        recipient: "2000099999".into(),
        claimed: String::new(),
    }
}

#[test]
fn a_line_is_told_with_all_of_it() {
    let pseudonym = "aa".repeat(16);
    let event = resource(17, &access(), Some((&pseudonym, "1")));
    let due = json!({
        "resourceType": "AuditEvent",
        "id": "17",
        "type": { "system": TYPE, "code": "rest", "display": "RESTful Operation" },
        "subtype": [{ "code": "get-patient" }],
        "action": "R",
        "recorded": "2026-11-22T10:00:00.25Z",
        "outcome": "0",
        "outcomeDesc": "200",
        "purposeOfEvent": [{ "coding": [{ "system": REASON, "code": "TREAT" }] }],
        "agent": [
            {
                "type": { "coding": [coding(ROLE, "IRCP", "information recipient")] },
                "who": { "identifier": { "value": "555254239107" } },
                "requestor": true,
                "role": [{ "text": "worker" }],
            },
            {
                "type": { "coding": [coding(DICOM, "110153", "Source Role ID")] },
                "who": { "identifier": { "value": "ward" } },
                "requestor": false,
            },
            {
                "type": { "coding": [coding(DICOM, "110150", "Application")] },
                "who": { "identifier": { "value": "200000001001" } },
                "requestor": false,
            },
            {
                "type": { "coding": [coding(ROLE, "CST", "custodian")] },
                "who": { "identifier": { "value": "A1" } },
                "requestor": false,
            },
            {
                "type": { "coding": [coding(DICOM, "110152", "Destination Role ID")] },
                "who": { "identifier": { "value": "2000099999" } },
                "requestor": false,
            },
        ],
        "source": {
            "observer": { "identifier": { "value": "demographics" } },
            "type": [coding(SOURCE, "4", "Application Server")],
        },
        "entity": [
            {
                "what": { "reference": "Patient/1", "type": "Patient" },
                "type": coding(ENTITY, "1", "Person"),
                "role": coding(OBJECT_ROLE, "1", "Patient"),
            },
            {
                "what": { "identifier": { "value": "bb".repeat(16) } },
                "type": coding(ENTITY, "1", "Person"),
                "role": coding(OBJECT_ROLE, "1", "Patient"),
            },
            {
                "what": { "identifier": { "value": "60e0b220" } },
                "detail": [{
                    "type": "trace-id",
                    "valueString": "0af7651916cd43dd8448eb211c80319c",
                }],
                "type": { "system": BALP, "code": "XrequestId" },
            },
        ],
    });
    assert_eq!(event, due);
}

#[test]
fn what_is_not_known_is_left_out() {
    let bare = Access { client: "ward".into(), outcome: 503, ..Access::default() };
    let event = resource(0, &bare, None);
    assert_eq!(event["agent"].as_array().unwrap().len(), 1);
    assert_eq!(event["agent"][0]["requestor"], true);
    for member in ["entity", "purposeOfEvent"] {
        assert!(event.get(member).is_none(), "{member}");
    }
}

#[test]
fn what_was_only_claimed_is_told_apart_from_what_was_proved() {
    let access = Access { organisation: "A1".into(), claimed: "A2".into(), ..access() };
    let event = resource(0, &access, None);
    let agents = event["agent"].as_array().unwrap();
    let who = |code: &str| {
        let agent = agents.iter().find(|agent| agent["type"]["coding"][0]["code"] == code);
        agent.unwrap()["who"]["identifier"]["value"].clone()
    };
    assert_eq!((who("CST"), who("RESP")), (json!("A1"), json!("A2")));
}

#[test]
fn actions_and_outcomes_are_told_by_code() {
    let cases = [
        ("get-patient", 200, "R", "0"),
        ("search-audit-event", 403, "R", "4"),
        ("create-patient", 201, "C", "0"),
        ("update-patient", 409, "U", "4"),
        ("delete-subscription", 500, "D", "8"),
        ("acknowledge-message", 200, "E", "0"),
    ];
    for (interaction, status, action, outcome) in cases {
        let access =
            Access { interaction: interaction.into(), outcome: status, ..Access::default() };
        let event = resource(1, &access, None);
        assert_eq!((&event["action"], &event["outcome"]), (&json!(action), &json!(outcome)));
    }
}
