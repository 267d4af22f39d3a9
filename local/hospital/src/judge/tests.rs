use serde_json::json;

use super::*;

/// A message about a referral that keeps all rules.
fn message() -> Value {
    let category =
        |system: &str, code: &str| json!({ "coding": [{ "system": system, "code": code }] });
    json!({
        "resourceType": "Bundle",
        "type": "message",
        "entry": [
            { "fullUrl": "urn:uuid:h", "resource": {
                "resourceType": "MessageHeader",
                "eventCoding": { "code": "servicerequest-request" },
                "source": { "endpoint": "here" },
                "reason": { "coding": [{ "code": "new" }] },
                "focus": [{ "reference": "urn:uuid:r" }],
            } },
            { "fullUrl": "urn:uuid:r", "resource": {
                "resourceType": "ServiceRequest",
                "id": "r",
                "meta": { "lastUpdated": "2026-11-22T10:00:00+00:00" },
                "status": "active",
                "category": [category(CATEGORIES, "referral"), category(USE_CASES, "a1t5")],
                "subject": { "reference": "urn:uuid:p" },
            } },
            { "fullUrl": "urn:uuid:p", "resource": { "resourceType": "Patient" } },
        ],
    })
}

fn judged(bundle: &Value) -> Result<What, Refusal> {
    judge(&Message::read(bundle).unwrap()).map(|asked| asked.what)
}

#[test]
fn a_reason_and_a_status_must_go_together() {
    let rows = [
        ("new", "active", Some(What::New)),
        ("update", "active", Some(What::Update)),
        ("update", "on-hold", Some(What::Update)),
        ("update", "revoked", Some(What::End)),
        ("delete", "entered-in-error", Some(What::End)),
        ("new", "revoked", None),
        ("new", "completed", None),
        ("update", "entered-in-error", None),
        ("delete", "revoked", None),
        ("delete", "active", None),
    ];
    for (reason, status, expected) in rows {
        let mut bundle = message();
        bundle["entry"][0]["resource"]["reason"]["coding"][0]["code"] = reason.into();
        bundle["entry"][1]["resource"]["status"] = status.into();
        let invariant = "ServiceRequest.status: it does not go with the reason of the message";
        let expected = expected.ok_or(Refusal::bad("invariant", invariant));
        assert_eq!(judged(&bundle), expected, "{reason} {status}");
    }
}

#[test]
fn each_rule_that_is_broken_is_named() {
    type Break = fn(&mut Value);
    let rows: [(Break, Refusal); 7] = [
        (
            |it| it["entry"][0]["resource"]["eventCoding"]["code"] = "booking-request".into(),
            Refusal::unprocessable("this department takes requests for a service only"),
        ),
        (
            |it| it["entry"][0]["resource"]["focus"][0]["reference"] = "urn:uuid:p".into(),
            Refusal::bad("required", "MessageHeader.focus: a ServiceRequest is required"),
        ),
        (
            |it| it["entry"][0]["resource"]["reason"]["coding"][0]["code"] = "other".into(),
            Refusal::bad("value", "MessageHeader.reason: it is new, update or delete"),
        ),
        (
            |it| it["entry"][1]["resource"]["id"] = "".into(),
            Refusal::bad("required", "ServiceRequest.id: it is required"),
        ),
        (
            |it| it["entry"][1]["resource"]["subject"] = json!({ "display": "Jane" }),
            Refusal::bad("required", "ServiceRequest.subject: the Patient must be in the message"),
        ),
        (
            |it| it["entry"][1]["resource"]["category"][0] = json!({}),
            Refusal::unprocessable(
                "ServiceRequest.category: the department takes referrals, and no other requests",
            ),
        ),
        (
            |it| it["entry"][1]["resource"]["category"][1]["coding"][0]["code"] = "a5t1".into(),
            Refusal::unprocessable(
                "ServiceRequest.category: the department takes referrals from 999 and from 111",
            ),
        ),
    ];
    for (break_it, expected) in rows {
        let mut bundle = message();
        break_it(&mut bundle);
        assert_eq!(judged(&bundle).unwrap_err(), expected);
    }
}

/// A request for a validation (999 to a clinical assessment service) that keeps all rules.
fn validation() -> Value {
    let mut bundle = message();
    bundle["entry"][1]["resource"]["category"][0]["coding"][0]["code"] = "validation".into();
    bundle["entry"][1]["resource"]["category"][1]["coding"][0]["code"] = "a4t1".into();
    let plan = json!({ "resourceType": "CarePlan", "status": "active" });
    let plan = json!({ "fullUrl": "urn:uuid:c", "resource": plan });
    bundle["entry"].as_array_mut().unwrap().push(plan);
    bundle
}

#[test]
fn a_request_for_validation_is_held_to_its_rules_before_it_is_sent_elsewhere() {
    type Break = fn(&mut Value);
    let bad = Refusal::bad;
    let invariant = "ServiceRequest.status: it does not go with the reason of the message";
    let elsewhere = Refusal::unprocessable(
        "ServiceRequest.category: the department takes referrals, and no other requests",
    );
    let rows: [(Break, Refusal); 9] = [
        (|_| {}, elsewhere),
        (
            |it| drop(it["entry"].as_array_mut().unwrap().pop()),
            bad("required", "CarePlan: a request for validation must have one"),
        ),
        (
            |it| it["entry"][3]["resource"]["status"] = "completed".into(),
            bad("invariant", "CarePlan.status: that of a request for validation must be active"),
        ),
        (
            |it| drop(it["entry"][3]["resource"].as_object_mut().unwrap().remove("status")),
            bad("invariant", "CarePlan.status: that of a request for validation must be active"),
        ),
        (|it| it["entry"][1]["resource"]["status"] = "revoked".into(), bad("invariant", invariant)),
        (
            |it| it["entry"][0]["resource"]["reason"]["coding"][0]["code"] = "delete".into(),
            bad("invariant", invariant),
        ),
        (
            |it| it["entry"][0]["resource"]["reason"] = json!({}),
            bad("value", "MessageHeader.reason: it is new, update or delete"),
        ),
        (
            |it| drop(it["entry"][1]["resource"].as_object_mut().unwrap().remove("meta")),
            bad("required", "ServiceRequest.meta.lastUpdated: is required"),
        ),
        (
            |it| it["entry"][1]["resource"]["subject"] = json!({ "display": "Jane" }),
            bad("required", "ServiceRequest.subject: the Patient must be in the message"),
        ),
    ];
    for (break_it, expected) in rows {
        let mut bundle = validation();
        break_it(&mut bundle);
        assert_eq!(judged(&bundle).unwrap_err(), expected);
    }
}
