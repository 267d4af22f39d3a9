//! Which operations name what they change, and how lists move under them.

use http::StatusCode;
use serde_json::Value;

use super::{patch, patches, trial};

/// What is wrong, the patches, and a part of what is said.
#[rustfmt::skip]
const REFUSED: &[(&str, &str, &str)] = &[
    ("a field that is none", r#"add /pets "dog""#,
        "Invalid update with error - Update unsupported for resource - 'pets'"),
    ("a field that nobody sets", r#"replace /id "9000000017""#,
        "Update unsupported for resource - 'id'"),
    ("a field that nobody sets, inside", r#"replace /meta/versionId "7""#,
        "Update unsupported for resource - 'meta'"),
    ("a list as a whole", "replace /name []",
        "cannot be changed as a whole"),
    ("a list as a whole, removed", "remove /telecom",
        "cannot be changed as a whole"),
    ("an addition with an index", r#"add /name/0 {"use": "temp", "given": ["Joan"], "family": "Smyth"}"#,
        "must have path '/name/-'"),
    ("an addition with an id", r#"add /name/- {"id": "NAME0002", "use": "usual", "given": ["Jane"], "family": "Smith"}"#,
        "must not include an id"),
    ("a part of an unnamed item", r#"replace /name/0/family "Jones""#,
        "the id or url of the item must be given to change '/name/0/family'"),
    ("an addition inside an unnamed item", r#"add /name/0/given/- "Rose""#,
        "the id or url of the item must be given"),
    ("an item without its id", r#"replace /name/0 {"use": "usual", "given": ["Jane"], "family": "Smith"}"#,
        "the id or url of the item must be given"),
    ("an item with another's id", r#"replace /name/0 {"id": "NAME0002", "use": "usual", "given": ["Jane"], "family": "Smith"}"#,
        "does not match"),
    ("another id", r#"replace /name/0/id "NAME0009""#,
        "does not match"),
    ("an id taken away", r#"test /name/0/id "NAME0001" ; remove /name/0/id"#,
        "cannot be changed"),
    ("a part of another item than the named", r#"replace /name/0/id "NAME0001" ; replace /name/1/family "Jones""#,
        "the id or url of the item must be given"),
    ("another extension in its place", r#"replace /extension/1 {"url": "UKCore-NominatedPharmacy"}"#,
        "does not match"),
    ("a removal alone", "remove /name/1",
        "must immediately follow a test"),
    ("a removal after something else", r#"test /name/1/id "NAME0002" ; replace /gender "male" ; remove /name/1"#,
        "must immediately follow a test"),
    ("a removal after a test of another", r#"test /name/0/id "NAME0001" ; remove /name/1"#,
        "must immediately follow a test"),
    ("a removal after a test of a part", r#"test /name/1/family "Smith" ; remove /name/1"#,
        "must immediately follow a test"),
    ("a test that fails", r#"test /gender "male" ; replace /gender "male""#,
        "Invalid patch: Test operation failed"),
    ("a test of what is not there", r#"test /name/7/id "NAME0001""#,
        "Invalid patch: Test operation failed"),
    ("an item that is not there", r#"replace /name/7 {"use": "temp", "given": ["Joan"], "family": "Smyth"}"#,
        "Invalid patch: Cannot perform the operation at a path that does not exist"),
    ("a number that is none", r#"replace /name/-1/family "Jones""#,
        "Cannot perform the operation at a path that does not exist"),
    ("a replacement of nothing", r#"replace /deceasedDateTime "2020-01-01""#,
        "Cannot perform the operation at a path that does not exist"),
    ("indices that moved", r#"test /telecom/0/id "TELE0001" ; remove /telecom/0 ; test /telecom/2/id "TELE0003" ; remove /telecom/2"#,
        "Invalid patch: Test operation failed"),
];

/// What is done, the patches, a pointer into the answer, and what stands there.
#[rustfmt::skip]
const APPLIED: &[(&str, &str, &str, &str)] = &[
    ("a new item", r#"add /name/- {"use": "temp", "given": ["Joan"], "family": "Smyth"}"#,
        "/name/2/family", r#""Smyth""#),
    ("a new item's start", r#"add /name/- {"use": "temp", "given": ["Joan"], "family": "Smyth"}"#,
        "/name/2/period/start", r#""2025-05-20""#),
    ("an id given by a replacement", r#"replace /name/0/id "NAME0001" ; replace /name/0/family "Jones""#,
        "/name/0/family", r#""Jones""#),
    ("the period stays with a part", r#"replace /name/0/id "NAME0001" ; replace /name/0/family "Jones""#,
        "/name/0/period/start", r#""2020-01-01""#),
    ("an id given by an addition", r#"add /name/0/id "NAME0001" ; add /name/0/given/0 "Rose""#,
        "/name/0/given", r#"["Rose", "Jane"]"#),
    ("an id given by a test, long before", r#"test /name/0/id "NAME0001" ; replace /gender "male" ; add /name/0/given/- "Rose""#,
        "/name/0/given", r#"["Jane", "Rose"]"#),
    ("a list inside an item that was not there", r#"test /name/0/id "NAME0001" ; add /name/0/suffix/- "MBE""#,
        "/name/0/suffix", r#"["MBE"]"#),
    ("an item as a whole", r#"replace /name/0 {"id": "NAME0001", "use": "usual", "given": ["Jane"], "family": "Jones"}"#,
        "/name/0/family", r#""Jones""#),
    ("an item as a whole, then a part", r#"replace /name/1 {"id": "NAME0002", "use": "nickname", "period": {"start": "2020-01-01"}, "given": ["Janie"], "family": "Smith"} ; replace /name/1/given/0 "Jan""#,
        "/name/1/given", r#"["Jan"]"#),
    ("a removal by id", r#"test /name/1/id "NAME0002" ; remove /name/1"#,
        "/name/1", "null"),
    ("a removal by the whole", r#"test /name/1 {"id": "NAME0002", "use": "nickname", "period": {"start": "2020-01-01"}, "given": ["Janie"], "family": "Smith"} ; remove /name/1"#,
        "/name/1", "null"),
    ("a removal by url", r#"test /extension/3/url "birthPlace" ; remove /extension/3"#,
        "/extension/3/extension/0/url", r#""removalFromRegistrationCode""#),
    ("removals from the end", r#"test /telecom/2/id "TELE0003" ; remove /telecom/2 ; test /telecom/1/id "TELE0002" ; remove /telecom/1"#,
        "/telecom/0/id", r#""TELE0001""#),
    ("removals as indices move", r#"test /telecom/1/id "TELE0002" ; remove /telecom/1 ; test /telecom/1/id "TELE0003" ; remove /telecom/1"#,
        "/telecom/1", "null"),
    ("the last item of a list", r#"test /contact/0/id "CONT0001" ; remove /contact/0"#,
        "/contact", "null"),
    ("a part of an extension", r#"test /extension/1/url "UKCore-NHSCommunication" ; replace /extension/1/extension/1 {"url": "interpreterRequired", "valueBoolean": false}"#,
        "/extension/1/extension/1/valueBoolean", "false"),
    ("a single field", "remove /multipleBirthInteger",
        "/multipleBirthInteger", "null"),
    ("a title with a full stop", r#"test /name/0/id "NAME0001" ; replace /name/0/prefix/0 "Mrs.""#,
        "/name/0/prefix", r#"["Mrs"]"#),
    ("blank lines", r#"test /address/0/id "ADDR0001" ; replace /address/0/line ["", "23 Mill Lane", "", "Leeds", ""]"#,
        "/address/0/line", r#"["23 Mill Lane", "Leeds"]"#),
    ("nothing but a test", r#"test /gender "female""#,
        "/meta/versionId", r#""2""#),
];

#[tokio::test]
async fn patches_that_do_not_say_what_they_change_are_refused() {
    let trial = trial().await;
    for (what, written, text) in REFUSED {
        let heard = patch(&trial, &patches(written)).await;
        assert_eq!(heard.fault(), "400 INVALID_UPDATE", "{what}");
        assert!(heard.diagnostics().contains(text), "{what}: {}", heard.diagnostics());
    }
}

#[tokio::test]
async fn patches_that_do_are_applied() {
    for (what, written, pointer, expected) in APPLIED {
        let trial = trial().await;
        let heard = patch(&trial, &patches(written)).await;
        assert_eq!(heard.status, StatusCode::OK, "{what}: {}", heard.diagnostics());
        let found = heard.body.pointer(pointer).cloned().unwrap_or_default();
        assert_eq!(found, serde_json::from_str::<Value>(expected).unwrap(), "{what}");
    }
}

#[tokio::test]
async fn new_items_get_ids_of_eight_capital_hexadecimal_digits() {
    let trial = trial().await;
    let alias = r#"add /name/- {"use": "temp", "given": ["Joan"], "family": "Smyth"}"#;
    let heard = patch(&trial, &patches(&format!("{alias} ; {alias}"))).await;
    let ids = [2, 3].map(|at: usize| heard.body["name"][at]["id"].as_str().unwrap().to_owned());
    for id in &ids {
        assert_eq!(id.len(), 8);
        assert!(id.bytes().all(|b| b.is_ascii_digit() || (b'A'..=b'F').contains(&b)), "{id}");
    }
    assert_ne!(ids[0], ids[1]);
}
