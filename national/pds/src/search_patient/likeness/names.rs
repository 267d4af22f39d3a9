//! Whether a name is the one looked for.

use crate::Record;
use crate::name::{self, Kind, Name};
use crate::search_patient::criteria::Criteria;
use crate::search_patient::pattern::Pattern;
use crate::search_patient::score::{Flaw, score};

/// The flaws of the name that fits best; nothing when none does. Family and given name are
/// looked for in the same name.
pub(super) fn flaws(criteria: &Criteria, record: &Record) -> Option<Vec<Flaw>> {
    let names = name::of(record);
    best(names.iter().filter_map(|name| of_name(criteria, name)))
}

fn best(matches: impl Iterator<Item = Vec<Flaw>>) -> Option<Vec<Flaw>> {
    matches.max_by(|one, other| score(one).total_cmp(&score(other)))
}

fn of_name(criteria: &Criteria, name: &Name) -> Option<Vec<Flaw>> {
    let kind = match name.kind {
        Kind::Usual => None,
        Kind::Other => Some(Flaw::OtherName),
        Kind::Past if criteria.history => Some(Flaw::PastName),
        Kind::Past => return None,
    };
    let mut flaws = if criteria.fuzzy { fuzzy(criteria, name) } else { plain(criteria, name) }?;
    flaws.extend(kind);
    Some(flaws)
}

/// Every name asked for is there, letter by letter: with a wildcard only as the first name, else
/// in any place. Names that were not asked for do not matter.
fn plain(criteria: &Criteria, name: &Name) -> Option<Vec<Flaw>> {
    let mut flaws = Vec::new();
    if let Some(family) = &criteria.family {
        if !family.fits(&name.family) {
            return None;
        }
        flaws.extend(family.is_wild().then_some(Flaw::WildFamily));
    }
    for asked in &criteria.given {
        let places = if asked.is_wild() { 1 } else { name.given.len() };
        if !name.given.iter().take(places).any(|given| asked.fits(given)) {
            return None;
        }
        flaws.extend(asked.is_wild().then_some(Flaw::WildGiven));
    }
    Some(flaws)
}

/// The family name and the first given name are there or sound alike, perhaps swapped. Further
/// given names matter little.
fn fuzzy(criteria: &Criteria, name: &Name) -> Option<Vec<Flaw>> {
    best([straight(criteria, name), swapped(criteria, name)].into_iter().flatten())
}

fn straight(criteria: &Criteria, name: &Name) -> Option<Vec<Flaw>> {
    let mut flaws = Vec::new();
    if let Some(family) = &criteria.family {
        flaws.extend(sounding(family, &[&name.family], Flaw::AlikeFamily)?);
    }
    if let Some((first, further)) = criteria.given.split_first() {
        let given: Vec<&String> = name.given.iter().collect();
        flaws.extend(sounding(first, &given, Flaw::AlikeGiven)?);
        flaws.extend(further_names(further, name));
    }
    Some(flaws)
}

fn swapped(criteria: &Criteria, name: &Name) -> Option<Vec<Flaw>> {
    let family = criteria.family.as_ref()?;
    let (first, further) = criteria.given.split_first()?;
    let given: Vec<&String> = name.given.iter().collect();
    let mut flaws = vec![Flaw::Swapped];
    flaws.extend(sounding(family, &given, Flaw::AlikeGiven)?);
    flaws.extend(sounding(first, &[&name.family], Flaw::AlikeFamily)?);
    flaws.extend(further_names(further, name));
    Some(flaws)
}

fn further_names(further: &[Pattern], name: &Name) -> Vec<Flaw> {
    let given: Vec<&String> = name.given.iter().collect();
    let mut flaws: Vec<Flaw> = Vec::new();
    for asked in further {
        match sounding(asked, &given, Flaw::AlikeGiven) {
            Some(flaw) => flaws.extend(flaw),
            None => flaws.push(Flaw::GivenMissing),
        }
    }
    flaws.extend((name.given.len() > further.len() + 1).then_some(Flaw::GivenBeyond));
    flaws
}

/// No flaw when one of the names is the one asked for, this flaw when one only sounds like it.
/// Nothing when none even sounds like it.
fn sounding(asked: &Pattern, names: &[&String], alike: Flaw) -> Option<Vec<Flaw>> {
    if names.iter().any(|name| asked.fits(name)) {
        return Some(Vec::new());
    }
    names.iter().any(|name| asked.sounds_like(name)).then(|| vec![alike])
}
