//! A person of the nation: what is true of them, before it is written as a record.

use super::calendar::{Day, YEAR};
use super::chance::{Chance, Field};
use super::household::{Household, Member, Role};
use super::layout::Kind;
use super::names::Sex;
use super::number;
use super::world::World;

/// A person of the nation.
#[derive(Debug)]
pub(crate) struct Person<'a> {
    /// The person's number in the nation, from 0.
    pub(crate) index: u64,
    /// The NHS number.
    pub(crate) number: String,
    /// The household.
    pub(crate) house: &'a Household,
    /// What the household knows of the person.
    pub(crate) me: &'a Member,
    /// The person's place in the household.
    pub(crate) position: usize,
    /// How the record is kept.
    pub(crate) keeping: Keeping,
    /// How confidential it is: `U`, `R` or `V`.
    pub(crate) class: char,
    /// The gender as recorded.
    pub(crate) gender: &'static str,
    /// The second and third given names, if any.
    pub(crate) middle: Vec<&'static str>,
    /// How the person is addressed.
    pub(crate) title: &'static str,
    /// What friends say.
    pub(crate) nickname: Option<&'static str>,
    /// Since when the person has lived where they live.
    pub(crate) home_since: Day,
    /// Since when the person had lived where they lived before.
    pub(crate) before_since: Option<Day>,
    /// Why the person left the register, if so.
    pub(crate) removed: Option<(&'static str, &'static str, Day)>,
}

/// How a record is kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Keeping {
    /// In use.
    Active,
    /// Merged into the record with this number.
    Superseded(String),
    /// Found to be no record of anybody.
    Invalidated,
}

const NICKNAMES: [(&str, &str); 20] = [
    ("William", "Bill"),
    ("Robert", "Bob"),
    ("Richard", "Dick"),
    ("James", "Jim"),
    ("John", "Jack"),
    ("Margaret", "Peggy"),
    ("Elizabeth", "Betty"),
    ("Susan", "Sue"),
    ("Patricia", "Pat"),
    ("Michael", "Mick"),
    ("David", "Dai"),
    ("Anthony", "Tony"),
    ("Christopher", "Kit"),
    ("Thomas", "Tom"),
    ("Samantha", "Sam"),
    ("Joseph", "Joe"),
    ("Dorothy", "Dot"),
    ("Edward", "Ted"),
    ("Rebecca", "Becky"),
    ("Andrew", "Andy"),
];

/// Why people leave the register, in thousandths of those who do. The second system names the
/// reasons that not everybody may see.
const REMOVALS: [((&str, &str), u32); 6] = [
    (("EMB", "Embarkation"), 450),
    (("SCT", "Transferred to Scotland"), 250),
    (("NIT", "Transferred to Northern Ireland"), 100),
    (("TRA", "Temporary Resident Not Returned"), 80),
    (("ORR", "Other Reason"), 70),
    (("AFN", "Armed Forces"), 50),
];

impl<'a> Person<'a> {
    /// The person at a position of a household.
    pub(crate) fn new(world: &World, house: &'a Household, position: usize) -> Option<Self> {
        let me = house.members.get(position)?;
        let index = house.place.first + position as u64;
        let chance = &mut Chance::new(world.seed, index, Field::Keeping);
        let class = match chance.below(100_000) {
            0..6 => 'V',
            6..306 => 'R',
            _ => 'U',
        };
        let gender = match (chance.below(1_000), me.sex) {
            (0..3, _) => "unknown",
            (3..5, _) => "other",
            (_, Sex::Female) => "female",
            (_, Sex::Male) => "male",
        };
        let keeping = keeping(world, house, position, chance);
        let removed = removed(world, me, chance);
        let (home_since, before_since) = moved(house, me);
        let chance = &mut Chance::new(world.seed, index, Field::Name);
        Some(Self {
            index,
            number: text_of(world.seed, index),
            house,
            me,
            position,
            keeping,
            class,
            gender,
            middle: middle(world, house, me, chance),
            title: title(world, me, chance),
            nickname: nickname(me, chance),
            home_since,
            before_since,
            removed,
        })
    }

    /// The version of the record: one more than what has changed in it.
    pub(crate) fn version(&self) -> u64 {
        let changes = [
            self.before_since.is_some(),
            self.me.maiden.is_some(),
            self.me.died.is_some(),
            self.removed.is_some(),
            self.keeping != Keeping::Active,
        ];
        1 + changes.into_iter().filter(|changed| *changed).count() as u64
    }

    /// The last day of which the record tells: the day of death or the reference date.
    pub(crate) fn last_day(&self, world: &World) -> Day {
        self.me.died.unwrap_or(world.today)
    }

    /// Since when something has been so that lasts years, if the person was born then.
    pub(crate) fn some_day(&self, world: &World, chance: &mut Chance) -> Day {
        let last = self.last_day(world);
        (last - chance.between(1, 8 * YEAR)).max(self.me.born)
    }
}

/// The NHS number of a person, as text.
pub(crate) fn text_of(seed: u64, index: u64) -> String {
    number::of(seed, index).map(|number| number.as_str().to_owned()).unwrap_or_default()
}

fn keeping(world: &World, house: &Household, position: usize, chance: &mut Chance) -> Keeping {
    let last = position + 1 == house.members.len();
    if house.registered_twice && last {
        Keeping::Superseded(text_of(world.seed, house.place.first))
    } else if house.place.kind == Kind::Single && chance.happens(380) {
        Keeping::Invalidated
    } else {
        Keeping::Active
    }
}

fn removed(
    world: &World,
    me: &Member,
    chance: &mut Chance,
) -> Option<(&'static str, &'static str, Day)> {
    if let Some(died) = me.died {
        return Some(("DEA", "Death", died));
    }
    if me.role == Role::Child || !chance.happens(1_500) {
        return None;
    }
    let (code, display) = chance.weighted(&REMOVALS, ("ORR", "Other Reason"));
    Some((code, display, world.today - chance.between(20, 4 * YEAR)))
}

/// Since when the person has lived at the household's home, and before at its former home.
fn moved(house: &Household, me: &Member) -> (Day, Option<Day>) {
    match me.died {
        // Who died before the others moved in never moved.
        Some(died) if died <= house.since => ((died - 12 * YEAR).max(me.born), None),
        _ if me.born >= house.since => (me.born, None),
        _ => {
            let before = (house.since - 7 * YEAR).max(me.born);
            (house.since, house.before.as_ref().map(|_| before))
        }
    }
}

fn middle(world: &World, house: &Household, me: &Member, chance: &mut Chance) -> Vec<&'static str> {
    let count = chance.weighted(&[(0, 33), (1, 55), (2, 12)], 0);
    let decade = world.calendar.decade(me.born);
    let Some(list) = world.names.given(house.origin, me.sex, decade) else { return Vec::new() };
    let mut names = Vec::with_capacity(count);
    for _ in 0..count {
        let mut name = list.draw(chance);
        while name == me.given || names.contains(&name) {
            name = list.after(name);
        }
        names.push(name);
    }
    names
}

fn title(world: &World, me: &Member, chance: &mut Chance) -> &'static str {
    let age = (me.died.unwrap_or(world.today) - me.born) / YEAR;
    if age >= 28 && chance.happens(1_500) {
        return "Dr";
    }
    match me.sex {
        Sex::Male if age < 13 => "Master",
        Sex::Male => "Mr",
        Sex::Female if me.maiden.is_some() => "Mrs",
        Sex::Female if age < 18 => "Miss",
        Sex::Female => chance.weighted(&[("Ms", 45), ("Miss", 35), ("Mrs", 20)], "Ms"),
    }
}

fn nickname(me: &Member, chance: &mut Chance) -> Option<&'static str> {
    let (_, short) = NICKNAMES.iter().find(|(name, _)| *name == me.given)?;
    chance.happens(12_000).then_some(*short)
}
