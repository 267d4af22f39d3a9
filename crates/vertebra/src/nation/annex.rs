//! What the record of a person holds beside the FHIR Patient: the past, relatives, a card.

use super::calendar::YEAR;
use super::chance::{Chance, Field};
use super::contact;
use super::patient;
use super::person::{Keeping, Person};
use super::related;
use super::text::{Period, Text};
use super::world::World;

/// Writes the annex of a person's record, as `pds::Annex` would be written.
pub(super) fn write(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    match &person.keeping {
        Keeping::Active => text.put(r#"{"state":"active""#),
        Keeping::Superseded(by) => text.puts(&[r#"{"state":{"superseded":""#, by, r#""}"#]),
        Keeping::Invalidated => text.put(r#"{"state":"invalidated""#),
    };
    past_names(world, person, ids, text);
    past_addresses(world, person, ids, text);
    past_telecoms(world, person, ids, text);
    if person.gender == "other" {
        text.puts(&[r#","past_genders":[""#, related::gender_of(person.me.sex), r#""]"#]);
    }
    related::write(world, person, ids, text);
    coverage(world, person, text);
    text.put("}");
}

fn past_names(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let Some((maiden, wed)) = &person.me.maiden else { return };
    if patient::shown_maiden(person).is_some() {
        return;
    }
    text.put(r#","past_names":["#);
    let period = Period::between(person.me.born, wed - 1);
    patient::usual_name(world, person, ids, maiden, period, text);
    text.put("]");
}

fn past_addresses(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let (Some(since), Some(place)) = (person.before_since, &person.house.before) else { return };
    text.put(r#","past_addresses":["#);
    let period = Period::between(since, person.home_since - 1);
    patient::address(world, ids, place, "home", period, text);
    text.put("]");
}

/// Some who moved gave up a telephone with the house.
fn past_telecoms(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let (Some(since), Some(place)) = (person.before_since, &person.house.before) else { return };
    let chance = &mut Chance::new(world.seed, person.house.place.first, Field::FormerHome);
    if !chance.happens(25_000) {
        return;
    }
    let digits = contact::telephone(chance);
    text.put(r#","past_telecoms":["#);
    let period = Period::between(since, person.home_since - 1);
    let number = [place.town.dial, digits.as_str()];
    contact::telecom(world, ids, ("phone", "home"), &number, period, text);
    text.put("]");
}

/// A few have a card from another country that pays for their care.
fn coverage(world: &World, person: &Person<'_>, text: &mut Text) {
    const COUNTRIES: [((&str, &str, &str), u32); 6] = [
        (("FR", "FRA", "France"), 3),
        (("DE", "DEU", "Germany"), 3),
        (("ES", "ESP", "Spain"), 3),
        (("IE", "IRL", "Ireland"), 4),
        (("PL", "POL", "Poland"), 2),
        (("PT", "PRT", "Portugal"), 1),
    ];
    let chance = &mut Chance::new(world.seed, person.index, Field::Card);
    if !chance.happens(400) || person.me.died.is_some() {
        return;
    }
    let (short, code, name) = chance.weighted(&COUNTRIES, ("FR", "FRA", "France"));
    let mut digits = || 100_000_000 + u64::from(chance.below(900_000_000));
    let (card, personal, payer) = (digits(), digits(), digits() % 100_000);
    let end = world.today + 30 + (card % (2 * YEAR as u64)) as i32;
    text.put(r#","coverage":{"resourceType":"Coverage","status":"active","#);
    text.puts(&[
        r#""subscriber":{"type":"Patient","identifier":{"system":""#,
        nhs::url::NHS_NUMBER,
    ]);
    text.puts(&[r#"","value":""#, &person.number, r#""}},"identifier":[{"value":""#, short]);
    text.number(card).put(r#"","assigner":{"identifier":{"system":"urn:iso:std:iso:3166","#);
    text.puts(&[
        r#""value":""#,
        code,
        r#""},"display":""#,
        name,
        r#""}}],"payor":[{"identifier":"#,
    ]);
    text.puts(&[r#"{"value":""#, short]).number(payer);
    text.puts(&[r#""}}],"beneficiary":{"type":"Patient","identifier":{"value":""#, short]);
    text.number(personal);
    text.puts(&[
        r#""}},"period":{"end":""#,
        world.calendar.text(end.min(world.today + 790)),
        r#""}}"#,
    ]);
}
