//! How a person can be reached, and whom to ring for them.

use nhs::url;

use super::calendar::YEAR;
use super::chance::{Chance, Field};
use super::person::Person;
use super::text::{Period, Text};
use super::world::World;

/// The first digits of mobile numbers that are kept free for drama.
const MOBILE: &str = "07700900";

/// Writes how a person can be reached.
pub(super) fn telecoms(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let chance = &mut Chance::new(world.seed, person.index, Field::Contact);
    let years = (person.last_day(world) - person.me.born) / YEAR;
    let (has_mobile, has_email) = match years {
        ..12 => (false, false),
        12..75 => (chance.happens(80_000), chance.happens(55_000)),
        _ => (chance.happens(30_000), chance.happens(12_000)),
    };
    let before = text.len();
    text.put(r#","telecom":["#);
    let empty = text.len();
    if let Some(telephone) = &person.house.telephone {
        let period = Period::from(person.home_since);
        telecom(world, ids, ("phone", "home"), &[telephone], period, text);
    }
    if has_mobile {
        let period = Period::from(person.some_day(world, chance));
        telecom(world, ids, ("phone", "mobile"), &[MOBILE, &mobile(chance)], period, text);
    }
    if has_email {
        let period = Period::from(person.some_day(world, chance));
        telecom(world, ids, ("email", "home"), &[&email(person, chance)], period, text);
    }
    if has_mobile && chance.happens(700) {
        let period = Period::from(person.some_day(world, chance));
        telecom(world, ids, ("other", "home"), &[MOBILE, &mobile(chance)], period, text);
    }
    if text.len() == empty {
        text.truncate(before);
    } else {
        text.put("]");
    }
}

/// Writes a way to reach a person.
pub(super) fn telecom(
    world: &World,
    ids: &mut Chance,
    (system, usage): (&str, &str),
    value: &[&str],
    period: Period,
    text: &mut Text,
) {
    text.comma().put("{").item_id(ids).put(",").period(&world.calendar, period);
    text.puts(&[r#","system":""#, system, r#"","value":""#]).puts(value);
    text.puts(&[r#"","use":""#, usage, "\""]);
    if system == "other" {
        text.puts(&[r#","extension":[{"url":""#, url::OTHER_CONTACT_SYSTEM]);
        text.put(r#"","valueCoding":{"system":""#);
        text.put("https://fhir.hl7.org.uk/CodeSystem/UKCore-OtherContactSystem");
        text.put(r#"","code":"textphone","display":"Minicom (Textphone)"}}]"#);
    }
    text.put("}");
}

/// Writes whom to ring in an emergency: somebody of the household, as a rule.
pub(super) fn emergency(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let chance = &mut Chance::new(world.seed, person.index, Field::Contact);
    let roll = chance.below(100);
    let since = person.some_day(world, chance);
    if roll >= 22 || person.me.died.is_some() {
        return;
    }
    text.put(r#","contact":[{"#).item_id(ids).put(",").period(&world.calendar, Period::from(since));
    text.puts(&[r#","relationship":[{"coding":[{"system":""#, url::CONTACT_ROLE]);
    text.put(
        r#"","code":"C","display":"Emergency Contact"}]}],"telecom":[{"system":"phone","value":""#,
    );
    let kin = person.house.next_of_kin(person.position).is_some();
    match &person.house.telephone {
        Some(telephone) if kin => text.put(telephone),
        _ => text.puts(&[MOBILE, &mobile(chance)]),
    };
    text.put(r#""}]}]"#);
}

/// The last three digits of the telephone of a house. One is left out: 01632 960587 belongs to
/// a published person.
pub(super) fn telephone(chance: &mut Chance) -> String {
    let digits = chance.below(999);
    format!("{:03}", digits + u32::from(digits >= 587))
}

/// The last three digits of a mobile.
fn mobile(chance: &mut Chance) -> String {
    format!("{:03}", chance.below(1_000))
}

/// An e-mail address at one of the domains that are kept free for examples.
fn email(person: &Person<'_>, chance: &mut Chance) -> String {
    let mut local = String::with_capacity(40);
    plain(person.me.given, &mut local);
    local.push('.');
    plain(&person.me.family, &mut local);
    let number = chance.below(10_000);
    let domain = chance.one_of(&["example.com", "example.org", "example.net"]);
    format!("{local}{number}@{domain}")
}

/// Adds the letters of a name without what an e-mail address does not take.
fn plain(name: &str, to: &mut String) {
    for letter in name.chars() {
        match letter {
            'a'..='z' => to.push(letter),
            'A'..='Z' => to.push(letter.to_ascii_lowercase()),
            'á' | 'à' | 'ã' | 'ą' | 'Á' => to.push('a'),
            'é' | 'è' | 'ê' | 'ë' | 'ę' | 'É' => to.push('e'),
            'í' | 'ï' | 'ı' => to.push('i'),
            'ó' | 'ö' | 'ø' | 'ô' | 'Ó' => to.push('o'),
            'ú' | 'ü' | 'ū' => to.push('u'),
            'ń' | 'ñ' => to.push('n'),
            'ś' | 'ş' => to.push('s'),
            'ź' | 'ż' | 'Ż' => to.push('z'),
            'ł' | 'Ł' => to.push('l'),
            'ç' | 'ć' => to.push('c'),
            _ => {}
        }
    }
}
