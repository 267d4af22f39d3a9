//! Whom to ask for: people of the nation in whose records something is unusual.

use serde::Serialize;

use super::Plan;
use super::household::Role;
use super::layout::Kind;
use super::person::{Keeping, Person};
use super::population::Population;

/// Somebody worth asking for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(crate) struct Interesting {
    /// The NHS number.
    pub(crate) id: String,
    /// What the person is called, when anybody may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) name: Option<String>,
    /// When the person was born, when anybody may know.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) born: Option<String>,
    /// Why the record is worth a look.
    pub(crate) why: String,
}

/// How many people are looked at: enough for one of twenty thousand.
const LOOKED_AT: u64 = 60_000;
/// How many are shown for each reason.
const EACH: usize = 2;

/// The published people, name, birth date and reason.
const PUBLISHED: [(&str, &str, &str, &str); 10] = [
    ("9000000009", "Jane Smith", "2010-10-22", "whole record: every member, two relatives, a card"),
    ("9000000017", "Jayne Smyth", "2010-10-22", "sounds like Jane Smith; one relative"),
    ("9000000025", "Janet Smythe", "2005-06-16", "restricted: where she lives is not shown"),
    ("9000000033", "", "", "almost empty record: neither name nor birth date"),
    ("5900053636", "Jane CUFF", "1926-01-07", "superseded: merged into 9732019395"),
    ("9693632109", "Bill GARTON", "1955-11-05", "renamed: was Bloggs, found with _history=true"),
    ("9693632125", "Rodney GODSOE", "1936-02-24", "restricted"),
    ("9693633679", "Luke YOUDS", "1970-01-24", "one of four of the same name, one of each gender"),
    ("9733163201", "Debra TUNNEY", "1980-01-21", "deceased: informally notified"),
    ("5900036502", "Leandro McMatch-Multiple", "1997-08-20", "two records match the same details"),
];

/// The people worth asking for in the nation of a plan, published ones first.
pub(crate) fn interesting(plan: &Plan) -> Vec<Interesting> {
    let mut shown: Vec<Interesting> = PUBLISHED
        .iter()
        .map(|(id, name, born, why)| Interesting {
            id: (*id).to_owned(),
            name: Some((*name).to_owned()).filter(|name| !name.is_empty()),
            born: Some((*born).to_owned()).filter(|born| !born.is_empty()),
            why: (*why).to_owned(),
        })
        .collect();
    let mut found: Vec<(usize, Interesting)> = Vec::new();
    Population::new(plan).visit(0, plan.people.min(LOOKED_AT), &mut |world, person| {
        let born = world.calendar.text(person.me.born);
        if let Some((reason, why)) = reason(person)
            && found.iter().filter(|(known, _)| *known == reason).count() < EACH
        {
            found.push((reason, introduce(person, born, why)));
        }
    });
    found.sort_by_key(|(reason, _)| *reason);
    shown.extend(found.into_iter().map(|(_, person)| person));
    shown
}

/// At most so many people, spread evenly over the nation of a plan.
pub(crate) fn sample(plan: &Plan, most: u64) -> Vec<Interesting> {
    let population = Population::new(plan);
    let step = plan.people.div_ceil(most.max(1)).max(1);
    let mut shown = Vec::new();
    for at in (0..plan.people).step_by(usize::try_from(step).unwrap_or(usize::MAX)) {
        population.visit(at, at + 1, &mut |world, person| {
            let born = world.calendar.text(person.me.born);
            let why = reason(person).map_or_else(|| "somebody".to_owned(), |(_, why)| why);
            shown.push(introduce(person, born, why));
        });
    }
    shown
}

fn introduce(person: &Person<'_>, born: &str, why: String) -> Interesting {
    let open = person.class != 'V';
    let name = format!("{} {}", person.me.given, person.me.family);
    Interesting {
        id: person.number.clone(),
        name: open.then_some(name),
        born: open.then(|| born.to_owned()),
        why,
    }
}

/// What is most unusual about a person: its rank, and in words.
fn reason(person: &Person<'_>) -> Option<(usize, String)> {
    let me = person.me;
    match &person.keeping {
        Keeping::Superseded(by) => return Some((3, format!("superseded: merged into {by}"))),
        Keeping::Invalidated => return Some((4, "invalidated: reads as not found".to_owned())),
        Keeping::Active => {}
    }
    let (rank, why) = match person.class {
        'R' => (1, "restricted: where the person lives is not shown".to_owned()),
        'V' => (2, "very restricted: not even the name is shown".to_owned()),
        _ if me.twin.is_some() => (5, format!("twin, born {}", ordinal(me.twin))),
        _ if me.died.is_some() => (6, "deceased".to_owned()),
        _ if person.removed.is_some() => (7, "no longer registered".to_owned()),
        _ if me.maiden.is_some() => {
            let maiden = me.maiden.as_ref().map(|(maiden, _)| maiden.as_str()).unwrap_or_default();
            (8, format!("renamed: was {maiden}"))
        }
        _ if person.gender == "other" => (9, "gender other".to_owned()),
        _ if person.gender == "unknown" => (10, "gender unknown".to_owned()),
        _ if person.nickname.is_some() => {
            (11, format!("called {}", person.nickname.unwrap_or_default()))
        }
        _ if person.before_since.is_some() && me.role == Role::Adult => {
            (12, "moved: the former address is found with _history=true".to_owned())
        }
        _ if person.house.place.kind == Kind::ThreeGenerations && me.role == Role::Grandparent => {
            (13, "lives with children and grandchildren".to_owned())
        }
        _ => return None,
    };
    Some((rank, why))
}

fn ordinal(order: Option<u8>) -> &'static str {
    if order == Some(1) { "first" } else { "second" }
}
