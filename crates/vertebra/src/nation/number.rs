//! Which NHS number a person of the nation has: one each, found at once, all starting with 9.
//!
//! The nine digits before the check digit are a 9, seven digits that a keyed permutation makes of
//! the person's number, and a ninth digit. Of the ten ninth digits at most one leaves no check
//! digit, since twice the digit must then be one certain remainder of eleven; so every permutation
//! value carries nine numbers at least, and nothing has to be tried one after another.

use nhs::NhsNumber;

use super::chance::{Chance, Field};

/// How many people a nation can have.
pub(crate) const PEOPLE_MOST: u64 = STEMS as u64 * 9;

/// Numbers from here up to 9999999999 belong to nobody: for numbers allocated at run time.
#[cfg_attr(not(test), expect(dead_code, reason = "tells the allocator where it may look"))]
pub(crate) const FREE_FROM: u64 = 9_800_000_000;

/// The seven digits are from here on: the published sandbox people are below and above.
const FIRST_STEM: u32 = 200_000;
const STEMS: u32 = 6_699_999;
/// The published number that nobody has, 9111231130, has this stem.
const UNKNOWN: u32 = 1_112_311;
const MASK: u32 = (1 << 23) - 1;

/// The NHS number of the person with this number; nothing from [`PEOPLE_MOST`] on.
pub(crate) fn of(seed: u64, person: u64) -> Option<NhsNumber> {
    let turn = u32::try_from(person / u64::from(STEMS)).ok().filter(|turn| *turn < 9)?;
    let spread = permute(seed, (person % u64::from(STEMS)) as u32);
    let stem = FIRST_STEM + spread;
    let stem = stem + u32::from(stem >= UNKNOWN);
    // Which of the nine goes first differs from stem to stem, or all would end alike.
    let ninth = (turn + spread.wrapping_mul(0x9E37_79B1) % 9) % 9;
    let ninth = ninth + u32::from(ninth >= without_check_digit(stem));
    NhsNumber::from_nine(900_000_000 + stem * 10 + ninth)
}

/// The ninth digit with which a stem has no check digit, or 10 when there is none: weighted sums
/// of 1 modulo 11 ask for a check digit of 10, the ninth digit weighs 2, and 6 halves modulo 11.
fn without_check_digit(stem: u32) -> u32 {
    let mut sum = 90;
    let mut rest = stem;
    for weight in 3..=9 {
        sum += weight * (rest % 10);
        rest /= 10;
    }
    (12 - sum % 11) * 6 % 11
}

/// Mixes within 23 bits, again and again until the value is one of the stems. Each step can be
/// undone, so that no two inputs meet; one step in five has to be repeated.
fn permute(seed: u64, index: u32) -> u32 {
    let key = Chance::new(seed, 0, Field::Number).bits() as u32;
    let mut value = index;
    loop {
        value = (value ^ key) & MASK;
        value = value.wrapping_mul(0x002C_9277) & MASK;
        value ^= value >> 12;
        value = value.wrapping_mul(0x0051_ED27).wrapping_add(key >> 9) & MASK;
        value ^= value >> 11;
        if value < STEMS {
            return value;
        }
    }
}

#[cfg(test)]
mod tests;
