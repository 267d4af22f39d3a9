//! Who is found by what: a table for each rule.

use serde_json::json;

use super::nation::{Changes, Nation, patient};
use crate::record::{Record, State};

const DAY: &str = "1980-05-05";

/// The people: the last four digits name them in the tables.
fn people() -> Vec<Record> {
    let woman = |id: &str, given: &[&str], family: &str| patient(id, given, family, "female", DAY);
    let man = |id: &str, given: &[&str], family: &str| patient(id, given, family, "male", DAY);
    let home = |postcode: &str| json!([{ "use": "home", "postalCode": postcode }]);
    vec![
        woman("9000000001", &["Jane", "Mary"], "Smith"),
        woman("9000000002", &["Jayne"], "Smyth"),
        woman("9000000003", &["Janet"], "Smythe").class("R"),
        man("9000000004", &["John Paul", "James"], "Smith"),
        man("9000000005", &["Thomas"], "Adam"),
        man("9000000006", &["Adam"], "Thomas"),
        woman("9000000007", &["Pauline"], "attisón"),
        man("9000000008", &["Jürgen"], "Weiß"),
        man("9000000010", &["Sean"], "O'Reilly").also("nickname", &["Shay"], ""),
        woman("9000000011", &["Ann"], "Renamed").once(&["Ann"], "Hume").once_gender("male"),
        woman("9000000012", &["Moira"], "Moved")
            .with("address", home("DN17 4AA"))
            .once_at("LS2 9JT")
            .once_on("email", "old@example.com"),
        woman("9000000013", &["Amy"], "Twin"),
        woman("9000000014", &["Zoe"], "Twin"),
        man("9000000015", &["Dee"], "Ceased")
            .with("deceasedDateTime", json!("2020-02-03T10:00:00+00:00")),
        man("9000000016", &["Old"], "Merged").state(State::Superseded("9000000001".into())),
        man("9000000017", &["Old"], "Invalid").state(State::Invalidated),
        man("9000000018", &["Very"], "Restricted").class("V"),
        woman("9000000019", &["Wed"], "Married").also("maiden", &["Wed"], "Single"),
        patient("9000000020", &["Jane"], "Smith", "female", "1980-06-30"),
        man("9000000021", &["Other"], "Practice")
            .with("generalPractitioner", json!([{ "identifier": { "value": "A20047" } }])),
        woman("9000000022", &["Tess"], "Temp").also("temp", &["Tess"], "Witness").with(
            "address",
            json!([
                { "use": "home", "postalCode": "YO1 7HH" },
                { "use": "temp", "postalCode": "BD1 1HU" },
            ]),
        ),
    ]
}

/// Asks for each query and checks who is found; `birthdate` is added where there is none.
async fn check(table: &[(&str, &[&str])]) {
    let nation = Nation::of(people()).await;
    for (query, expected) in table {
        let dated =
            if query.contains("birthdate") { String::new() } else { format!("&birthdate={DAY}") };
        let found = nation.found(&format!("{query}{dated}")).await;
        assert_eq!(found, *expected, "{query}");
    }
}

#[tokio::test]
async fn by_family_name_and_birth_date() {
    check(&[
        ("family=Smith", &["0001", "0004"]),
        ("family=sMITH", &["0001", "0004"]),
        ("family=Smith&birthdate=eq1980-05-05", &["0001", "0004"]),
        ("family=Smith&birthdate=1980-05-06", &[]),
        ("family=Smith&birthdate=ge1980-05-01&birthdate=le1980-07-01", &["0001", "0004", "0020"]),
        ("family=Smith&birthdate=ge1980-05-06", &["0020"]),
        ("family=Smith&birthdate=le1980-06-29", &["0001", "0004"]),
        ("family=Smith&birthdate=ge1980-07-01&birthdate=le1980-05-01", &[]),
        ("family=Nobody", &[]),
        ("family=Smith&gender=female", &["0001"]),
        ("family=Smith&gender=unknown", &[]),
        ("family=Twin", &["0013", "0014"]),
        ("family=Twin&given=Zoe", &["0014"]),
    ])
    .await;
}

#[tokio::test]
async fn by_given_names() {
    check(&[
        ("family=Smith&given=Jane", &["0001"]),
        ("family=Smith&given=jane&given=MARY", &["0001"]),
        ("family=Smith&given=Mary", &["0001"]),
        ("family=Smith&given=Jane&given=Anne", &[]),
        ("family=Smith&given=John Paul", &["0004"]),
        ("family=Smith&given=John-Paul&given=James", &["0004"]),
        ("family=Smith&given=John", &[]),
        ("family=Smith&given=Joh*", &["0004"]),
        ("family=Smith&given=Jam*", &[]),
        ("family=O'Reilly&given=Shay", &["0010"]),
        ("family=OREILLY&given=Sean", &["0010"]),
        ("family=Witness&given=Tess", &["0022"]),
    ])
    .await;
}

#[tokio::test]
async fn with_accents_and_without() {
    check(&[
        ("family=attison", &["0007"]),
        ("family=ATTISÖN", &["0007"]),
        ("family=Weiss&given=Jurgen", &["0008"]),
        ("family=WEIß&given=jürgen", &["0008"]),
        ("family=Weis*", &["0008"]),
    ])
    .await;
}

#[tokio::test]
async fn with_wildcards() {
    check(&[
        ("family=Sm*", &["0001", "0002", "0003", "0004"]),
        ("family=Smy*", &["0002", "0003"]),
        ("family=Sm*e", &["0003"]),
        ("family=Smith*", &["0001", "0004"]),
        ("family=Sm*&birthdate=ge1980-01-01&birthdate=le1980-12-31&given=Jane", &["0001", "0020"]),
        ("family=Sm*&birthdate=ge1900-01-01&gender=male", &["0004"]),
        ("family=Sm*&birthdate=ge1980-05-04&birthdate=le1980-05-06&gender=male", &["0004"]),
        ("family=Smith&address-postalcode=LS*", &["0001", "0004"]),
        ("family=Smith&address-postalcode=DN*", &[]),
    ])
    .await;
}

#[tokio::test]
async fn by_where_and_how_to_reach_them() {
    check(&[
        ("family=Smith&address-postalcode=ls16ae", &["0001", "0004"]),
        ("family=Smith&address-postcode=LS1 6AE", &["0001", "0004"]),
        ("family=Temp&address-postalcode=BD1 1HU", &["0022"]),
        ("family=Practice&general-practitioner=a20047", &["0021"]),
        ("family=Practice&general-practitioner=Y12345", &[]),
        ("family=Smith&given=Jane&email=JANE@example.COM", &["0001"]),
        ("family=Smith&given=Jane&email=jane@example", &[]),
        ("family=Smith&given=Jane&phone=01632960001", &["0001"]),
        ("family=Smith&given=Jane&phone=01632960*", &[]),
        ("family=Smith&given=Jane&phone=01632960001&email=no@example.com", &[]),
    ])
    .await;
}

#[tokio::test]
async fn by_date_of_death() {
    check(&[
        ("family=Ceased&death-date=2020-02-03", &["0015"]),
        ("family=Ceased&death-date=ge2020-01-01&death-date=le2020-12-31", &["0015"]),
        ("family=Ceased&death-date=ge2020-02-04", &[]),
        ("family=Smith&death-date=2020-02-03", &[]),
    ])
    .await;
}

#[tokio::test]
async fn in_the_past() {
    check(&[
        ("family=Hume", &[]),
        ("family=Hume&_history=true", &["0011"]),
        ("family=Hume&given=Ann&_history=true", &["0011"]),
        ("family=Single&_history=false", &[]),
        ("family=Single&_history=true", &["0019"]),
        ("family=Moved&address-postalcode=LS2 9JT", &[]),
        ("family=Moved&address-postalcode=LS2 9JT&_history=true", &["0012"]),
        ("family=Moved&email=old@example.com", &[]),
        ("family=Moved&email=old@example.com&_history=true", &["0012"]),
        ("family=Hume&gender=male&_history=true", &[]),
        ("family=Hume&given=Ann&gender=male&_fuzzy-match=true", &["0011"]),
        ("family=Moved&given=Moira&address-postalcode=LS2 9JT&_fuzzy-match=true", &["0012"]),
    ])
    .await;
}

#[tokio::test]
async fn fuzzily() {
    check(&[
        ("family=Smith&given=Jane&_fuzzy-match=true", &["0001", "0002"]),
        ("family=Smyth&given=Jane&_fuzzy-match=true", &["0002", "0001"]),
        ("family=Smith&given=Jane&gender=male&_fuzzy-match=true", &[]),
        ("family=Adam&given=Thomas&_fuzzy-match=true", &["0005", "0006"]),
        ("family=Thomas&given=Adam&_fuzzy-match=true", &["0006", "0005"]),
        ("family=Adam&given=Tomas&_fuzzy-match=true", &["0005", "0006"]),
        ("family=ATTSÖN&given=Paulina&_fuzzy-match=true", &["0007"]),
        ("family=Smith&given=Jane&given=Xenia&_fuzzy-match=true", &["0001", "0002"]),
        ("family=Smith&given=Jane&death-date=2020-01-01&_fuzzy-match=true", &["0001", "0002"]),
        ("family=Practice&given=Other&general-practitioner=Y12345&_fuzzy-match=true", &["0021"]),
        ("family=Smith&given=Jane&email=no@example.com&_fuzzy-match=true", &[]),
        ("family=Smith&given=Jane&birthdate=1980-05-06&_fuzzy-match=true", &[]),
        (
            "_fuzzy-match=true&family=Smith&given=Jane&birthdate=ge1980-05-01",
            &["0020", "0001", "0002"],
        ),
        (
            "given=Jane&gender=female&address-postalcode=LS1 6AE&_fuzzy-match=true",
            &["0001", "0002"],
        ),
        ("given=Tomas&gender=male&address-postalcode=LS1 6AE&_fuzzy-match=true", &["0005"]),
        (
            "family=Smith&gender=female&address-postalcode=LS1 6AE&_fuzzy-match=true",
            &["0001", "0002"],
        ),
    ])
    .await;
}

#[tokio::test]
async fn exact_matches_only() {
    check(&[
        ("family=Smith&_exact-match=true", &["0001", "0004"]),
        ("family=Sm*&_exact-match=true", &[]),
        ("family=Hume&_history=true&_exact-match=true", &[]),
        ("family=O'Reilly&given=Shay&_exact-match=true", &[]),
        ("family=Smyth&given=Jayne&_fuzzy-match=true&_exact-match=true", &["0002"]),
    ])
    .await;
}

#[tokio::test]
async fn restricted_patients_are_found_unless_it_is_asked_where_they_are() {
    check(&[
        ("family=Smythe", &["0003"]),
        ("family=Smythe&address-postalcode=LS1 6AE", &[]),
        ("family=Smythe&address-postalcode=LS*", &[]),
        ("family=Smythe&general-practitioner=Y12345", &[]),
        ("family=Smythe&given=Janet&general-practitioner=Y12345&_fuzzy-match=true", &[]),
        ("family=Smythe&phone=01632960001&email=jane@example.com", &["0003"]),
        ("family=Smythe&phone=0&email=no@example.com", &["0003"]),
    ])
    .await;
}

#[tokio::test]
async fn records_that_nobody_may_find() {
    check(&[
        ("family=Merged", &[]),
        ("family=Invalid", &[]),
        ("family=Restricted", &[]),
        ("family=Restricted&given=Very&_fuzzy-match=true", &[]),
    ])
    .await;
}
