//! A person as the FHIR Patient of their record, in the order of members that the national
//! service uses.

use nhs::url;

use super::address::Address;
use super::calendar::{Day, YEAR};
use super::chance::{Chance, Field};
use super::contact;
use super::household::Role;
use super::names::Origin;
use super::person::{Keeping, Person};
use super::text::{Period, Text};
use super::town::PHARMACIES;
use super::world::World;

/// Writes the Patient of a person.
pub(super) fn write(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    head(person, text);
    names(world, person, ids, text);
    text.puts(&[r#","gender":""#, person.gender]);
    text.puts(&[r#"","birthDate":""#, world.calendar.text(person.me.born), "\""]);
    if let Some(order) = person.me.twin {
        text.put(r#","multipleBirthInteger":"#).number(u64::from(order));
    }
    if let Some(died) = person.me.died {
        text.put(r#","deceasedDateTime":"#).midnight(&world.calendar, died);
    }
    practice(world, person, ids, text);
    extensions(world, person, text);
    contact::telecoms(world, person, ids, text);
    contact::emergency(world, person, ids, text);
    addresses(world, person, ids, text);
    text.put("}");
}

fn head(person: &Person<'_>, text: &mut Text) {
    let number = &person.number;
    text.puts(&[r#"{"resourceType":"Patient","id":""#, number, r#"","identifier":[{"system":""#]);
    text.puts(&[url::NHS_NUMBER, r#"","value":""#, number, r#"","extension":[{"url":""#]);
    text.puts(&[url::NUMBER_VERIFICATION, r#"","valueCodeableConcept":{"coding":[{"system":""#]);
    text.puts(&[url::NUMBER_VERIFICATION_CODES, r#"","version":"1.0.0","code":"01","#]);
    text.put(r#""display":"Number present and verified"}]}}]}],"meta":{"versionId":""#);
    text.number(person.version()).puts(&[r#"","security":[{"system":""#, url::CONFIDENTIALITY]);
    text.put(match person.class {
        'R' => r#"","code":"R","display":"restricted"}]}"#,
        // The published document knows no display for very restricted.
        'V' => r#"","code":"V"}]}"#,
        _ => r#"","code":"U","display":"unrestricted"}]}"#,
    });
}

fn names(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let me = person.me;
    let since = me.maiden.as_ref().map_or(me.born, |(_, wed)| *wed);
    text.put(r#","name":["#);
    usual_name(world, person, ids, &me.family, Period::from(since), text);
    if let Some(nickname) = person.nickname {
        text.put(r",{").item_id(ids).put(r#","use":"nickname","#);
        text.period(&world.calendar, Period::from(me.born));
        text.puts(&[r#","given":[""#, nickname, r#""],"family":""#, &me.family, r#""}"#]);
    }
    if let Some((maiden, wed)) = shown_maiden(person) {
        text.put(r",{").item_id(ids).put(r#","use":"maiden","#);
        text.period(&world.calendar, Period::between(me.born, wed - 1)).put(r#","given":["#);
        text.strings([me.given]).puts(&[r#"],"family":""#, maiden, r#"","prefix":["Miss"]}"#]);
    }
    text.put("]");
}

/// Writes a name as the usual one.
pub(super) fn usual_name(
    world: &World,
    person: &Person<'_>,
    ids: &mut Chance,
    family: &str,
    period: Period,
    text: &mut Text,
) {
    text.put("{").item_id(ids).put(r#","use":"usual","#).period(&world.calendar, period);
    text.put(r#","given":["#).strings([person.me.given]).strings(person.middle.iter().copied());
    text.puts(&[r#"],"family":""#, family, r#"","prefix":[""#, person.title, r#""]}"#]);
}

/// The name before a marriage, when the record shows it. The others have it among what is past.
pub(super) fn shown_maiden<'a>(person: &Person<'a>) -> Option<(&'a str, Day)> {
    let (maiden, wed) = person.me.maiden.as_ref()?;
    person.index.is_multiple_of(2).then_some((maiden.as_str(), *wed))
}

fn practice(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    if person.removed.is_some() || person.keeping == Keeping::Invalidated {
        return;
    }
    text.put(r#","generalPractitioner":[{"#).item_id(ids);
    text.puts(&[r#","type":"Organization","identifier":{"system":""#, url::ODS_CODE]);
    text.puts(&[r#"","value":""#, &person.house.practice, r#"","#]);
    text.period(&world.calendar, Period::from(person.home_since)).put("}}]");
}

fn extensions(world: &World, person: &Person<'_>, text: &mut Text) {
    let chance = &mut Chance::new(world.seed, person.index, Field::Detail);
    let before = text.len();
    text.put(r#","extension":["#);
    let empty = text.len();
    if chance.happens(45_000) {
        let pharmacy = person.house.home.town.pharmacy(chance.below(PHARMACIES));
        text.organisation(url::NOMINATED_PHARMACY, &pharmacy);
    }
    death(world, person, chance, text);
    language(person, chance, text);
    preference(chance, text);
    birth_place(world, person, chance, text);
    removal(world, person, text);
    if text.len() == empty {
        text.truncate(before);
    } else {
        text.put("]");
    }
}

fn death(world: &World, person: &Person<'_>, chance: &mut Chance, text: &mut Text) {
    let Some(died) = person.me.died else { return };
    let told = (died + chance.between(1, 14)).min(world.today);
    let formal = chance.happens(85_000);
    let (code, display) = if formal {
        ("2", "Formal - death notice received from Registrar of Deaths")
    } else {
        (
            "1",
            "Informal - death notice received via an update from a local NHS Organisation \
             such as GP or Trust",
        )
    };
    text.comma().puts(&[r#"{"url":""#, url::DEATH_NOTIFICATION, r#"","extension":["#]);
    let coding = [url::DEATH_NOTIFICATION_CODES, "1.0.0", code, display];
    text.concept("deathNotificationStatus", &coding);
    text.put(r#",{"url":"systemEffectiveDate","valueDateTime":"#);
    text.midnight(&world.calendar, told).put("}]}");
}

fn language(person: &Person<'_>, chance: &mut Chance, text: &mut Text) {
    let spoken = match person.house.origin {
        Origin::British => [("cy", "Welsh"), ("cy", "Welsh"), ("q4", "British Sign Language")],
        Origin::Irish => [("ga", "Irish"); 3],
        Origin::Polish => [("pl", "Polish"), ("pl", "Polish"), ("ro", "Romanian")],
        Origin::Muslim => [("ur", "Urdu"), ("bn", "Bengali"), ("ar", "Arabic")],
        Origin::Indian => [("pa", "Panjabi"), ("gu", "Gujarati"), ("hi", "Hindi")],
        Origin::African => [("so", "Somali"), ("yo", "Yoruba"), ("fr", "French")],
        Origin::Chinese => [("zh", "Chinese"), ("zh", "Chinese"), ("vi", "Vietnamese")],
        Origin::Other => [("pt", "Portuguese"), ("es", "Spanish"), ("tr", "Turkish")],
    };
    let in_100_000 = if person.house.origin == Origin::British { 800 } else { 22_000 };
    let (code, display) = chance.weighted(&spoken.map(|it| (it, 1)), ("fr", "French"));
    let (speaks, interpreter) = (chance.happens(in_100_000), chance.happens(40_000));
    if !speaks {
        return;
    }
    text.comma().puts(&[r#"{"url":""#, url::COMMUNICATION, r#"","extension":["#]);
    text.concept("language", &[url::LANGUAGE_CODES, "1.0.0", code, display]);
    text.put(r#",{"url":"interpreterRequired","valueBoolean":"#);
    text.puts(&[if interpreter { "true" } else { "false" }, "}]}"]);
}

const FORMATS: &str =
    "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredWrittenCommunicationFormat";
const METHODS: &str = "https://fhir.hl7.org.uk/CodeSystem/UKCore-PreferredContactMethod";

fn preference(chance: &mut Chance, text: &mut Text) {
    if !chance.happens(6_000) {
        return;
    }
    text.comma().puts(&[r#"{"url":""#, url::CONTACT_PREFERENCE, r#"","extension":["#]);
    if chance.happens(30_000) {
        let formats =
            [(("11", "Large print"), 6), (("12", "Braille"), 1), (("13", "Audio tape"), 1)];
        let (code, display) = chance.weighted(&formats, ("11", "Large print"));
        text.concept("PreferredWrittenCommunicationFormat", &[FORMATS, "", code, display]);
    }
    let methods = [(("1", "Letter"), 3), (("3", "Telephone"), 4), (("4", "E-mail"), 4)];
    let (code, display) = chance.weighted(&methods, ("1", "Letter"));
    text.concept("PreferredContactMethod", &[METHODS, "", code, display]);
    let times = chance.one_of(&["Not after 7pm", "Mornings", "After school", "Weekdays only"]);
    text.puts(&[r#",{"url":"PreferredContactTimes","valueString":""#, times, r#""}]}"#]);
}

fn birth_place(world: &World, person: &Person<'_>, chance: &mut Chance, text: &mut Text) {
    if !chance.happens(50_000) {
        return;
    }
    let here = person.me.role == Role::Child || chance.happens(50_000);
    let town = if here { person.house.home.town } else { world.town(chance) };
    text.comma().puts(&[
        r#"{"url":""#,
        url::BIRTH_PLACE,
        r#"","valueAddress":{"city":""#,
        town.name,
    ]);
    text.puts(&[r#"","district":""#, town.county, r#"","country":""#, town.country, r#""}}"#]);
}

fn removal(world: &World, person: &Person<'_>, text: &mut Text) {
    let Some((code, display, when)) = person.removed else { return };
    text.comma().puts(&[r#"{"url":""#, url::REMOVAL_FROM_REGISTRATION, r#"","extension":["#]);
    let coding = [url::REMOVAL_REASON_CODES, "", code, display];
    text.concept("removalFromRegistrationCode", &coding);
    text.put(r#",{"url":"effectiveTime","valuePeriod":{"start":"#);
    text.midnight(&world.calendar, when).put("}}]}");
}

fn addresses(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    text.put(r#","address":["#);
    let home = &person.house.home;
    address(world, ids, home, "home", Period::from(person.home_since), text);
    stay(world, person, ids, text);
    text.put("]");
}

/// Some are for a while somewhere else: students above all.
fn stay(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let chance = &mut Chance::new(world.seed, person.index, Field::Stay);
    let years = (world.today - person.me.born) / YEAR;
    let student = (18..22).contains(&years);
    let in_100_000 = if student { 12_000 } else { 500 };
    if !chance.happens(in_100_000) || person.me.died.is_some() {
        return;
    }
    let kinds = ["Second Home", "Temporary Residence Address", "Holiday Home", "Mobile Home"];
    let kind = if student { "Student Accommodation" } else { chance.one_of(&kinds) };
    let start = world.today - chance.between(1, 50);
    let period = Period::between(start, start + chance.between(55, 90));
    let place = Address::new(world.town(chance), chance);
    address(world, ids, &place, &["temp\",\"text\":\"", kind].concat(), period, text);
}

/// Writes an address.
pub(super) fn address(
    world: &World,
    ids: &mut Chance,
    place: &Address,
    what: &str,
    period: Period,
    text: &mut Text,
) {
    text.comma().put("{").item_id(ids).put(",").period(&world.calendar, period);
    text.puts(&[r#","use":""#, what, r#"","line":"#, &place.lines]);
    text.puts(&[r#","postalCode":""#, &place.postcode, "\""]);
    if let Some((file, property)) = place.keys {
        text.put(r#","extension":["#);
        for (kind, value) in [("PAF", u64::from(file)), ("UPRN", property)] {
            text.comma().puts(&[r#"{"url":""#, url::ADDRESS_KEY]);
            text.puts(&[r#"","extension":[{"url":"type","valueCoding":{"system":""#]);
            text.puts(&[url::ADDRESS_KEY_TYPES, r#"","code":""#, kind]);
            text.put(r#""}},{"url":"value","valueString":""#).number(value).put(r#""}]}"#);
        }
        text.put("]");
    }
    text.put("}");
}
