//! What an update answers: the order of checks, what applies and what is refused, and what is left
//! behind. The rules of each field are tried in `rule/tests.rs`.

use http::StatusCode;
use serde_json::{Value, json};

use crate::Record;
use crate::record::{Annex, KIND, State};
use crate::tests::trial::{Ask, Heard, Trial, beside, person, restricted};

mod permission;
mod person_whole;
mod property;
mod structure;

pub(super) use person_whole::whole;

const JANE: &str = "9000000009";
const OLD: &str = "9000000017";
const GONE: &str = "9000000025";
const STRANGER: &str = "9111231130";

/// Jane, whole; a number merged into hers; and a number that is nobody's any more.
async fn trial() -> Trial {
    let of = |number, state| {
        let record = person(number, ("Jane", "Smith"), "1990-10-22", "LS1 6AE");
        beside(record, Annex { state, ..Annex::default() })
    };
    Trial::of(vec![
        whole(JANE),
        of(OLD, State::Superseded(JANE.into())),
        of(GONE, State::Invalidated),
    ])
    .await
}

async fn patch(trial: &Trial, patches: &Value) -> Heard {
    trial.ask(Ask::patch("worker", JANE, 1, patches)).await
}

/// The record as it is kept.
fn kept(trial: &Trial, number: &str) -> Record {
    let stored = trial.house.store.resources().get(KIND, number).unwrap().unwrap();
    Record::decode(&stored.body).unwrap()
}

/// Patches as the tables write them: `test /name/0/id "N1" ; remove /name/0`. `UKCore-` stands for
/// the address of a national extension.
fn patches(written: &str) -> Value {
    let national = "\"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-";
    let born = format!("\"{}\"", nhs::url::BIRTH_PLACE);
    let written = written.replace("\"UKCore-", national).replace("\"birthPlace\"", &born);
    let one = |patch: &str| {
        let (op, rest) = patch.split_once(' ').unwrap();
        let (path, value) = rest.split_once(' ').unwrap_or((rest, "null"));
        let value: Value = serde_json::from_str(value).unwrap();
        json!({ "op": op, "path": path, "value": value })
    };
    written.split(" ; ").map(one).collect()
}

fn male() -> Value {
    json!([{ "op": "replace", "path": "/gender", "value": "male" }])
}

#[tokio::test]
async fn an_update_answers_with_the_whole_new_record() {
    let trial = trial().await;
    let heard = patch(&trial, &male()).await;
    assert_eq!(heard.status, StatusCode::OK);
    assert_eq!(heard.header("etag"), "W/\"2\"");
    let mut expected = whole(JANE).patient;
    expected["gender"] = json!("male");
    expected["meta"]["versionId"] = json!("2");
    assert_eq!(heard.body, expected);
    assert_eq!(trial.ask(Ask::get("worker", "/Patient/9000000009")).await.body, expected);
    let audited = trial.audited();
    assert_eq!(audited[0], ("update-patient-partial".to_owned(), 200, 1));
}

/// Everything wrong at once, put right one thing at a time: what is told first stands first.
#[tokio::test]
async fn checks_come_in_the_order_of_the_national_service() {
    let trial = trial().await;
    let wrong = json!([{ "op": "replace", "path": "/gender", "value": "wrong" }]);
    let ask = |number: &str, version: u64, patches: &Value| {
        Ask::patch("worker", number, version, patches)
    };
    let text = "If-Match header must be supplied to update this resource";
    let cases: Vec<(Ask, &str, &str)> = vec![
        (
            Ask::patch("application", "1", 9, &wrong).with("x-request-id", ""),
            "403 INVALID_METHOD",
            "insufficient permissions to use this method",
        ),
        (
            ask("9000000000", 9, &wrong).with("if-match", "").with("x-request-id", ""),
            "400 MISSING_VALUE",
            "X-Request-ID header must be supplied",
        ),
        (
            ask("9000000000", 9, &wrong).with("if-match", "").with("content-type", ""),
            "400 INVALID_RESOURCE_ID",
            "",
        ),
        (
            ask(STRANGER, 9, &wrong).with("if-match", "").with("content-type", ""),
            "404 RESOURCE_NOT_FOUND",
            "",
        ),
        (ask(GONE, 9, &wrong).with("if-match", ""), "404 INVALIDATED_RESOURCE", ""),
        (ask(OLD, 1, &wrong), "404 INVALIDATED_RESOURCE", ""),
        (
            ask(JANE, 9, &wrong).with("if-match", "").with("content-type", ""),
            "412 PRECONDITION_FAILED",
            text,
        ),
        (ask(JANE, 9, &wrong).with("if-match", "2"), "412 PRECONDITION_FAILED", text),
        (ask(JANE, 9, &wrong).with("if-match", "W/\"\""), "412 PRECONDITION_FAILED", text),
        (ask(JANE, 9, &wrong).with("if-match", "W/\"x\""), "412 PRECONDITION_FAILED", text),
        (ask(JANE, 9, &wrong).with("content-type", ""), "400 UNSUPPORTED_SERVICE", ""),
        (
            ask(JANE, 9, &wrong).with("content-type", "application/json").bytes(b"{"),
            "400 UNSUPPORTED_SERVICE",
            "",
        ),
        (ask(JANE, 9, &wrong).bytes(b"{"), "400 INVALID_UPDATE", "not valid JSON"),
        (ask(JANE, 9, &json!([])), "400 INVALID_UPDATE", "No patches found"),
        (ask(JANE, 9, &wrong), "409 RESOURCE_VERSION_MISMATCH", ""),
        (ask(JANE, 0, &wrong), "409 RESOURCE_VERSION_MISMATCH", ""),
        (
            ask(JANE, 1, &wrong).with("if-match", "W/\"99999999999999999999999\""),
            "409 RESOURCE_VERSION_MISMATCH",
            "",
        ),
        (ask(JANE, 1, &wrong), "400 INVALID_VALUE", "Invalid value - 'wrong' in field 'gender'"),
    ];
    for (number, (ask, fault, text)) in cases.into_iter().enumerate() {
        let heard = trial.ask(ask).await;
        assert_eq!(heard.fault(), fault, "case {number}");
        assert!(heard.diagnostics().contains(text), "case {number}: {}", heard.diagnostics());
    }
    assert_eq!(kept(&trial, JANE), whole(JANE), "nothing changed");
    let typed =
        ask(JANE, 1, &male()).with("content-type", "Application/JSON-Patch+json; charset=utf-8");
    assert_eq!(trial.ask(typed).await.status, StatusCode::OK);
}

#[tokio::test]
async fn bodies_that_are_no_patches_are_refused() {
    let trial = trial().await;
    let same = json!({ "op": "test", "path": "/gender", "value": "female" });
    let many = json!({ "patches": vec![same; 201] });
    let deep = format!("{{\"patches\":{}{}}}", "[".repeat(5_000), "]".repeat(5_000));
    let one = |patch: &str| format!("{{\"patches\":[{patch}]}}");
    let cases = [
        (String::new(), "INVALID_UPDATE", "Invalid update with error - No patches found"),
        ("{}".into(), "INVALID_UPDATE", "No patches found"),
        (r#"{"patches":null}"#.into(), "INVALID_UPDATE", "No patches found"),
        (r#"{"patches":[]}"#.into(), "INVALID_UPDATE", "No patches found"),
        (
            r#"{"patches":{}}"#.into(),
            "INVALID_UPDATE",
            "Invalid patch: Patch sequence must be an array",
        ),
        ("[]".into(), "INVALID_UPDATE", "is not a JSON object"),
        ("\u{feff}{}".into(), "INVALID_UPDATE", "is not valid JSON"),
        (deep, "INVALID_UPDATE", "is not valid JSON"),
        (many.to_string(), "TOO_MANY_VALUES_SUBMITTED", "'patches' can hold 200"),
        (one("1"), "INVALID_UPDATE", "Invalid patch: Operation is not an object"),
        (one(r#"{"path":"/gender"}"#), "INVALID_UPDATE", "`op` property is not one of operations"),
        (one(r#"{"op":"move","path":"/a","from":"/b"}"#), "INVALID_UPDATE", "`op` property"),
        (one(r#"{"op":"add","value":1}"#), "INVALID_UPDATE", "`path` property is not a string"),
        (one(r#"{"op":"add","path":"gender","value":1}"#), "INVALID_UPDATE", "must start with"),
        (one(r#"{"op":"add","path":"","value":{}}"#), "INVALID_UPDATE", "must start with"),
        (
            one(r#"{"op":"add","path":"/gender"}"#),
            "INVALID_UPDATE",
            "`value` property is not present",
        ),
    ];
    for (body, code, text) in cases {
        let ask = Ask::patch("worker", JANE, 1, &json!([])).bytes(body.as_bytes());
        let heard = trial.ask(ask).await;
        assert_eq!(heard.fault(), format!("400 {code}"), "{body:.60}");
        assert!(heard.diagnostics().contains(text), "{body:.60}: {}", heard.diagnostics());
    }
}

/// Word for word as the published document has it; the second is no error but information.
#[tokio::test]
async fn refusals_read_as_published() {
    let trial = trial().await;
    let outcome = |severity: &str, issue: &str, code: &str, display: &str, text: &str| {
        let system = "https://fhir.nhs.uk/R4/CodeSystem/Spine-ErrorOrWarningCode";
        let coding = json!({ "system": system, "version": "1", "code": code, "display": display });
        json!({ "resourceType": "OperationOutcome", "issue": [{ "severity": severity,
            "code": issue, "details": { "coding": [coding] }, "diagnostics": text }] })
    };
    let text = "Invalid update with error - Update unsupported for resource - 'pets'";
    let expected = outcome("error", "structure", "INVALID_UPDATE", "Update is invalid", text);
    assert_eq!(patch(&trial, &patches(r#"add /pets "dog""#)).await.body, expected);
    let text = "Forbidden update with error - gender cannot be removed";
    let expected =
        outcome("information", "forbidden", "FORBIDDEN_UPDATE", "Update is forbidden", text);
    assert_eq!(patch(&trial, &patches("remove /gender")).await.body, expected);
}

/// Where an update names an organisation, with `CODE` for its code.
#[rustfmt::skip]
const NAMED: [(&str, &str); 3] = [
    ("generalPractitioner/0/identifier/value", r#"test /generalPractitioner/0/id "PRAC0001" ; replace /generalPractitioner/0/identifier/value "CODE""#),
    ("managingOrganization/identifier/value", r#"add /managingOrganization {"identifier": {"value": "CODE"}}"#),
    ("extension/0/valueReference/identifier/value", r#"replace /extension/0 {"url": "UKCore-NominatedPharmacy", "valueReference": {"identifier": {"value": "CODE"}}}"#),
];

/// A practice, a pharmacy, a hospital, and what the directory does not have.
#[tokio::test]
async fn organisations_that_the_directory_does_not_have_are_refused() {
    let practice = [("b83001", true), ("FB999", false), ("R1X", false), ("B83002", false)];
    let pharmacy = [("b83001", true), ("FB999", true), ("R1X", false), ("FB998", false)];
    for ((place, written), codes) in NAMED.into_iter().zip([practice, practice, pharmacy]) {
        for (code, taken) in codes {
            let trial = trial().await;
            let heard = patch(&trial, &patches(&written.replace("CODE", code))).await;
            if taken {
                assert_eq!(heard.status, StatusCode::OK, "{place}: {}", heard.diagnostics());
                continue;
            }
            assert_eq!(heard.fault(), "400 INVALID_VALUE", "{code} in {place}");
            let why = format!("Invalid value - '{code}' in field '{place}'");
            assert_eq!(heard.diagnostics(), why);
            assert_eq!(kept(&trial, JANE), whole(JANE), "nothing changed");
        }
    }
}

/// Old records name practices that are gone. They can be updated all the same.
#[tokio::test]
async fn an_organisation_that_is_gone_may_stay_where_it_stood() {
    let mut record = whole(JANE);
    record.patient["generalPractitioner"][0]["identifier"]["value"] = json!("Z99999");
    let trial = Trial::of(vec![record]).await;
    let patches = json!([
        { "op": "replace", "path": "/gender", "value": "male" },
        { "op": "test", "path": "/generalPractitioner/0/id", "value": "PRAC0001" },
        { "op": "replace", "path": "/generalPractitioner/0/identifier/period/start",
          "value": "2020-02-02" },
    ]);
    let heard = patch(&trial, &patches).await;
    assert_eq!(heard.status, StatusCode::OK, "{}", heard.diagnostics());
    assert_eq!(heard.body["generalPractitioner"][0]["identifier"]["value"], "Z99999");
}

#[tokio::test]
async fn one_of_two_updates_of_the_same_version_wins() {
    let trial = trial().await;
    for version in 1..=20 {
        let one = male();
        let other = json!([{ "op": "replace", "path": "/gender", "value": "unknown" }]);
        let (a, b) = tokio::join!(
            trial.ask(Ask::patch("worker", JANE, version, &one)),
            trial.ask(Ask::patch("worker", JANE, version, &other)),
        );
        let mut statuses = [a.status.as_u16(), b.status.as_u16()];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409], "version {version}");
        assert_eq!(kept(&trial, JANE).version(), version + 1);
    }
}

#[tokio::test]
async fn what_leaves_a_record_is_remembered_for_searches_of_the_past() {
    let trial = trial().await;
    let before = whole(JANE).patient;
    let patches = json!([
        { "op": "test", "path": "/name/0/id", "value": "NAME0001" },
        { "op": "replace", "path": "/name/0/family", "value": "Jones" },
        { "op": "test", "path": "/address/0/id", "value": "ADDR0001" },
        { "op": "replace", "path": "/address/0/postalCode", "value": "LS2 7AB" },
        { "op": "test", "path": "/telecom/0/id", "value": "TELE0001" },
        { "op": "remove", "path": "/telecom/0" },
        { "op": "replace", "path": "/gender", "value": "male" },
    ]);
    assert_eq!(patch(&trial, &patches).await.status, StatusCode::OK);
    let record = kept(&trial, JANE);
    assert_eq!(record.annex.past_names, [before["name"][0].clone()]);
    assert_eq!(record.annex.past_addresses, [before["address"][0].clone()]);
    assert_eq!(record.annex.past_telecoms, [before["telecom"][0].clone()]);
    assert_eq!(record.annex.past_genders, ["female"]);
}

#[tokio::test]
async fn a_title_alone_or_a_date_is_no_past() {
    let trial = trial().await;
    let patches = json!([
        { "op": "test", "path": "/name/0/id", "value": "NAME0001" },
        { "op": "replace", "path": "/name/0/prefix/0", "value": "Dr" },
        { "op": "replace", "path": "/birthDate", "value": "1990-10-23" },
    ]);
    assert_eq!(patch(&trial, &patches).await.status, StatusCode::OK);
    assert_eq!(kept(&trial, JANE).annex, Annex::default());
}

#[tokio::test]
async fn a_search_finds_the_new_and_with_history_the_old() {
    let trial = trial().await;
    let patches = json!([
        { "op": "test", "path": "/name/0/id", "value": "NAME0001" },
        { "op": "replace", "path": "/name/0/family", "value": "Jones" },
    ]);
    assert_eq!(patch(&trial, &patches).await.status, StatusCode::OK);
    let found = async |query: &str| {
        let target = format!("/Patient?birthdate=eq1990-10-22&{query}");
        trial.ask(Ask::get("worker", &target)).await.body["total"].clone()
    };
    assert_eq!(found("family=Jones&given=Jane").await, json!(1));
    assert_eq!(found("family=Smith&given=Jane").await, json!(0));
    assert_eq!(found("family=Smith&given=Jane&_history=true").await, json!(1));
}
