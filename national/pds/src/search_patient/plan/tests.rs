//! The plan finds everybody whom the comparison lets match.

use proptest::prelude::*;
use security::Mode;
use serde_json::{Value, json};

use super::{may_match, ranges};
use crate::search_patient::criteria::{self, Criteria};
use crate::search_patient::likeness;
use crate::{Record, index};

fn parse(pairs: &[(&str, String)]) -> Option<Criteria> {
    let query: Vec<(String, String)> =
        pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
    criteria::parse(&query, Mode::Worker).ok()
}

fn plan_of(query: &[(&str, &str)]) -> usize {
    let pairs: Vec<(&str, String)> =
        query.iter().map(|(name, value)| (*name, (*value).to_owned())).collect();
    ranges(&parse(&pairs).unwrap()).len()
}

#[test]
fn how_many_ranges_a_search_looks_through() {
    let table: [(&[(&str, &str)], usize); 8] = [
        (&[("family", "Smith"), ("birthdate", "1980-05-05")], 1),
        (&[("family", "Smith"), ("birthdate", "ge1900-01-01")], 1),
        (&[("family", "Sm*"), ("birthdate", "1980-05-05")], 1),
        (&[("family", "Sm*"), ("birthdate", "ge1980-05-05"), ("birthdate", "le1980-05-07")], 3),
        (&[("family", "Sm*"), ("birthdate", "ge1900-01-01")], 43),
        (&[("family", "Smith*"), ("birthdate", "ge1900-01-01")], 7),
        (
            &[
                ("family", "Smith"),
                ("given", "Jane"),
                ("birthdate", "1980-05-05"),
                ("_fuzzy-match", "true"),
            ],
            2,
        ),
        (
            &[
                ("given", "Jane"),
                ("gender", "female"),
                ("address-postcode", "LS16AE"),
                ("birthdate", "1980-05-05"),
                ("_fuzzy-match", "true"),
            ],
            1,
        ),
    ];
    for (query, count) in table {
        assert_eq!(plan_of(query), count, "{query:?}");
    }
}

/// Few names, so that many match, sound alike or are swapped.
fn name() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["Smith", "Smyth", "Smithson", "Jane", "Jayne", "Ann", "Weiß", "李"])
}

fn date() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["1980-05-05", "1980-05-06", "1980-06-01", "1999-12-31"])
}

fn gender() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["male", "female"])
}

fn postcode() -> impl Strategy<Value = &'static str> {
    prop::sample::select(vec!["LS1 6AE", "LS2 9JT", "DN17 4AA"])
}

fn written_name() -> impl Strategy<Value = Value> {
    let usage = prop::sample::select(vec!["usual", "nickname", "temp", "old", "maiden"]);
    (usage, name(), prop::collection::vec(name(), 0..3)).prop_map(
        |(usage, family, given)| json!({ "use": usage, "family": family, "given": given }),
    )
}

fn record() -> impl Strategy<Value = Record> {
    let names = prop::collection::vec(written_name(), 1..4);
    let past = prop::collection::vec(written_name(), 0..2);
    let class = prop::sample::select(vec!["U", "R", "V"]);
    (names, past, class, date(), gender(), gender(), postcode(), postcode()).prop_map(
        |(names, past, class, born, gender, once, postcode, before)| {
            let mut record = Record::new(json!({
                "meta": { "security": [{ "code": class }] },
                "name": names,
                "birthDate": born,
                "gender": gender,
                "address": [{ "postalCode": postcode }],
            }));
            record.annex.past_names = past;
            record.annex.past_genders = vec![once.into()];
            record.annex.past_addresses = vec![json!({ "postalCode": before })];
            record
        },
    )
}

/// A text, perhaps cut off and with a star.
fn pattern(texts: impl Strategy<Value = &'static str>) -> impl Strategy<Value = String> {
    (texts, prop::option::of(2_usize..5)).prop_map(|(text, cut)| match cut {
        Some(cut) => format!("{}*", text.chars().take(cut).collect::<String>()),
        None => text.to_owned(),
    })
}

fn dates() -> impl Strategy<Value = Vec<String>> {
    prop_oneof![
        date().prop_map(|date| vec![date.to_owned()]),
        date().prop_map(|date| vec![format!("ge{date}")]),
        (date(), date()).prop_map(|(from, to)| vec![format!("ge{from}"), format!("le{to}")]),
    ]
}

fn query() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let given = prop::collection::vec(pattern(name()), 0..3);
    let family = prop::option::of(pattern(name()));
    let place = prop::option::of(pattern(postcode()));
    (family, given, dates(), prop::option::of(gender()), place, any::<[bool; 2]>()).prop_map(
        |(family, given, dates, gender, place, [fuzzy, history])| {
            let mut query =
                vec![("_fuzzy-match", fuzzy.to_string()), ("_history", history.to_string())];
            query.extend(dates.into_iter().map(|date| ("birthdate", date)));
            query.extend(given.into_iter().map(|given| ("given", given)));
            query.extend(family.map(|family| ("family", family)));
            query.extend(gender.map(|gender| ("gender", gender.to_owned())));
            query.extend(place.map(|place| ("address-postalcode", place)));
            query
        },
    )
}

/// Whether the index leads to the record.
fn reached(criteria: &Criteria, record: &Record, sees_where: bool) -> bool {
    let ranges = ranges(criteria);
    index::terms(record).iter().any(|term| {
        ranges.iter().any(|range| {
            range.parameter == term.parameter
                && (&range.from..&range.to).contains(&&term.value)
                && may_match(criteria, term.parameter, &term.value, &term.cover, sees_where)
        })
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn whoever_matches_is_reached(
        record in record(),
        query in query(),
        sees_where in any::<bool>(),
    ) {
        if let Some(criteria) = parse(&query) {
            let matches = likeness::flaws(&criteria, &record, sees_where).is_some();
            prop_assert!(!matches || reached(&criteria, &record, sees_where));
        }
    }
}
