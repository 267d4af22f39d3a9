//! Where people live: British addresses of streets that need not be there.

use super::chance::Chance;
use super::town::Town;

/// An address. Its parts are JSON text already, since they go into records as they are.
#[derive(Clone, Debug, Default)]
pub(crate) struct Address {
    /// The lines, as a JSON array of four or five strings of which none is empty: the fourth must
    /// not be, and what is empty would have to be taken out at each reading.
    pub(crate) lines: String,
    /// The postcode.
    pub(crate) postcode: String,
    /// Its key in the Postcode Address File, eight digits, and its unique property reference
    /// number, twelve.
    pub(crate) keys: Option<(u32, u64)>,
    /// The town.
    pub(crate) town: Town,
}

const STREETS: [&str; 64] = [
    "High",
    "Station",
    "Church",
    "Park",
    "Victoria",
    "Mill",
    "Green",
    "Manor",
    "Kings",
    "Queens",
    "New",
    "Grange",
    "North",
    "South",
    "West",
    "School",
    "Chapel",
    "Springfield",
    "Albert",
    "George",
    "Alexandra",
    "York",
    "Windsor",
    "Stanley",
    "The Crescent",
    "Highfield",
    "Orchard",
    "Meadow",
    "Elm",
    "Oak",
    "Beech",
    "Cedar",
    "Willow",
    "Hawthorn",
    "Rowan",
    "Holly",
    "Ash",
    "Sycamore",
    "Chestnut",
    "Lime Tree",
    "Cromwell",
    "Nelson",
    "Wellington",
    "Gladstone",
    "Balmoral",
    "Sandringham",
    "Clarence",
    "Cambridge",
    "Oxford",
    "Lancaster",
    "Richmond",
    "Priory",
    "Abbey",
    "Vicarage",
    "St. John's",
    "St. Mary's",
    "Mount Pleasant",
    "Bridge",
    "River",
    "Canal",
    "Market",
    "Castle",
    "Quarry",
    "Moor",
];
const KINDS: [&str; 16] = [
    "Road", "Road", "Road", "Street", "Street", "Street", "Avenue", "Avenue", "Lane", "Lane",
    "Close", "Close", "Drive", "Gardens", "Terrace", "Way",
];
const LOCALITIES: [&str; 32] = [
    "Westfield",
    "Eastgate",
    "Northwood",
    "Southfields",
    "Hillside",
    "Moorside",
    "Riverside",
    "Newtown",
    "Old Town",
    "Thornhill",
    "Broomfield",
    "Kirkby",
    "Ashby",
    "Netherton",
    "Overton",
    "Upton",
    "Norton",
    "Sutton",
    "Weston",
    "Middleton",
    "Burnside",
    "Woodhouse",
    "Oakley",
    "Marshside",
    "Fairfield",
    "Heathcote",
    "Longridge",
    "Whitefield",
    "Holbeck",
    "Redhill",
    "Kingsway",
    "Deanwater",
];
const HOUSES: [&str; 20] = [
    "Rose Cottage",
    "The Old Rectory",
    "Orchard House",
    "The Gables",
    "Ivy Cottage",
    "Primrose Cottage",
    "Fairview",
    "The Laurels",
    "Hillcrest",
    "Woodlands",
    "The Old School House",
    "Elm House",
    "Holly Lodge",
    "Mill House",
    "Sea View",
    "The Haven",
    "Dove Cottage",
    "Tŷ Gwyn",
    "Bryn Awel",
    "Lynton",
];
const BLOCKS: [&str; 12] = [
    "Albion House",
    "Trafalgar Court",
    "The Heights",
    "Wharf View",
    "Jubilee House",
    "Canal Court",
    "Station Apartments",
    "Minster Court",
    "Nightingale House",
    "Brunel Court",
    "Turing House",
    "Seacole Court",
];
/// The letters of the second part of a postcode: those that are not easily misread.
const LETTERS: &[u8; 20] = b"ABDEFGHJLNPQRSTUWXYZ";

impl Address {
    /// An address in a town.
    pub(crate) fn new(town: Town, chance: &mut Chance) -> Self {
        let street = format!("{} {}", chance.one_of(&STREETS), chance.one_of(&KINDS));
        let house = 1 + chance.below(160);
        let (locality, name, county) = (chance.one_of(&LOCALITIES), town.name, town.county);
        let lines = match chance.below(100) {
            0..72 => format!(r#"["{house} {street}","{locality}","{name}","{county}"]"#),
            72..90 => {
                let (flat, block) = (1 + chance.below(40), chance.one_of(&BLOCKS));
                format!(r#"["Flat {flat}","{block}","{house} {street}","{name}","{county}"]"#)
            }
            _ => {
                let home = chance.one_of(&HOUSES);
                format!(r#"["{home}","{street}","{locality}","{name}","{county}"]"#)
            }
        };
        let keys = chance.happens(60_000).then(|| {
            (
                10_000_000 + chance.below(90_000_000),
                100_000_000_000 + chance.bits() % 900_000_000_000,
            )
        });
        Self { lines, postcode: postcode(town, chance), keys, town }
    }
}

fn postcode(town: Town, chance: &mut Chance) -> String {
    let district = 1 + chance.below(town.districts);
    let sector = chance.below(10);
    let mut letter =
        || LETTERS.get(chance.below(LETTERS.len() as u32) as usize).map_or('A', |it| *it as char);
    let (first, second) = (letter(), letter());
    format!("{}{district} {sector}{first}{second}", town.area)
}
