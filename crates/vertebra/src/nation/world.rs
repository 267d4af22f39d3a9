//! What the whole nation shares: the seed, the date, the names and the towns.

use super::Plan;
use super::calendar::{self, Calendar, Day};
use super::chance::Chance;
use super::names::Names;
use super::town::{self, Town};

/// What the whole nation shares.
#[derive(Debug)]
pub(crate) struct World {
    /// The seed that all chance comes from.
    pub(crate) seed: u64,
    /// The reference date: nothing is later, but for ends that are known beforehand.
    pub(crate) today: Day,
    /// Days and their texts.
    pub(crate) calendar: Calendar,
    /// Names.
    pub(crate) names: Names,
    towns: Vec<Town>,
}

impl World {
    /// The world of a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        let towns = town::all();
        Self {
            seed: plan.seed,
            today: calendar::day(plan.today),
            calendar: Calendar::until(plan.today),
            names: Names::new(),
            towns: towns.flat_map(|(town, share)| (0..share).map(move |_| town)).collect(),
        }
    }

    /// A town, the large ones more often.
    pub(crate) fn town(&self, chance: &mut Chance) -> Town {
        self.towns.get(chance.below(self.towns.len() as u32) as usize).copied().unwrap_or_default()
    }
}
