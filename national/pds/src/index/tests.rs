use jiff::civil::Date;
use proptest::prelude::*;
use serde_json::json;

use super::cover::Cover;
use super::{BORN, SOUND, behind, born_start, day, split, terms};
use crate::Record;
use crate::record::State;

fn smith() -> Record {
    let mut record = Record::new(json!({
        "id": "9000000009",
        "meta": { "security": [{ "code": "U" }] },
        "name": [
            { "use": "usual", "family": "Smith", "given": ["Jane", "Mary"] },
            { "use": "nickname", "given": ["Janey"] },
            { "use": "maiden", "family": "Jones", "given": ["Jane"] },
        ],
        "birthDate": "1980-05-05",
        "gender": "female",
        "address": [{ "postalCode": "LS1 6AE" }],
    }));
    record.annex.past_names = vec![json!({ "family": "Smith", "given": ["Joan"] })];
    record.annex.past_addresses = vec![json!({ "postalCode": "DN17 4AA" })];
    record.annex.past_genders = vec!["male".into()];
    record
}

#[test]
fn two_rows_for_each_family_name() {
    let terms = terms(&smith());
    let rows: Vec<_> = terms
        .iter()
        .map(|term| (term.parameter, split(term.parameter, &term.value).unwrap()))
        .collect();
    let day = [0x07, 0xbc, 5, 5];
    assert_eq!(
        rows,
        [
            (BORN, (day, "JONES")),
            (SOUND, (day, "JONES")),
            (BORN, (day, "SMITH")),
            (SOUND, (day, "SMITH"))
        ]
    );
    assert_eq!(terms[2].value, [&day[..], b"S530", b"SMITH"].concat());
    assert_eq!(terms[3].value, [&b"S530"[..], &day, b"SMITH"].concat());
}

#[test]
fn what_the_rows_carry_along() {
    let terms = terms(&smith());
    let (jones, smith) =
        (Cover::read(&terms[0].cover).unwrap(), Cover::read(&terms[2].cover).unwrap());
    assert!(jones.past && !smith.past);
    assert_eq!(jones.given().collect::<Vec<_>>(), ["JANE"]);
    assert_eq!(smith.given().collect::<Vec<_>>(), ["JANE", "JANEY", "JOAN", "MARY"]);
    assert_eq!(smith.postcodes().collect::<Vec<_>>(), ["DN174AA", "LS16AE"]);
    assert!(smith.has_gender("female", false));
    assert!(!smith.has_gender("male", false) && smith.has_gender("male", true));
    assert!(!smith.restricted);
}

#[test]
fn who_has_no_rows() {
    let mut merged = smith();
    merged.annex.state = State::Superseded("9000000017".into());
    let mut invalid = smith();
    invalid.annex.state = State::Invalidated;
    let mut hidden = smith();
    hidden.patient["meta"]["security"][0]["code"] = "V".into();
    let mut undated = smith();
    undated.patient["birthDate"] = "1980".into();
    let mut nameless = smith();
    nameless.patient["name"] = json!([]);
    nameless.annex.past_names.clear();
    for record in [merged, invalid, hidden, undated, nameless, Record::new(json!({}))] {
        assert_eq!(terms(&record), []);
    }
}

#[test]
fn what_is_behind_a_beginning() {
    assert_eq!(behind(b"SM").unwrap(), b"SN");
    assert_eq!(behind(&[1, 255]).unwrap(), [2]);
    assert_eq!(behind(&[255]), None);
}

fn date() -> impl Strategy<Value = Date> {
    (1800_i16..2200, 1_i8..13, 1_i8..29)
        .prop_map(|(year, month, day)| jiff::civil::date(year, month, day))
}

proptest! {
    #[test]
    fn days_sort_as_dates_do(one in date(), other in date()) {
        prop_assert_eq!(one.cmp(&other), day(one).cmp(&day(other)));
    }

    #[test]
    fn a_beginning_holds_what_begins_like_it(name in "[A-Z]{1,10}", more in "[A-Z]{0,10}") {
        let start = born_start([0; 4], b"A000", &name);
        let whole = born_start([0; 4], b"A000", &format!("{name}{more}"));
        prop_assert!(start <= whole && whole < behind(&start).unwrap());
    }
}
