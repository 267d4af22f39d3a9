//! Which operations name what they change, and how lists move under them.

use http::StatusCode;
use serde_json::{Value, json};

use super::{patch, trial};

fn test(path: &str, value: &str) -> Value {
    json!({ "op": "test", "path": path, "value": value })
}

fn replace(path: &str, value: impl Into<Value>) -> Value {
    json!({ "op": "replace", "path": path, "value": value.into() })
}

fn add(path: &str, value: impl Into<Value>) -> Value {
    json!({ "op": "add", "path": path, "value": value.into() })
}

fn remove(path: &str) -> Value {
    json!({ "op": "remove", "path": path })
}

fn alias() -> Value {
    json!({ "use": "temp", "given": ["Joan"], "family": "Smyth" })
}

#[tokio::test]
async fn patches_that_do_not_say_what_they_change_are_refused() {
    let whole_name = json!({ "use": "usual", "given": ["Jane"], "family": "Smith" });
    let other = json!({ "id": "NAME0002", "use": "usual", "given": ["Jane"], "family": "Smith" });
    let pharmacy = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NominatedPharmacy";
    let cases = [
        (
            "a field that is none",
            json!([add("/pets", "dog")]),
            "Invalid update with error - Update unsupported for resource - 'pets'",
        ),
        (
            "a field that nobody sets",
            json!([replace("/id", "9000000017")]),
            "Update unsupported for resource - 'id'",
        ),
        (
            "a field that nobody sets, inside",
            json!([replace("/meta/versionId", "7")]),
            "Update unsupported for resource - 'meta'",
        ),
        ("a list as a whole", json!([replace("/name", json!([]))]), "cannot be changed as a whole"),
        ("a list as a whole, removed", json!([remove("/telecom")]), "cannot be changed as a whole"),
        ("an addition with an index", json!([add("/name/0", alias())]), "must have path '/name/-'"),
        (
            "an addition with an id",
            json!([add("/name/-", other.clone())]),
            "must not include an id",
        ),
        (
            "a part of an unnamed item",
            json!([replace("/name/0/family", "Jones")]),
            "the id or url of the item must be given to change '/name/0/family'",
        ),
        (
            "an addition inside an unnamed item",
            json!([add("/name/0/given/-", "Rose")]),
            "the id or url of the item must be given",
        ),
        (
            "an item without its id",
            json!([replace("/name/0", whole_name)]),
            "the id or url of the item must be given",
        ),
        ("an item with another's id", json!([replace("/name/0", other)]), "does not match"),
        ("another id", json!([replace("/name/0/id", "NAME0009")]), "does not match"),
        (
            "an id taken away",
            json!([test("/name/0/id", "NAME0001"), remove("/name/0/id")]),
            "cannot be changed",
        ),
        (
            "a part of another item than the named",
            json!([replace("/name/0/id", "NAME0001"), replace("/name/1/family", "Jones")]),
            "the id or url of the item must be given",
        ),
        (
            "another extension in its place",
            json!([replace("/extension/1", json!({ "url": pharmacy }))]),
            "does not match",
        ),
        ("a removal alone", json!([remove("/name/1")]), "must immediately follow a test"),
        (
            "a removal after something else",
            json!([test("/name/1/id", "NAME0002"), replace("/gender", "male"), remove("/name/1")]),
            "must immediately follow a test",
        ),
        (
            "a removal after a test of another",
            json!([test("/name/0/id", "NAME0001"), remove("/name/1")]),
            "must immediately follow a test",
        ),
        (
            "a removal after a test of a part",
            json!([test("/name/1/family", "Smith"), remove("/name/1")]),
            "must immediately follow a test",
        ),
        (
            "a test that fails",
            json!([test("/gender", "male"), replace("/gender", "male")]),
            "Invalid patch: Test operation failed",
        ),
        (
            "a test of what is not there",
            json!([test("/name/7/id", "NAME0001")]),
            "Invalid patch: Test operation failed",
        ),
        (
            "an item that is not there",
            json!([replace("/name/7", alias())]),
            "Invalid patch: Cannot perform the operation at a path that does not exist",
        ),
        (
            "a number that is none",
            json!([replace("/name/-1/family", "Jones")]),
            "Cannot perform the operation at a path that does not exist",
        ),
        (
            "a replacement of nothing",
            json!([replace("/deceasedDateTime", "2020-01-01")]),
            "Cannot perform the operation at a path that does not exist",
        ),
        (
            "indices that moved",
            json!([
                test("/telecom/0/id", "TELE0001"),
                remove("/telecom/0"),
                test("/telecom/2/id", "TELE0003"),
                remove("/telecom/2")
            ]),
            "Invalid patch: Test operation failed",
        ),
    ];
    let trial = trial().await;
    for (what, patches, text) in cases {
        let heard = patch(&trial, &patches).await;
        assert_eq!(heard.fault(), "400 INVALID_UPDATE", "{what}");
        assert!(heard.diagnostics().contains(text), "{what}: {}", heard.diagnostics());
    }
}

/// Each pair of patches and a pointer into the answer with what stands there.
#[tokio::test]
async fn patches_that_do_are_applied() {
    let birth_place = "http://hl7.org/fhir/StructureDefinition/patient-birthPlace";
    let communication =
        "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSCommunication";
    let renamed = json!({ "id": "NAME0001", "use": "usual", "given": ["Jane"], "family": "Jones" });
    let nickname = json!({ "id": "NAME0002", "use": "nickname", "period": { "start": "2020-01-01" },
        "given": ["Janie"], "family": "Smith" });
    let interpreter = json!({ "url": "interpreterRequired", "valueBoolean": false });
    let cases = [
        ("a new item", json!([add("/name/-", alias())]), "/name/2/family", json!("Smyth")),
        (
            "a new item's start",
            json!([add("/name/-", alias())]),
            "/name/2/period/start",
            json!("2025-05-20"),
        ),
        (
            "an id given by a replacement",
            json!([replace("/name/0/id", "NAME0001"), replace("/name/0/family", "Jones")]),
            "/name/0/family",
            json!("Jones"),
        ),
        (
            "the period stays with a part",
            json!([replace("/name/0/id", "NAME0001"), replace("/name/0/family", "Jones")]),
            "/name/0/period/start",
            json!("2020-01-01"),
        ),
        (
            "an id given by an addition",
            json!([add("/name/0/id", "NAME0001"), add("/name/0/given/0", "Rose")]),
            "/name/0/given",
            json!(["Rose", "Jane"]),
        ),
        (
            "an id given by a test, long before",
            json!([
                test("/name/0/id", "NAME0001"),
                replace("/gender", "male"),
                add("/name/0/given/-", "Rose")
            ]),
            "/name/0/given",
            json!(["Jane", "Rose"]),
        ),
        (
            "a list inside an item that was not there",
            json!([test("/name/0/id", "NAME0001"), add("/name/0/suffix/-", "MBE")]),
            "/name/0/suffix",
            json!(["MBE"]),
        ),
        (
            "an item as a whole",
            json!([replace("/name/0", renamed)]),
            "/name/0/family",
            json!("Jones"),
        ),
        (
            "an item as a whole, then a part",
            json!([replace("/name/1", nickname.clone()), replace("/name/1/given/0", "Jan")]),
            "/name/1/given",
            json!(["Jan"]),
        ),
        (
            "a removal by id",
            json!([test("/name/1/id", "NAME0002"), remove("/name/1")]),
            "/name/1",
            Value::Null,
        ),
        (
            "a removal by the whole",
            json!([
                json!({ "op": "test", "path": "/name/1",
            "value": nickname }),
                remove("/name/1")
            ]),
            "/name/1",
            Value::Null,
        ),
        (
            "a removal by url",
            json!([test("/extension/3/url", birth_place), remove("/extension/3")]),
            "/extension/3/extension/0/url",
            json!("removalFromRegistrationCode"),
        ),
        (
            "removals from the end",
            json!([
                test("/telecom/2/id", "TELE0003"),
                remove("/telecom/2"),
                test("/telecom/1/id", "TELE0002"),
                remove("/telecom/1")
            ]),
            "/telecom/0/id",
            json!("TELE0001"),
        ),
        (
            "removals as indices move",
            json!([
                test("/telecom/1/id", "TELE0002"),
                remove("/telecom/1"),
                test("/telecom/1/id", "TELE0003"),
                remove("/telecom/1")
            ]),
            "/telecom/1",
            Value::Null,
        ),
        (
            "the last item of a list",
            json!([test("/contact/0/id", "CONT0001"), remove("/contact/0")]),
            "/contact",
            Value::Null,
        ),
        (
            "a part of an extension",
            json!([
                test("/extension/1/url", communication),
                replace("/extension/1/extension/1", interpreter)
            ]),
            "/extension/1/extension/1/valueBoolean",
            json!(false),
        ),
        (
            "a single field",
            json!([remove("/multipleBirthInteger")]),
            "/multipleBirthInteger",
            Value::Null,
        ),
        (
            "a title with a full stop",
            json!([test("/name/0/id", "NAME0001"), replace("/name/0/prefix/0", "Mrs.")]),
            "/name/0/prefix",
            json!(["Mrs"]),
        ),
        (
            "blank lines",
            json!([
                test("/address/0/id", "ADDR0001"),
                replace("/address/0/line", json!(["", "23 Mill Lane", "", "Leeds", ""]))
            ]),
            "/address/0/line",
            json!(["23 Mill Lane", "Leeds"]),
        ),
        ("nothing but a test", json!([test("/gender", "female")]), "/meta/versionId", json!("2")),
    ];
    for (what, patches, pointer, expected) in cases {
        let trial = trial().await;
        let heard = patch(&trial, &patches).await;
        assert_eq!(heard.status, StatusCode::OK, "{what}: {}", heard.diagnostics());
        let found = heard.body.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(found, expected, "{what}");
    }
}

#[tokio::test]
async fn new_items_get_ids_of_eight_capital_hexadecimal_digits() {
    let trial = trial().await;
    let heard = patch(&trial, &json!([add("/name/-", alias()), add("/name/-", alias())])).await;
    let ids: Vec<&str> = [2, 3].map(|at| heard.body["name"][at]["id"].as_str().unwrap()).to_vec();
    for id in &ids {
        assert_eq!(id.len(), 8);
        assert!(id.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)), "{id}");
    }
    assert_ne!(ids[0], ids[1]);
}
