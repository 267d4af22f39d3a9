//! Which people share a household, found at once for any person.
//!
//! People are numbered in blocks. Each block is filled with households by its own chance, adults
//! first in each, so that a child's parents always have smaller numbers: a nation may end at any
//! number of people and nobody refers to somebody who is not there.

use super::chance::{Chance, Field};

/// How many people a block holds.
const BLOCK: u64 = 48;

/// What kind of household it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// Somebody alone.
    Single,
    /// Two of an age.
    Couple,
    /// Two parents and their children.
    Family,
    /// A parent and children.
    LoneParent,
    /// Two parents, a grandparent and children.
    ThreeGenerations,
    /// Young people who share a house and nothing else.
    Sharers,
}

/// A household's place in the nation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// The number of its first member, by which it is known.
    pub(crate) first: u64,
    /// How many live in it.
    pub(crate) size: u32,
    /// What kind it is.
    pub(crate) kind: Kind,
}

const KINDS: [((Kind, u32), u32); 13] = [
    ((Kind::Single, 1), 30),
    ((Kind::Couple, 2), 27),
    ((Kind::Family, 3), 9),
    ((Kind::Family, 4), 12),
    ((Kind::Family, 5), 4),
    ((Kind::Family, 6), 1),
    ((Kind::LoneParent, 2), 5),
    ((Kind::LoneParent, 3), 4),
    ((Kind::LoneParent, 4), 1),
    ((Kind::ThreeGenerations, 4), 1),
    ((Kind::ThreeGenerations, 5), 1),
    ((Kind::Sharers, 3), 3),
    ((Kind::Sharers, 4), 2),
];

impl Place {
    /// The household of a person.
    pub(crate) fn of(seed: u64, person: u64) -> Self {
        let start = person - person % BLOCK;
        let mut chance = Chance::new(seed, start / BLOCK, Field::Layout);
        let mut first = start;
        loop {
            let room = (start + BLOCK - first) as u32;
            let (kind, size) = chance.weighted(&KINDS, (Kind::Single, 1));
            let (kind, size) = if size <= room { (kind, size) } else { (Kind::Single, 1) };
            if person < first + u64::from(size) {
                return Self { first, size, kind };
            }
            first += u64::from(size);
        }
    }
}
