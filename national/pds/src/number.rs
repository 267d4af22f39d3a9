//! Allocating NHS numbers: a number for a patient who has none.
//!
//! Numbers are drawn by chance from 9800000000 up, which are never a real person's and which the
//! demonstration nation leaves free. No counter is kept: a draw looks at one key, so that the cost
//! does not grow with the people. The caller puts the record with [`store::Expect::Absent`]; if
//! somebody else got the number in the meantime, the work is done again and draws again.

use base::Fault;
use nhs::NhsNumber;

use crate::record::KIND;
use crate::{House, faults};

/// How many numbers are drawn before the range is taken for full. With two in three in use, so
/// many misses in a row are as good as impossible.
const DRAWS_MAX: usize = 256;
/// The first nine digits of the lowest number of the range.
const LOWEST: u32 = 980_000_000;
/// How many first nine digits there are in the range.
const RANGE: u64 = 20_000_000;
/// A patient of the published sandbox: where they are, so is its next number.
const SANDBOX_PATIENT: &str = "9000000009";
/// The number that the published sandbox gives a new patient.
const SANDBOX_NEXT: &str = "5182663366";

/// A number that no record has.
///
/// # Errors
/// When the store fails or the range is full.
pub(crate) fn allocate(house: &House) -> Result<NhsNumber, Fault> {
    if let Some(next) = NhsNumber::parse(SANDBOX_NEXT)
        && in_use(house, SANDBOX_PATIENT)?
        && !in_use(house, next.as_str())?
    {
        return Ok(next);
    }
    for _ in 0..DRAWS_MAX {
        let nine = LOWEST + (house.dice.bits() % RANGE) as u32;
        if let Some(number) = NhsNumber::from_nine(nine)
            && !in_use(house, number.as_str())?
        {
            return Ok(number);
        }
    }
    Err(Fault::broken("UNKNOWN_ERROR", "there are no NHS numbers left to allocate"))
}

fn in_use(house: &House, number: &str) -> Result<bool, Fault> {
    let stored = house.store.resources().get(KIND, number).map_err(faults::from_store)?;
    Ok(stored.is_some())
}

#[cfg(test)]
mod tests;
