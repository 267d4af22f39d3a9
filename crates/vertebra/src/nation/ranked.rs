//! A list whose first entries are drawn most, as with names: the share of an entry falls with its
//! rank, steeply or gently.

use super::chance::Chance;

const SLOTS: usize = 1 << 13;

/// A list in order of popularity.
#[derive(Debug)]
pub(crate) struct Ranked {
    slots: Vec<&'static str>,
    names: Vec<&'static str>,
}

impl Ranked {
    /// The list in a text, entries apart by commas. An entry of rank r weighs 1 / (r + `gentle`).
    pub(crate) fn new(text: &'static str, gentle: usize) -> Self {
        let names: Vec<&str> = text.split(',').map(str::trim).filter(|it| !it.is_empty()).collect();
        let weight = |rank: usize| (1 << 24) / (rank + gentle);
        let all: usize = (0..names.len()).map(weight).sum();
        let mut slots = Vec::with_capacity(SLOTS);
        let mut upto = 0;
        for (rank, name) in names.iter().enumerate() {
            upto += weight(rank);
            slots.resize(upto * SLOTS / all.max(1), *name);
        }
        Self { slots, names }
    }

    /// An entry, the popular ones more often.
    pub(crate) fn draw(&self, chance: &mut Chance) -> &'static str {
        chance.one_of(&self.slots)
    }

    /// The entry after this one, the first after the last: for a second child who would
    /// otherwise be called like the first.
    pub(crate) fn after(&self, name: &str) -> &'static str {
        let at = self.names.iter().position(|it| *it == name).map_or(0, |at| at + 1);
        self.names.get(at).or(self.names.first()).copied().unwrap_or_default()
    }

    /// All entries.
    #[cfg(test)]
    pub(crate) fn all(&self) -> &[&'static str] {
        &self.names
    }
}
