//! The demonstration nation: a small country that makes sense, the same on every run.
//!
//! Person number n of a seed depends on the seed and on n alone, so that a nation of ten thousand
//! is the beginning of one of sixty million, can be made on many threads, and goes on where it was
//! cut off. How a person comes to be, file by file: [`layout`] says who shares a household,
//! [`household`] who they are to one another and where they live, [`person`] what is true of one
//! of them, [`patient`] and [`annex`] write it down, [`load`] puts it into a store.
//!
//! Beside them stand the published sandbox people ([`sandbox`]) and the nation's organisations
//! ([`organisations`]).

mod address;
mod annex;
mod calendar;
mod chance;
mod contact;
mod glance;
mod household;
mod interesting;
mod layout;
mod load;
pub(crate) mod mailboxes;
mod names;
mod number;
pub(crate) mod organisations;
mod patient;
mod person;
mod population;
mod ranked;
mod related;
mod sandbox;
mod text;
mod town;
mod world;

use jiff::civil::{Date, date};

pub(crate) use interesting::{interesting, sample};
pub(crate) use load::{Sign, load};

/// The date on which the nation stands, whatever the clock says.
const TODAY: Date = date(2026, 1, 1);

/// What nation there shall be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// How many made-up people, beside the published ones. At most sixty million.
    pub(crate) people: u64,
    /// Where all chance comes from.
    pub(crate) seed: u64,
    /// The reference date: nobody is born later.
    pub(crate) today: Date,
}

impl Plan {
    /// The nation of so many people that grows from a seed.
    pub(crate) fn new(people: u64, seed: u64) -> Self {
        Self { people, seed, today: TODAY }
    }
}

#[cfg(test)]
mod tests;
