//! Who a person's relatives are: by the number of their own record, or by name and address.

use nhs::url;

use super::chance::{Chance, Field};
use super::household::Role;
use super::names::Sex;
use super::patient;
use super::person::{Person, text_of};
use super::text::{Period, Text};
use super::world::World;

const ROLES: &str = "http://hl7.org/fhir/ValueSet/relatedperson-relationshiptype";
const COPY_LETTERS: &str =
    "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-CopyCorrespondenceIndicator";
const RANK: &str = "https://fhir.nhs.uk/R4/StructureDefinition/Extension-UKCore-ContactRank";

/// The gender that goes with a sex.
pub(super) fn gender_of(sex: Sex) -> &'static str {
    match sex {
        Sex::Female => "female",
        Sex::Male => "male",
    }
}

/// Writes the relatives of a person: a parent for children, the next of kin for some others.
pub(super) fn write(world: &World, person: &Person<'_>, ids: &mut Chance, text: &mut Text) {
    let chance = &mut Chance::new(world.seed, person.index, Field::Related);
    let (wanted, of_own) = (chance.below(100), chance.happens(60_000));
    let house = person.house;
    let parent = house.parent_of(person.position).filter(|_| wanted < 85);
    let spouse = house
        .next_of_kin(person.position)
        .filter(|_| wanted < 15 && person.me.role == Role::Adult && person.me.died.is_none());
    let Some(position) = parent.or(spouse) else { return };
    let Some(relative) = house.members.get(position) else { return };
    let (code, display) = match (parent.is_some(), relative.sex) {
        (true, Sex::Female) => ("MTH", "mother"),
        (true, Sex::Male) => ("FTH", "father"),
        _ => ("N", "Next-of-Kin"),
    };
    let since = person.me.born.max(relative.born);
    text.put(r#","related":[{"resourceType":"RelatedPerson","#).item_id(ids);
    if of_own {
        let number = text_of(world.seed, house.place.first + position as u64);
        text.puts(&[r#","patient":{"identifier":{"system":""#, url::NHS_NUMBER, r#"","value":""#]);
        text.puts(&[&number, r#""}},"active":true,"#]);
        text.period(&world.calendar, Period::from(since));
    } else {
        text.put(r#","patient":{},"active":true,"#);
        text.period(&world.calendar, Period::from(since));
        text.put(r#","name":[{"use":"usual","#)
            .period(&world.calendar, Period::from(relative.born));
        text.puts(&[r#","given":[""#, relative.given, r#""],"family":""#, &relative.family]);
        text.put(r#""}],"address":["#);
        patient::address(world, ids, &house.home, "home", Period::from(house.since), text);
        text.put("]");
    }
    text.puts(&[r#","relationship":[{"coding":[{"system":""#, ROLES, r#"","code":""#, code]);
    text.puts(&[r#"","display":""#, display, r#""}]}],"extension":[{"url":""#, COPY_LETTERS]);
    text.puts(&[r#"","valueBoolean":"#, if parent.is_some() { "true" } else { "false" }]);
    text.puts(&[r#"},{"url":""#, RANK, r#"","valuePositiveInt":1}]}]"#]);
}
