//! What people are called: by where their families come from, their sex and when they were born.

mod family;
mod given;

use super::chance::Chance;
use super::ranked::Ranked;

/// Where a family's names come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Origin {
    /// England, Scotland and Wales.
    British,
    /// Ireland.
    Irish,
    /// Poland and its neighbours.
    Polish,
    /// Pakistan, Bangladesh and Muslim India.
    Muslim,
    /// Hindu and Sikh families.
    Indian,
    /// West and East Africa.
    African,
    /// China and Vietnam.
    Chinese,
    /// Elsewhere.
    Other,
}

/// Whether a person is called and addressed as a woman or a man.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sex {
    /// A woman or girl.
    Female,
    /// A man or boy.
    Male,
}

/// How the origins share the nation, in hundredths.
const ORIGINS: [(Origin, u32); 8] = [
    (Origin::British, 80),
    (Origin::Irish, 3),
    (Origin::Polish, 3),
    (Origin::Muslim, 5),
    (Origin::Indian, 4),
    (Origin::African, 2),
    (Origin::Chinese, 1),
    (Origin::Other, 2),
];
/// With three hundred names this makes the first 1.4 in a hundred.
const FAMILIES_GENTLE: usize = 30;
const FEW_GENTLE: usize = 8;
const GIVEN_GENTLE: usize = 6;
/// The first names that boys and girls got from 1910 to 1929; each later list is of 20 years.
const FIRST_AGE: usize = 1;

/// All names, ready to draw.
#[derive(Debug)]
pub(crate) struct Names {
    families: Vec<Ranked>,
    girls: Vec<Ranked>,
    boys: Vec<Ranked>,
    british_girls: Vec<Ranked>,
    british_boys: Vec<Ranked>,
}

impl Names {
    /// The lists.
    pub(crate) fn new() -> Self {
        let few = |lists: [&'static str; 7]| {
            lists.map(|list| Ranked::new(list, FEW_GENTLE)).into_iter().collect::<Vec<_>>()
        };
        let ages = |lists: [&'static str; 6]| {
            lists.map(|list| Ranked::new(list, GIVEN_GENTLE)).into_iter().collect()
        };
        let mut families = vec![Ranked::new(family::BRITISH, FAMILIES_GENTLE)];
        families.extend(few([
            family::IRISH,
            family::POLISH,
            family::MUSLIM,
            family::INDIAN,
            family::AFRICAN,
            family::CHINESE,
            family::OTHER,
        ]));
        Self {
            families,
            girls: few([
                given::IRISH_GIRLS,
                given::POLISH_GIRLS,
                given::MUSLIM_GIRLS,
                given::INDIAN_GIRLS,
                given::AFRICAN_GIRLS,
                given::CHINESE_GIRLS,
                given::OTHER_GIRLS,
            ]),
            boys: few([
                given::IRISH_BOYS,
                given::POLISH_BOYS,
                given::MUSLIM_BOYS,
                given::INDIAN_BOYS,
                given::AFRICAN_BOYS,
                given::CHINESE_BOYS,
                given::OTHER_BOYS,
            ]),
            british_girls: ages(given::GIRLS),
            british_boys: ages(given::BOYS),
        }
    }

    /// Where a family comes from.
    pub(crate) fn origin(chance: &mut Chance) -> Origin {
        chance.weighted(&ORIGINS, Origin::British)
    }

    /// A family name.
    pub(crate) fn family(&self, origin: Origin, chance: &mut Chance) -> &'static str {
        self.families.get(origin as usize).map_or("Smith", |list| list.draw(chance))
    }

    /// The given names of an origin, a sex and a decade of birth (0 for the nineteen-noughts).
    pub(crate) fn given(&self, origin: Origin, sex: Sex, decade: usize) -> Option<&Ranked> {
        let (lists, at) = match (origin, sex) {
            (Origin::British, Sex::Female) => (&self.british_girls, age(decade)),
            (Origin::British, Sex::Male) => (&self.british_boys, age(decade)),
            (_, Sex::Female) => (&self.girls, origin as usize - 1),
            (_, Sex::Male) => (&self.boys, origin as usize - 1),
        };
        lists.get(at)
    }
}

fn age(decade: usize) -> usize {
    (decade.saturating_sub(FIRST_AGE) / 2).min(given::GIRLS.len() - 1)
}

#[cfg(test)]
mod tests;
