//! How long searches take among many people. Prints; asserts nothing of time.
//!
//! `cargo test -p pds --release -- --ignored --nocapture how_long_searches_take`

use std::time::Instant;

use base::{Clock, Dice};
use security::Mode;
use store::{Put, Store};

use super::nation::{name, patient, put, request};
use crate::search_patient::{criteria, find, search_patient};
use crate::{House, Record};

const PEOPLE: u64 = 200_000;
const CALLERS: usize = 8;
const SEARCHES: u64 = 2_000;

/// Family names and given names are common the way they are: the n-th is 1/n as common as the
/// first.
fn pick(dice: &Dice, names: usize) -> usize {
    let fraction = (dice.bits() >> 11) as f64 / (1_u64 << 53) as f64;
    ((names as f64).powf(fraction) as usize).min(names - 1)
}

fn family(number: usize) -> String {
    const FIRST: [&str; 8] =
        ["Smith", "Smyth", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson"];
    const START: [&str; 16] = [
        "Ash", "Bar", "Cal", "Den", "East", "Fen", "Gar", "Hol", "Kel", "Lang", "Mar", "Nor",
        "Rad", "Sto", "Thorn", "Wal",
    ];
    const MIDDLE: [&str; 16] = [
        "ber", "bor", "den", "der", "fer", "gen", "ing", "ker", "len", "min", "ner", "per", "rin",
        "ser", "ter", "win",
    ];
    const END: [&str; 8] = ["ton", "ley", "ford", "worth", "man", "well", "son", "by"];
    let fallback =
        || format!("{}{}{}", START[number % 16], MIDDLE[number / 16 % 16], END[number / 256 % 8]);
    FIRST.get(number).map_or_else(fallback, |first| (*first).to_owned())
}

fn given(number: usize) -> String {
    const START: [&str; 10] = ["Jan", "Jo", "Mar", "An", "Tho", "Pet", "Su", "Li", "Da", "Ro"];
    const END: [&str; 10] = ["e", "hn", "y", "n", "mas", "er", "san", "sa", "vid", "bert"];
    format!("{}{}", START[number % 10], END[number / 10 % 10])
}

fn date(dice: &Dice) -> String {
    let bits = dice.bits();
    format!("{}-{:02}-{:02}", 1930 + bits % 90, 1 + (bits >> 16) % 12, 1 + (bits >> 32) % 28)
}

fn person(dice: &Dice, number: u64) -> Record {
    let first = given(pick(dice, 100));
    let last = family(pick(dice, 2_000));
    let gender = if number.is_multiple_of(2) { "male" } else { "female" };
    let id = format!("{:010}", 9_000_000_000 + number);
    let mut record = patient(&id, &[&first, &given(pick(dice, 100))], &last, gender, &date(dice));
    if number.is_multiple_of(5) {
        let before = name("usual", &[&first], &family(pick(dice, 2_000)));
        record.annex.past_names.push(before);
    }
    record
}

fn populated(folder: &std::path::Path, dice: &Dice) -> House {
    let clock = Clock::System;
    let store = Store::open(folder, clock.clone(), dice).unwrap();
    let start = Instant::now();
    for batch in 0..PEOPLE / 10_000 {
        let people = (0..10_000).map(|at| person(dice, batch * 10_000 + at));
        let puts: Vec<Put> = people.map(|record| put(&record)).collect();
        store.resources().load(puts).unwrap();
    }
    println!("{PEOPLE} people loaded in {:.1} s", start.elapsed().as_secs_f64());
    House::new(store, clock, dice.clone())
}

/// A query of a kind, for names and dates that fall as they do among the people.
fn query(kind: &str, dice: &Dice) -> String {
    let (family, given, date) = (family(pick(dice, 2_000)), given(pick(dice, 100)), date(dice));
    let year = &date[..4];
    match kind {
        "exact" => format!("family={family}&given={given}&birthdate={date}"),
        "wildcard" => format!("family={}*&birthdate={date}", &family[..2]),
        "fuzzy" => {
            format!("family={family}&given={given}&birthdate={date}&_fuzzy-match=true")
        }
        "fuzzy without family" => format!(
            "given={given}&gender=male&address-postalcode=LS1 6AE&birthdate={date}\
             &_fuzzy-match=true"
        ),
        "a year" => {
            format!(
                "family={family}&given={given}&birthdate=ge{year}-01-01&birthdate=le{year}-12-31"
            )
        }
        "a year, wildcard" => format!(
            "family={}*&given={given}&birthdate=ge{year}-01-01&birthdate=le{year}-12-31",
            &family[..2]
        ),
        "Smith, ever, one phone" => {
            "family=Smith&birthdate=ge1900-01-01&phone=0000&gender=male".to_owned()
        }
        _ => "family=Sm*&birthdate=ge1900-01-01&given=Xx".to_owned(),
    }
}

const KINDS: [&str; 8] = [
    "exact",
    "wildcard",
    "fuzzy",
    "fuzzy without family",
    "a year",
    "a year, wildcard",
    "Smith, ever, one phone",
    "Sm*, ever, no such given name",
];

fn searches(kind: &str) -> u64 {
    if kind.contains("ever") { SEARCHES / 20 } else { SEARCHES }
}

#[ignore = "prints how long searches take; takes a minute"]
#[test]
fn how_long_searches_take() {
    let folder = tempfile::tempdir().unwrap();
    let house = populated(folder.path(), &Dice::seeded(7));
    for kind in KINDS {
        println!("{kind}, alone, without audit: {}", alone(&house, kind));
        println!("{kind}, {CALLERS} callers, with audit: {}", together(&house, &[kind]));
    }
    let mixed = together(&house, &["exact", "Sm*, ever, no such given name"]);
    println!("exact, half of {CALLERS} callers, the others ask for Sm*, ever: {mixed}");
}

fn alone(house: &House, kind: &str) -> String {
    let dice = Dice::seeded(3);
    let took = (0..searches(kind)).map(|_| {
        let query = request(Mode::Worker, &query(kind, &dice)).query;
        let start = Instant::now();
        let criteria = criteria::parse(&query, Mode::Worker).unwrap();
        let _ = find::find(&house.store.resources(), &criteria, false).unwrap();
        start.elapsed().as_secs_f64() * 1000.0
    });
    shares(took.collect())
}

/// The times of the first kind, while the callers ask for all kinds in turn.
fn together(house: &House, kinds: &[&'static str]) -> String {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
    let callers = (0..CALLERS).zip(kinds.iter().copied().cycle()).map(|(caller, kind)| {
        let (house, dice) = (house.clone(), Dice::seeded(caller as u64));
        let work = runtime.spawn(async move {
            let mut took = Vec::new();
            for _ in 0..searches(kind) / CALLERS as u64 {
                let request = request(Mode::Worker, &query(kind, &dice));
                let start = Instant::now();
                let reply = search_patient(house.clone(), request.into()).await.unwrap();
                assert_eq!(reply.status, 200);
                took.push(start.elapsed().as_secs_f64() * 1000.0);
            }
            took
        });
        (kind, work)
    });
    let callers: Vec<_> = callers.collect();
    let first = callers.into_iter().filter(|(kind, _)| Some(kind) == kinds.first());
    shares(first.flat_map(|(_, work)| runtime.block_on(work).unwrap()).collect())
}

fn shares(mut took: Vec<f64>) -> String {
    took.sort_by(f64::total_cmp);
    let at = |share: f64| took[((took.len() - 1) as f64 * share) as usize];
    format!("p50 {:.2} ms, p99 {:.2} ms", at(0.5), at(0.99))
}
