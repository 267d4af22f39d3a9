//! Chance that can be asked anywhere in any order: it depends on the seed, on what is asked about
//! and on nothing that was asked before.

/// What chance is asked about. Each has a stream of its own, so that a draw added to one leaves
/// all the others as they were. The numbers are part of the promise that a seed keeps.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Field {
    /// Which households a block holds.
    Layout = 1,
    /// What a household is.
    Household = 2,
    /// Where a household lives.
    Home = 3,
    /// Where it lived before.
    FormerHome = 4,
    /// Who lives in it.
    Members = 5,
    /// What a person is called.
    Name = 6,
    /// How a person can be reached.
    Contact = 7,
    /// What else is known of a person.
    Detail = 8,
    /// How a record is kept: confidential, in use or not.
    Keeping = 9,
    /// The ids of the items of a record.
    ItemIds = 10,
    /// Which address a person stays at for a while.
    Stay = 11,
    /// Who a person's relatives are.
    Related = 12,
    /// Whether a person has a card from abroad.
    Card = 13,
    /// Which NHS number goes to whom.
    Number = 14,
}

/// A stream of chance (`SplitMix64`).
#[derive(Clone, Debug)]
pub(crate) struct Chance(u64);

const GOLDEN: u64 = 0x9E37_79B9_7F4A_7C15;

impl Chance {
    /// The stream of a field of the person, household or block with this number.
    pub(crate) fn new(seed: u64, number: u64, field: Field) -> Self {
        Self(mix(mix(seed ^ GOLDEN.wrapping_mul(field as u64)) ^ number))
    }

    /// 64 bits.
    pub(crate) fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(GOLDEN);
        mix(self.0)
    }

    /// A number below a bound.
    pub(crate) fn below(&mut self, bound: u32) -> u32 {
        (((self.bits() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A number between two, both included.
    pub(crate) fn between(&mut self, least: i32, most: i32) -> i32 {
        least + self.below((most - least).unsigned_abs() + 1) as i32
    }

    /// Whether something happens that happens so many times in a hundred thousand.
    pub(crate) fn happens(&mut self, in_100_000: u32) -> bool {
        self.below(100_000) < in_100_000
    }

    /// One of a list, each as likely as the others.
    pub(crate) fn one_of(&mut self, list: &[&'static str]) -> &'static str {
        list.get(self.below(list.len() as u32) as usize).copied().unwrap_or_default()
    }

    /// One of a list of things with their weights.
    pub(crate) fn weighted<T: Copy>(&mut self, list: &[(T, u32)], otherwise: T) -> T {
        let mut at = self.below(list.iter().map(|(_, weight)| weight).sum());
        for (thing, weight) in list {
            if at < *weight {
                return *thing;
            }
            at -= weight;
        }
        otherwise
    }
}

/// Spreads every bit over all others; no two inputs give the same output.
fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ (bits >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    bits = (bits ^ (bits >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    bits ^ (bits >> 31)
}
