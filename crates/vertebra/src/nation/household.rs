//! A household: who lives together, since when, where, and where before.

use super::address::Address;
use super::calendar::{Day, YEAR};
use super::chance::{Chance, Field};
use super::contact;
use super::layout::{Kind, Place};
use super::names::{Names, Origin, Sex};
use super::world::World;

/// A household.
#[derive(Clone, Debug)]
pub(crate) struct Household {
    /// Its place in the nation.
    pub(crate) place: Place,
    /// Where its names come from.
    pub(crate) origin: Origin,
    /// Where it lives.
    pub(crate) home: Address,
    /// Since when.
    pub(crate) since: Day,
    /// Where it lived before, when that is known.
    pub(crate) before: Option<Address>,
    /// The ODS code of the practice where it is registered.
    pub(crate) practice: String,
    /// The telephone of the house.
    pub(crate) telephone: Option<String>,
    /// Whether the last member is no other person but the first, registered twice.
    pub(crate) registered_twice: bool,
    /// Who lives in it, adults first.
    pub(crate) members: Vec<Member>,
}

/// What a person is to the household.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// An adult.
    Adult,
    /// A parent of an adult.
    Grandparent,
    /// A child of the adults.
    Child,
}

/// A member of a household: what the other members' records depend on too.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// What the person is to the household.
    pub(crate) role: Role,
    /// How the person is called and addressed.
    pub(crate) sex: Sex,
    /// When the person was born.
    pub(crate) born: Day,
    /// When the person died.
    pub(crate) died: Option<Day>,
    /// The first given name.
    pub(crate) given: &'static str,
    /// The family name.
    pub(crate) family: String,
    /// The family name before a marriage, and when that was.
    pub(crate) maiden: Option<(String, Day)>,
    /// The order of birth of one of twins.
    pub(crate) twin: Option<u8>,
}

impl Household {
    /// The household at a place.
    pub(crate) fn new(world: &World, place: Place) -> Self {
        let chance = &mut Chance::new(world.seed, place.first, Field::Household);
        let origin = Names::origin(chance);
        let registered_twice = place.kind == Kind::Couple && chance.happens(1_100);
        let since = world.today - chance.between(30, 22 * YEAR);
        let home_chance = &mut Chance::new(world.seed, place.first, Field::Home);
        let town = world.town(home_chance);
        let home = Address::new(town, home_chance);
        let practice = town.practice(home_chance.below(super::town::PRACTICES));
        let telephone = home_chance
            .happens(55_000)
            .then(|| town.dial.to_owned() + &contact::telephone(home_chance));
        let before = home_chance.happens(35_000).then(|| {
            let chance = &mut Chance::new(world.seed, place.first, Field::FormerHome);
            // Most people move within their town.
            let town = if chance.happens(60_000) { town } else { world.town(chance) };
            Address::new(town, chance)
        });
        let members = members(world, place, origin, registered_twice);
        Self { place, origin, home, since, before, practice, telephone, registered_twice, members }
    }

    /// A parent of the member at a position, by position: the mother when there is one.
    pub(crate) fn parent_of(&self, position: usize) -> Option<usize> {
        self.members.get(position).filter(|member| member.role == Role::Child)?;
        let adults = || self.members.iter().enumerate().filter(|(_, it)| it.role == Role::Adult);
        let mother = adults().find(|(_, adult)| adult.sex == Sex::Female);
        mother.or_else(|| adults().next()).map(|(position, _)| position)
    }

    /// Whom the member at a position would have rung first, by position: another adult.
    pub(crate) fn next_of_kin(&self, position: usize) -> Option<usize> {
        let last = self.members.len() - usize::from(self.registered_twice);
        let mut others = self.members.iter().enumerate().take(last);
        others
            .find(|(at, other)| {
                *at != position && other.role != Role::Child && other.died.is_none()
            })
            .map(|(at, _)| at)
    }
}

fn members(world: &World, place: Place, origin: Origin, registered_twice: bool) -> Vec<Member> {
    let mut maker = Maker {
        world,
        origin,
        chance: Chance::new(world.seed, place.first, Field::Members),
        members: Vec::with_capacity(place.size as usize),
    };
    match place.kind {
        Kind::Single => maker.single(),
        Kind::Couple if registered_twice => {
            maker.single();
            maker.again();
        }
        Kind::Couple => maker.couple(22, 92),
        Kind::Family => maker.couple(24, 52),
        Kind::LoneParent => maker.lone_parent(),
        Kind::ThreeGenerations => {
            maker.couple(26, 48);
            maker.grandparent();
        }
        Kind::Sharers => (0..place.size).for_each(|_| maker.sharer()),
    }
    maker.children(place.size as usize);
    maker.members
}

/// Makes the members of one household, one after another.
struct Maker<'a> {
    world: &'a World,
    origin: Origin,
    chance: Chance,
    members: Vec<Member>,
}

impl Maker<'_> {
    fn single(&mut self) {
        let age = self.chance.weighted(&[(24, 20), (38, 25), (55, 25), (72, 20), (86, 10)], 50);
        let age = age + self.chance.between(-6, 6);
        let sex = self.sex(49_000);
        self.adult(sex, age, Role::Adult);
    }

    fn couple(&mut self, youngest: i32, oldest: i32) {
        let age = self.chance.between(youngest, oldest);
        let other = (age + self.chance.between(-6, 4)).max(18);
        let (first, second) = match self.chance.below(100) {
            0..96 => (Sex::Male, Sex::Female),
            96..98 => (Sex::Male, Sex::Male),
            _ => (Sex::Female, Sex::Female),
        };
        self.adult(first, age, Role::Adult);
        self.adult(second, other, Role::Adult);
        if self.chance.happens(72_000) {
            self.marry();
        }
    }

    fn lone_parent(&mut self) {
        let sex = self.sex(14_000);
        let age = self.chance.between(22, 50);
        self.adult(sex, age, Role::Adult);
    }

    fn grandparent(&mut self) {
        let age = self.chance.between(68, 90);
        let sex = self.sex(35_000);
        self.adult(sex, age, Role::Grandparent);
        let family = self.family_of(0);
        if let Some(grandparent) = self.members.last_mut() {
            grandparent.family = family;
        }
    }

    fn sharer(&mut self) {
        let home = self.origin;
        if self.chance.happens(50_000) {
            self.origin = Names::origin(&mut self.chance);
        }
        let age = self.chance.between(18, 29);
        let sex = self.sex(50_000);
        self.adult(sex, age, Role::Adult);
        self.origin = home;
    }

    /// The first member again, taken down with a slip of the pen.
    fn again(&mut self) {
        let Some(mut twice) = self.members.first().cloned() else { return };
        if self.chance.happens(50_000) {
            twice.family = twice.family.to_uppercase();
        }
        twice.died = None;
        twice.maiden = None;
        self.members.push(twice);
    }

    fn children(&mut self, size: usize) {
        let parent_age_days = self
            .members
            .iter()
            .filter(|it| it.role == Role::Adult)
            .map(|it| self.world.today - it.born);
        let oldest = ((parent_age_days.min().unwrap_or_default() / YEAR) - 19).clamp(0, 17);
        let family = self.family_of_children();
        let twins = size - self.members.len().min(size) >= 2 && self.chance.happens(3_000);
        let first_child = self.members.len();
        if first_child < size {
            // No child is born to the dead.
            self.members
                .iter_mut()
                .filter(|it| it.role == Role::Adult)
                .for_each(|it| it.died = None);
        }
        while self.members.len() < size {
            let order = self.members.len() - first_child;
            let twin = (twins && order < 2).then_some(order as u8 + 1);
            let elder = self.members.get(first_child).filter(|_| twin == Some(2)).map(|it| it.born);
            let age_days = self.chance.between(2, oldest * YEAR + 300);
            let born = elder.unwrap_or(self.world.today - age_days);
            let sex = self.sex(51_000);
            let given = self.given(sex, born);
            self.members.push(Member {
                role: Role::Child,
                sex,
                born,
                died: None,
                given,
                family: family.clone(),
                maiden: None,
                twin,
            });
        }
    }

    fn adult(&mut self, sex: Sex, age: i32, role: Role) {
        let born = self.world.today - age.max(18) * YEAR - self.chance.between(20, YEAR);
        let given = self.given(sex, born);
        let mut family = self.world.names.family(self.origin, &mut self.chance).to_owned();
        if self.chance.happens(1_500) && family.len() < 12 {
            family.push('-');
            family.push_str(self.world.names.family(Origin::British, &mut self.chance));
        }
        let died = self.death(born, age);
        self.members.push(Member {
            role,
            sex,
            born,
            died,
            given,
            family,
            maiden: None,
            twin: None,
        });
    }

    /// The second member takes the name of the first.
    fn marry(&mut self) {
        let wed = self.chance.between(60, 30 * YEAR);
        let today = self.world.today;
        if let [first, second, ..] = self.members.as_mut_slice() {
            let wed = (today - wed).max(first.born + 18 * YEAR).max(second.born + 18 * YEAR);
            let own = std::mem::replace(&mut second.family, first.family.clone());
            let alive = |it: &Member| it.died.is_none_or(|died| died > wed);
            if own != second.family && wed < today && alive(first) && alive(second) {
                second.maiden = Some((own, wed));
            }
        }
    }

    /// When somebody of an age died, if so: in the last years, the likelier the older.
    fn death(&mut self, born: Day, age: i32) -> Option<Day> {
        let in_100_000 = match age {
            ..40 => 200,
            40..60 => 1_200,
            60..70 => 5_000,
            70..80 => 12_000,
            80..90 => 28_000,
            _ => 50_000,
        };
        let years = (age - 18).clamp(1, 9);
        let ago = self.chance.between(15, years * YEAR);
        self.chance.happens(in_100_000).then(|| (self.world.today - ago).max(born + 1))
    }

    /// A given name of the time, and not that of a brother or sister.
    fn given(&mut self, sex: Sex, born: Day) -> &'static str {
        let decade = self.world.calendar.decade(born);
        let Some(list) = self.world.names.given(self.origin, sex, decade) else { return "" };
        let mut name = list.draw(&mut self.chance);
        while self.members.iter().any(|member| member.given == name) {
            name = list.after(name);
        }
        name
    }

    fn sex(&mut self, men_in_100_000: u32) -> Sex {
        if self.chance.happens(men_in_100_000) { Sex::Male } else { Sex::Female }
    }

    fn family_of(&self, position: usize) -> String {
        self.members.get(position).map(|member| member.family.clone()).unwrap_or_default()
    }

    /// Children have the name of their parents; of parents with two names some have both.
    fn family_of_children(&mut self) -> String {
        let first = self.family_of(0);
        let second = self.members.get(1).filter(|it| it.role == Role::Adult);
        match second.map(|it| it.family.clone()) {
            Some(second) if second != first && first.len() + second.len() < 18 => {
                match self.chance.below(100) {
                    0..20 => format!("{first}-{second}"),
                    20..45 => second,
                    _ => first,
                }
            }
            _ => first,
        }
    }
}
