use std::collections::{HashMap, HashSet};
use std::hash::Hasher;

use pds::Record;
use serde_json::Value;

use super::interesting::Interesting;
use super::population::{Population, Written};
use super::*;

fn people(seed: u64, count: u64) -> Vec<Written> {
    Population::new(&Plan::new(count, seed)).write(0, count)
}

/// FNV-1a, which no other version of a library will ever change.
struct Fnv(u64);

impl Hasher for Fnv {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01B3);
        }
    }
}

fn hash(people: &[Written]) -> u64 {
    let mut hash = Fnv(0xCBF2_9CE4_8422_2325);
    for person in people {
        hash.write(person.patient.as_bytes());
        hash.write(person.annex.as_bytes());
    }
    hash.finish()
}

#[test]
fn a_seed_gives_the_same_thousand_people_on_every_machine() {
    assert_eq!(
        hash(&people(1, 1_000)),
        9_168_275_355_053_760_163,
        "a seed is a promise: old nations must stay as they were"
    );
    assert_ne!(hash(&people(1, 1_000)), hash(&people(2, 1_000)), "another seed, other people");
}

#[test]
fn a_person_is_the_same_whoever_else_is_made() {
    let population = Population::new(&Plan::new(1, 7));
    let all = population.write(0, 500);
    for at in [0, 1, 47, 48, 49, 123, 499] {
        let alone = population.write(at, at + 1);
        assert_eq!(hash(&alone), hash(&all[at as usize..=at as usize]), "person {at}");
    }
}

#[test]
fn what_is_written_is_what_the_record_would_write() {
    for person in people(3, 3_000) {
        let record = person.record().unwrap();
        assert_eq!(record.patient.to_string(), person.patient);
        assert_eq!(serde_json::to_string(&record.annex).unwrap(), person.annex);
        assert_eq!(record.version(), person.version);
        let put = person.put();
        assert_eq!(put.body, record.encode());
        assert_eq!(put.terms, pds::index::terms(&record), "the index sees what it needs");
    }
}

#[test]
fn every_record_is_as_the_national_service_would_keep_it() {
    for person in people(1, 3_000) {
        check(&person.record().unwrap());
    }
}

/// Rules of the published document and of the updates that it allows.
fn check(record: &Record) {
    let patient = &record.patient;
    let number = patient["id"].as_str().unwrap();
    assert_eq!(patient["identifier"][0]["value"], number);
    let born = patient["birthDate"].as_str().unwrap();
    assert!(born <= "2026-01-01" && born > "1905-01-01", "{number}: {born}");
    let names = patient["name"].as_array().unwrap();
    assert_eq!(names.iter().filter(|name| name["use"] == "usual").count(), 1, "{number}");
    for list in ["name", "address", "telecom", "contact", "generalPractitioner"] {
        for item in patient[list].as_array().into_iter().flatten() {
            check_item(number, born, item);
        }
    }
    for address in patient["address"].as_array().unwrap().iter().chain(&record.annex.past_addresses)
    {
        check_address(number, address);
    }
    let past =
        [&record.annex.past_names, &record.annex.past_addresses, &record.annex.past_telecoms];
    for item in past.into_iter().flatten() {
        check_item(number, born, item);
        assert!(item["period"]["end"].is_string(), "{number}: {item}");
    }
    let died = patient["deceasedDateTime"].as_str();
    assert!(died.is_none_or(|died| died >= born), "{number}: died {died:?}, born {born}");
    let text = patient.to_string();
    assert_eq!(died.is_some(), text.contains("deathNotificationStatus"), "{number}");
    assert!((900..6_000).contains(&text.len()), "{number}: {} bytes", text.len());
}

fn check_item(number: &str, born: &str, item: &Value) {
    let id = item["id"].as_str().unwrap();
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'A'..=b'F').contains(&byte);
    assert!(id.len() == 8 && id.bytes().all(is_digit), "{number}: {item}");
    let period =
        if item["period"].is_object() { &item["period"] } else { &item["identifier"]["period"] };
    let start = period["start"].as_str().unwrap();
    assert!(start >= born && start <= "2026-01-01", "{number}: {item}");
    assert!(period["end"].as_str().is_none_or(|end| end >= start), "{number}: {item}");
}

fn check_address(number: &str, address: &Value) {
    let lines = address["line"].as_array().unwrap();
    assert!((4..=5).contains(&lines.len()), "{number}: {address}");
    for line in lines {
        let line = line.as_str().unwrap();
        assert!(!line.trim().is_empty() && line.chars().count() <= 35, "{number}: {line}");
    }
    let postcode = address["postalCode"].as_str().unwrap();
    let (out, inward) = postcode.split_once(' ').unwrap();
    assert!((2..=4).contains(&out.len()) && inward.len() == 3, "{number}: {postcode}");
    if address["use"] == "temp" {
        assert!(address["text"].is_string() && address["period"]["end"].is_string(), "{number}");
    }
}

#[test]
fn numbers_of_a_hundred_thousand_people_are_their_own() {
    let population = Population::new(&Plan::new(100_000, 1));
    let mut seen: HashSet<String> =
        sandbox::people().iter().map(|record| sandbox::number(record).to_owned()).collect();
    population.visit(0, 100_000, &mut |_, person| {
        assert!(person.number.starts_with('9'));
        assert!(nhs::NhsNumber::parse(&person.number).is_some(), "{}", person.number);
        assert!(seen.insert(person.number.clone()), "{} is there twice", person.number);
    });
}

#[test]
fn whoever_is_referred_to_is_there_and_in_use() {
    let people: HashMap<String, Record> =
        people(5, 6_000).iter().map(|it| (it.number.clone(), it.record().unwrap())).collect();
    let (mut merged, mut relatives) = (0, 0);
    for record in people.values() {
        if let pds::State::Superseded(by) = &record.annex.state {
            merged += 1;
            let kept = &people[by];
            assert_eq!(kept.annex.state, pds::State::Active);
            assert_eq!(kept.patient["birthDate"], record.patient["birthDate"]);
        }
        for relative in &record.annex.related {
            if let Some(number) = relative["patient"]["identifier"]["value"].as_str() {
                relatives += 1;
                assert_eq!(people[number].annex.state, pds::State::Active);
                assert_ne!(record.patient["id"], number);
            }
        }
    }
    assert!(merged > 3 && relatives > 500, "{merged} merged, {relatives} relatives");
}

#[test]
fn the_nation_is_as_mixed_as_a_country() {
    const PEOPLE: u64 = 50_000;
    let mut counts: HashMap<&str, u64> = HashMap::new();
    let population = Population::new(&Plan::new(PEOPLE, 1));
    population.visit(0, PEOPLE, &mut |world, person| {
        use super::person::Keeping;
        let mut count = |what| *counts.entry(what).or_default() += 1;
        match person.keeping {
            Keeping::Superseded(_) => count("superseded"),
            Keeping::Invalidated => count("invalidated"),
            Keeping::Active => {}
        }
        let known = [
            ("restricted", person.class == 'R'),
            ("dead", person.me.died.is_some()),
            ("twin", person.me.twin.is_some()),
            ("renamed", person.me.maiden.is_some()),
            ("moved", person.before_since.is_some()),
            ("unknown", person.gender == "unknown"),
            ("under age", world.today - person.me.born < 18 * calendar::YEAR),
            ("over 65", world.today - person.me.born > 65 * calendar::YEAR),
            ("Smith", person.me.family == "Smith"),
            ("double", person.me.family.contains('-')),
        ];
        known.into_iter().filter(|(_, so)| *so).for_each(|(what, _)| count(what));
    });
    // What, and between which shares of a hundred thousand.
    let expected = [
        ("superseded", 80, 350),
        ("invalidated", 15, 110),
        ("restricted", 200, 400),
        ("dead", 2_000, 9_000),
        ("twin", 200, 2_000),
        ("renamed", 5_000, 20_000),
        ("moved", 15_000, 40_000),
        ("unknown", 150, 500),
        ("under age", 15_000, 30_000),
        ("over 65", 12_000, 30_000),
        ("Smith", 800, 1_600),
        ("double", 1_000, 6_000),
    ];
    for (what, least, most) in expected {
        let share = counts.get(what).copied().unwrap_or_default() * 100_000 / PEOPLE;
        assert!((least..most).contains(&share), "{what}: {share} in a hundred thousand");
    }
}

#[test]
fn there_is_somebody_of_every_interest() {
    let shown = interesting(&Plan::new(20_000, 1));
    let reasons =
        ["restricted", "superseded", "invalidated", "twin", "deceased", "renamed", "moved"];
    for reason in reasons {
        let made_up =
            |it: &&Interesting| it.why.starts_with(reason) && !it.id.starts_with("90000000");
        assert!(shown.iter().find(made_up).is_some(), "nobody {reason}");
    }
    let published = interesting(&Plan::new(0, 1));
    assert_eq!(published.len(), 10);
    let known: HashSet<String> =
        sandbox::people().iter().map(|record| sandbox::number(record).to_owned()).collect();
    assert!(published.iter().all(|it| known.contains(&it.id)));
}

#[test]
fn a_sample_is_spread_over_the_nation() {
    assert_eq!(sample(&Plan::new(10_000, 1), 10).len(), 10);
    assert_eq!(sample(&Plan::new(3, 1), 10).len(), 3);
    assert_eq!(sample(&Plan::new(0, 1), 10).len(), 0);
}
