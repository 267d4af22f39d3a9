//! Whatever is sent, either nothing changes or the record is one that keeps all rules.

use nhs::OdsCode;
use proptest::prelude::*;
use serde_json::{Value, json};

use super::{JANE, kept, trial, whole};
use crate::rule::{self, Context, Known, Occasion};
use crate::tests::trial::Ask;

fn paths() -> impl Strategy<Value = String> {
    let fixed = [
        "/gender",
        "/birthDate",
        "/deceasedDateTime",
        "/multipleBirthInteger",
        "/name/-",
        "/name/0",
        "/name/1",
        "/name/0/id",
        "/name/0/family",
        "/name/0/given/-",
        "/name/0/use",
        "/address/-",
        "/address/0",
        "/address/0/id",
        "/address/0/line",
        "/address/0/line/0",
        "/address/0/period",
        "/telecom/-",
        "/telecom/0",
        "/telecom/0/id",
        "/telecom/0/value",
        "/telecom/1/id",
        "/telecom/1",
        "/contact/-",
        "/contact/0/id",
        "/contact/0/telecom/0/system",
        "/generalPractitioner/-",
        "/extension/-",
        "/extension/0",
        "/extension/0/url",
        "/extension",
        "/managingOrganization",
        "/id",
        "/meta",
        "/a~1b",
        "/name/99",
        "/~",
    ];
    proptest::sample::select(fixed.to_vec()).prop_map(str::to_owned)
}

fn values() -> impl Strategy<Value = Value> {
    let name = json!({ "use": "temp", "given": ["Ann"], "family": "Other" });
    let fixed = [
        json!("male"),
        json!("other"),
        json!("1990-01-01"),
        json!("2999-01-01"),
        json!(3),
        json!(99),
        json!(null),
        json!([]),
        json!({}),
        json!("NAME0001"),
        json!("TELE0001"),
        json!("TELE0002"),
        json!("ADDR0001"),
        json!("CONT0001"),
        json!(nhs::url::NOMINATED_PHARMACY),
        name,
        json!({ "id": "NAME0001", "use": "usual", "family": "Jones", "given": ["Jo"] }),
        json!({ "use": "temp", "line": ["1 Row", "Leeds"], "text": "Second Home",
            "period": { "start": "2025-05-01", "end": "2025-06-01" } }),
        json!({ "system": "email", "value": "someone@example.com", "use": "work" }),
        json!({ "url": nhs::url::NOMINATED_PHARMACY,
            "valueReference": { "identifier": { "value": "FX123" } } }),
        json!({ "identifier": { "value": "b83001" } }),
        json!("fax"),
        json!("Zoë"),
        json!("\u{0}"),
    ];
    proptest::sample::select(fixed.to_vec())
}

fn operations() -> impl Strategy<Value = Value> {
    let ops = proptest::sample::select(vec!["add", "replace", "remove", "test"]);
    (ops, paths(), values())
        .prop_map(|(op, path, value)| json!({ "op": op, "path": path, "value": value }))
}

/// Patches that name what they change, so that many get as far as the rules.
fn well_meant() -> impl Strategy<Value = Vec<Value>> {
    #[rustfmt::skip]
    let fixed = [
        r#"test /name/0/id "NAME0001" ; replace /name/0/family "Jones""#,
        r#"test /name/1/id "NAME0002" ; remove /name/1"#,
        r#"add /name/- {"use": "nickname", "given": ["Jo"], "family": "Smith"}"#,
        r#"test /address/0/id "ADDR0001" ; replace /address/0/line ["", "2 Row", "", "York", ""]"#,
        r#"add /address/- {"use": "billing", "line": ["1 Row"], "period": {"start": "2025-05-01", "end": "2025-06-01"}}"#,
        r#"test /telecom/0/id "TELE0001" ; replace /telecom/0/value "01632960001""#,
        r#"test /telecom/0/id "TELE0001" ; remove /telecom/0"#,
        r#"add /telecom/- {"system": "phone", "use": "home", "value": "01632960002"}"#,
        r#"replace /gender "unknown""#,
        r#"test /extension/0/url "UKCore-NominatedPharmacy" ; remove /extension/0"#,
    ];
    let patches = |written: &str| super::patches(written).as_array().unwrap().clone();
    proptest::sample::select(fixed.to_vec()).prop_map(patches)
}

fn requests() -> impl Strategy<Value = Vec<Value>> {
    prop_oneof![
        prop::collection::vec(operations(), 1..4),
        prop::collection::vec(well_meant(), 1..4).prop_map(|groups| groups.concat()),
    ]
}

/// The rules for a record that comes of nothing hold for it, whatever it came of. A general
/// practice without a start, and the reason for leaving the register, are not what an update wrote.
fn keeps_all_rules(patient: &Value) {
    let known = ["Y12345", "B83001"].map(|code| (code, "gp-practice"));
    let known = known.into_iter().chain([("FA123", "pharmacy"), ("FX123", "pharmacy")]);
    let known = known.map(|(code, kind)| (OdsCode::parse(code).unwrap(), kind.to_owned()));
    let known: Known = known.collect();
    let context = Context {
        today: "2025-05-20".parse().unwrap(),
        occasion: Occasion::Update,
        formal_death: true,
        remove_practice: true,
        known: &known,
    };
    let mut patient = patient.clone();
    let extensions = patient["extension"].as_array_mut().unwrap();
    extensions.retain(|extension| extension["url"] != nhs::url::REMOVAL_FROM_REGISTRATION);
    rule::check(&json!({}), &patient, context)
        .unwrap_or_else(|fault| panic!("{} in {patient:#}", fault.public()));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn an_update_changes_nothing_or_keeps_all_rules(
        requests in prop::collection::vec(requests(), 1..25),
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let trial = trial().await;
            keeps_all_rules(&whole(JANE).patient);
            for patches in requests {
                let before = kept(&trial, JANE);
                let ask = Ask::patch("worker", JANE, before.version(), &json!(patches));
                let status = trial.ask(ask).await.status.as_u16();
                let after = kept(&trial, JANE);
                if status == 200 {
                    assert_eq!(after.version(), before.version() + 1);
                    keeps_all_rules(&after.patient);
                } else {
                    assert!((400..=409).contains(&status), "{status} to {patches:?}");
                    assert_eq!(after, before);
                }
            }
        });
    }
}
