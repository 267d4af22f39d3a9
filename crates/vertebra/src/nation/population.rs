//! The made-up people of a nation, as records ready to be kept.

use pds::record::KIND;
use store::{Expect, Key, Put};

use super::chance::{Chance, Field};
use super::household::Household;
use super::layout::Place;
use super::person::{Keeping, Person};
use super::text::Text;
use super::world::World;
use super::{Plan, annex, glance, patient};

/// Room for most records.
const PATIENT_ROOM: usize = 4096;
const ANNEX_ROOM: usize = 1024;
/// Reasons for leaving the register that not everybody may see.
const CONFIDENTIAL: &str = "AFN";

/// The made-up people of a nation.
#[derive(Debug)]
pub(crate) struct Population {
    world: World,
}

/// A person written down.
#[derive(Debug)]
pub(crate) struct Written {
    /// The NHS number.
    pub(crate) number: String,
    /// The version of the record.
    pub(crate) version: u64,
    /// Whether everybody who may read it sees the whole resource as it stands.
    pub(crate) plain: bool,
    /// The FHIR Patient as JSON text.
    pub(crate) patient: String,
    /// The annex as JSON text.
    pub(crate) annex: String,
}

impl Population {
    /// The people of a plan.
    pub(crate) fn new(plan: &Plan) -> Self {
        Self { world: World::new(plan) }
    }

    /// Shows a visitor the people from one number up to but not including another.
    pub(crate) fn visit(&self, from: u64, to: u64, visit: &mut dyn FnMut(&World, &Person<'_>)) {
        let mut at = from;
        while at < to {
            let house = Household::new(&self.world, Place::of(self.world.seed, at));
            let first = house.place.first;
            let end = to.min(first + u64::from(house.place.size));
            for index in at..end {
                if let Some(person) = Person::new(&self.world, &house, (index - first) as usize) {
                    visit(&self.world, &person);
                }
            }
            at = end;
        }
    }

    /// The people from one number up to but not including another, written down.
    pub(crate) fn write(&self, from: u64, to: u64) -> Vec<Written> {
        let mut written = Vec::with_capacity((to - from) as usize);
        self.visit(from, to, &mut |world, person| written.push(write(world, person)));
        written
    }

    /// The same, ready to be kept.
    pub(crate) fn puts(&self, from: u64, to: u64) -> Vec<Put> {
        self.write(from, to).into_iter().map(Written::put).collect()
    }
}

fn write(world: &World, person: &Person<'_>) -> Written {
    let ids = &mut Chance::new(world.seed, person.index, Field::ItemIds);
    let (mut resource, mut rest) = (Text::with_room(PATIENT_ROOM), Text::with_room(ANNEX_ROOM));
    patient::write(world, person, ids, &mut resource);
    annex::write(world, person, ids, &mut rest);
    let hides = person.removed.is_some_and(|(code, _, _)| code == CONFIDENTIAL);
    Written {
        number: person.number.clone(),
        version: person.version(),
        plain: person.keeping == Keeping::Active && person.class == 'U' && !hides,
        patient: resource.into(),
        annex: rest.into(),
    }
}

impl Written {
    /// The record, read back from its texts.
    #[cfg(test)]
    pub(crate) fn record(&self) -> Option<pds::Record> {
        let annex = serde_json::from_str(&self.annex).ok()?;
        Some(pds::Record { patient: serde_json::from_str(&self.patient).ok()?, annex })
    }

    /// The record, ready to be kept.
    pub(crate) fn put(self) -> Put {
        let record = glance::of(&self.patient, &self.annex);
        let terms = record.map(|record| pds::index::terms(&record)).unwrap_or_default();
        Put {
            body: pds::record::from_texts(self.plain, &self.patient, &self.annex),
            key: Key::new(KIND, self.number),
            expect: Expect::Absent,
            version: Some(self.version),
            terms,
        }
    }
}
