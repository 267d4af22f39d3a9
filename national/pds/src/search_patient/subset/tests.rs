use serde_json::{Value, json};

use super::of;

#[test]
fn an_answer_shows_less_than_a_read() {
    let whole = json!({
        "resourceType": "Patient",
        "id": "9000000009",
        "meta": { "versionId": "2" },
        "name": [
            { "use": "usual", "family": "Smith" },
            { "use": "maiden", "family": "Jones" },
            { "use": "nickname", "given": ["Jo"] },
        ],
        "address": [{ "use": "temp", "postalCode": "LS1 6AE" }],
        "managingOrganization": { "type": "Organization" },
        "multipleBirthInteger": 1,
        "communication": [],
        "extension": [
            { "url": nhs::url::NOMINATED_PHARMACY },
            { "url": nhs::url::DEATH_NOTIFICATION },
            { "url": nhs::url::BIRTH_PLACE },
        ],
    });
    let shown = of(whole);
    let members: Vec<&String> = shown.as_object().unwrap().keys().collect();
    let expected = ["resourceType", "id", "meta", "name", "multipleBirthInteger", "extension"];
    assert_eq!(members, expected, "an empty list is not shown");
    let uses: Vec<&Value> = shown["name"].as_array().unwrap().iter().map(|n| &n["use"]).collect();
    assert_eq!(uses, ["usual", "nickname"]);
    assert_eq!(shown["extension"], json!([{ "url": nhs::url::DEATH_NOTIFICATION }]));
}
