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
