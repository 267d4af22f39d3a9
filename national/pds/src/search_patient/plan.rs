//! Where in the index to look: the fewest entries that hold everybody who may match.

use super::criteria::Criteria;
use super::pattern::Pattern;
use crate::index::cover::Cover;
use crate::index::{BORN, SOUND, behind, born_start, day, sound_start, split};
use crate::name::soundex::{self, Code};

/// A range of the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Range {
    /// The parameter.
    pub parameter: &'static str,
    /// The first value.
    pub from: Vec<u8>,
    /// Behind the last value.
    pub to: Vec<u8>,
}

impl Range {
    fn starting(parameter: &'static str, from: Vec<u8>) -> Option<Self> {
        behind(&from).map(|to| Self { parameter, from, to })
    }
}

/// The ranges to look through, which hold everybody who may match.
pub(crate) fn ranges(criteria: &Criteria) -> Vec<Range> {
    if criteria.born.count() == 0 {
        return Vec::new();
    }
    match &criteria.family {
        None => days(criteria),
        Some(family) if criteria.fuzzy => {
            let swapped = criteria.given.first();
            let sounds = [Some(family), swapped].into_iter().flatten();
            let mut codes: Vec<Code> =
                sounds.filter_map(|name| soundex::code(name.start())).collect();
            codes.sort_unstable();
            codes.dedup();
            codes.into_iter().filter_map(|code| of_code(criteria, code)).collect()
        }
        Some(family) if family.is_wild() => of_beginning(criteria, family),
        Some(family) => of_name(criteria, family.start()).into_iter().collect(),
    }
}

/// Everybody born on the days: for a fuzzy search without a family name.
fn days(criteria: &Criteria) -> Vec<Range> {
    let last = behind(&day(criteria.born.last()));
    let range =
        last.map(|to| Range { parameter: BORN, from: day(criteria.born.first()).to_vec(), to });
    range.into_iter().collect()
}

/// Everybody with exactly this family name, when one day is asked for; else who sounds like it.
fn of_name(criteria: &Criteria, family: &str) -> Option<Range> {
    let code = soundex::code(family)?;
    if criteria.born.count() > 1 {
        return of_code(criteria, code);
    }
    let from = born_start(day(criteria.born.first()), &code, family);
    let to = [from.as_slice(), &[0]].concat();
    Some(Range { parameter: BORN, from, to })
}

/// Everybody with a family name of this sound.
fn of_code(criteria: &Criteria, code: Code) -> Option<Range> {
    let from = sound_start(code, day(criteria.born.first()));
    let to = behind(&sound_start(code, day(criteria.born.last())))?;
    Some(Range { parameter: SOUND, from, to })
}

/// Everybody whose family name begins like this: a range for each day or one for each sound that
/// begins like it, whichever are fewer.
fn of_beginning(criteria: &Criteria, family: &Pattern) -> Vec<Range> {
    let start = soundex::start(family.start());
    let codes = soundex::codes_from(&start);
    if criteria.born.count() > codes.len() {
        return codes.into_iter().filter_map(|code| of_code(criteria, code)).collect();
    }
    let starts = criteria.born.days().map(|date| born_start(day(date), &start, family.start()));
    starts.filter_map(|from| Range::starting(BORN, from)).collect()
}

/// Whether an entry may be of somebody who matches, as far as it tells. Never says no to somebody
/// whom [`likeness::flaws`](super::likeness::flaws) would let match.
pub(crate) fn may_match(
    criteria: &Criteria,
    parameter: &str,
    value: &[u8],
    cover: &[u8],
    sees_where: bool,
) -> bool {
    let (Some((_, family)), Some(cover)) = (split(parameter, value), Cover::read(cover)) else {
        return false;
    };
    (criteria.history || !cover.past)
        && (sees_where || !cover.restricted || !criteria.asks_where())
        && criteria.gender.is_none_or(|gender| cover.has_gender(gender, criteria.fuzzy))
        && if criteria.fuzzy {
            sounds(criteria, family, cover)
        } else {
            fits(criteria, family, cover)
        }
        && criteria
            .postcode
            .as_ref()
            .is_none_or(|asked| cover.postcodes().any(|postcode| asked.fits(postcode)))
}

fn fits(criteria: &Criteria, family: &str, cover: Cover<'_>) -> bool {
    criteria.family.as_ref().is_none_or(|asked| asked.fits(family))
        && criteria.given.iter().all(|asked| cover.given().any(|given| asked.fits(given)))
}

fn sounds(criteria: &Criteria, family: &str, cover: Cover<'_>) -> bool {
    let given_sounds = |asked: &Pattern| cover.given().any(|given| asked.sounds_like(given));
    match (&criteria.family, criteria.given.first()) {
        (Some(asked), None) => asked.sounds_like(family),
        (None, Some(first)) => given_sounds(first),
        (Some(asked), Some(first)) => {
            (asked.sounds_like(family) && given_sounds(first))
                || (first.sounds_like(family) && given_sounds(asked))
        }
        (None, None) => true,
    }
}

#[cfg(test)]
mod tests;
