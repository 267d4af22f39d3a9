//! What is refused, value by value and as a whole.

use serde_json::{Value, json};

use super::{JANE, and, but, create, language, new_patient, without};
use crate::tests::trial::{Ask, Trial};

#[rustfmt::skip]
fn wrong_values() -> Vec<(Value, &'static str, &'static str)> {
    vec![
        (without("", "name"), "MISSING_VALUE", "Missing value - 'name'"),
        (without("", "gender"), "MISSING_VALUE", "Missing value - 'gender'"),
        (without("", "birthDate"), "MISSING_VALUE", "Missing value - 'birthDate'"),
        (without("", "address"), "MISSING_VALUE", "Missing value - 'address'"),
        (without("", "extension"), "MISSING_VALUE", "Missing value - 'extension'"),
        (without("/name/0", "family"), "MISSING_VALUE", "Missing value - 'name/0/family'"),
        (without("/address/0", "use"), "MISSING_VALUE", "Missing value - 'address/0/use'"),
        (without("/address/0/period", "start"), "MISSING_VALUE", "Missing value - 'address/0/period/start'"),
        (but("/extension", json!([language()])), "MISSING_VALUE", "Missing value - 'extension/registeringAuthority'"),
        (but("/gender", json!("mal")), "INVALID_VALUE", "Invalid value - 'mal' in field 'gender'"),
        (but("/birthDate", json!("2019-01")), "INVALID_VALUE", "Invalid value - '2019-01' in field 'birthDate'"),
        (but("/name/0/family", json!("x".repeat(36))), "INVALID_VALUE", "Invalid value - 'xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx' in field 'name/0/family'"),
        (but("/extension/0/extension/0/valueCodeableConcept/coding/0/code", json!("z")), "INVALID_VALUE",
            "Invalid value - 'z' in field 'extension/0/extension/0/valueCodeableConcept/coding/0/code'"),
        (but("/extension/0/url", json!("urn:x")), "INVALID_VALUE", "Invalid value - 'urn:x' in field 'extension/0/url'"),
        (but("/telecom/0/value", json!("zoe at home")), "INVALID_VALUE", "Invalid value - 'zoe at home' in field 'telecom/0/value'"),
        (but("/gender", json!("other")), "UNSUPPORTED_VALUE", "Unsupported value - 'other' in field 'gender'"),
        (but("/name/0/use", json!("maiden")), "UNSUPPORTED_VALUE", "Unsupported value - 'maiden' in field 'name/0/use'"),
        (but("/address/0/use", json!("work")), "UNSUPPORTED_VALUE", "Unsupported value - 'work' in field 'address/0/use'"),
        (but("/name/0/given/0", json!("Zo<e")), "UNSUPPORTED_CHARACTERS_IN_FIELD", "Unsupported characters in field 'name/0/given/0'"),
        (and("", "pets", json!([])), "ADDITIONAL_PROPERTIES", "Invalid request with error - Additional properties are not allowed ('pets' was unexpected)"),
        (and("/name/0", "text", json!("Zoë")), "ADDITIONAL_PROPERTIES", "Invalid request with error - Additional properties are not allowed ('text' was unexpected)"),
        (and("", "id", json!(JANE)), "ADDITIONAL_PROPERTIES", "Invalid request with error - Additional properties are not allowed ('id' was unexpected)"),
        (but("/name", json!([])), "TOO_FEW_VALUES_SUBMITTED", "Too few values submitted in field 'name' - the least is 1"),
        (but("/name/0/given", json!(["A", "B", "C", "D", "E", "F"])), "TOO_MANY_VALUES_SUBMITTED", "Too many values submitted in field 'name/0/given' - the most is 5"),
        (but("/name", json!({})), "VALIDATION_ERROR", "Validation error in field 'name' - an array was expected"),
        (json!("a patient"), "VALIDATION_ERROR", "Validation error in the request body - an object was expected"),
    ]
}

#[tokio::test]
async fn what_is_sent_is_checked_value_by_value() {
    let trial = Trial::of(Vec::new()).await;
    for (body, code, diagnostics) in wrong_values() {
        let heard = create(&trial, &body).await;
        assert_eq!((heard.fault(), heard.diagnostics()), (format!("400 {code}"), diagnostics));
    }
    assert_eq!((trial.people(), trial.audited().len()), (0, 0));
}

#[tokio::test]
async fn what_is_sent_must_make_sense() {
    let trial = Trial::of(Vec::new()).await;
    let two = |list: &str| {
        let mut patient = new_patient();
        let item = patient[list][0].clone();
        patient[list].as_array_mut().unwrap().push(item);
        patient
    };
    let holiday = and("/address/0", "text", json!("Holiday Home"));
    let mut holiday_only = holiday.clone();
    holiday_only["address"][0]["use"] = json!("temp");
    holiday_only["address"][0]["period"] = json!({ "start": "2025-05-01", "end": "2025-06-01" });
    for (what, body, code) in [
        ("born tomorrow", but("/birthDate", json!("2025-05-21")), "INVALID_CREATE"),
        (
            "lives there from tomorrow",
            but("/address/0/period/start", json!("2025-05-21")),
            "INVALID_CREATE",
        ),
        (
            "moved out before moving in",
            and("/address/0/period", "end", json!("2019-12-31")),
            "INVALID_CREATE",
        ),
        ("no home", holiday_only, "INVALID_CREATE"),
        ("two homes", two("address"), "TOO_MANY_VALUES_SUBMITTED"),
        ("two e-mail addresses", two("telecom"), "TOO_MANY_VALUES_SUBMITTED"),
        ("no line", without("/address/0", "line"), "TOO_FEW_VALUES_SUBMITTED"),
    ] {
        let heard = create(&trial, &body).await;
        assert_eq!(heard.fault(), format!("400 {code}"), "{what}: {}", heard.diagnostics());
    }
}

#[tokio::test]
async fn a_body_that_is_no_json_is_refused() {
    let trial = Trial::of(Vec::new()).await;
    let deep = "[".repeat(10_000);
    for body in ["", "{", "\u{feff}{}", "nonsense", &deep] {
        let ask = Ask::post("worker", "/Patient", &json!({})).bytes(body.as_bytes());
        trial.clock.advance_ms(1_000);
        assert_eq!(trial.ask(ask).await.fault(), "400 VALIDATION_ERROR");
    }
    let ask = Ask::post("worker", "/Patient", &json!({})).bytes(b"{\"gender\": \"\xff\"}");
    assert_eq!(trial.ask(ask).await.fault(), "400 VALIDATION_ERROR");
}
