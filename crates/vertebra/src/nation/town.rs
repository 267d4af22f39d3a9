//! The towns of the nation: where people live, whom they ring and where they are registered.

/// A town.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Town {
    /// Its place among the towns.
    pub(crate) index: u32,
    /// The post town.
    pub(crate) name: &'static str,
    /// The county.
    pub(crate) county: &'static str,
    /// The letters that its postcodes start with.
    pub(crate) area: &'static str,
    /// The highest district of the area.
    pub(crate) districts: u32,
    /// The first eight digits of its telephone numbers, from the ranges that are kept free for
    /// drama: <https://www.ofcom.org.uk/phones-and-broadband/phone-numbers/numbers-for-drama>.
    pub(crate) dial: &'static str,
    /// The country, as the national service's codes of birth places say it: 1 England,
    /// 2 Scotland, 3 Wales, 4 Northern Ireland.
    pub(crate) country: &'static str,
}

/// How many practices a town has.
pub(crate) const PRACTICES: u32 = 4;
/// How many pharmacies a town has.
pub(crate) const PHARMACIES: u32 = 2;

/// Where telephone numbers go that belong to no large town.
const ELSEWHERE: &str = "01632960";

/// Name, county, postcode area, districts, telephone range (or nothing), country, share.
type Row = (&'static str, &'static str, &'static str, u32, &'static str, &'static str, u32);

#[rustfmt::skip]
const TOWNS: [Row; 44] = [
    ("London", "Greater London", "SE", 28, "02079460", "1", 14),
    ("Croydon", "Surrey", "CR", 9, "02079460", "1", 5),
    ("Ilford", "Essex", "IG", 11, "02079460", "1", 4),
    ("Birmingham", "West Midlands", "B", 49, "01214960", "1", 9),
    ("Coventry", "West Midlands", "CV", 6, "", "1", 4),
    ("Wolverhampton", "West Midlands", "WV", 14, "", "1", 3),
    ("Manchester", "Greater Manchester", "M", 35, "01614960", "1", 8),
    ("Oldham", "Greater Manchester", "OL", 9, "01614960", "1", 2),
    ("Bolton", "Greater Manchester", "BL", 9, "", "1", 3),
    ("Leeds", "West Yorkshire", "LS", 29, "01134960", "1", 7),
    ("Bradford", "West Yorkshire", "BD", 18, "", "1", 4),
    ("Halifax", "West Yorkshire", "HX", 7, "", "1", 2),
    ("Sheffield", "South Yorkshire", "S", 36, "01144960", "1", 5),
    ("Doncaster", "South Yorkshire", "DN", 12, "", "1", 2),
    ("Liverpool", "Merseyside", "L", 36, "01514960", "1", 5),
    ("Newcastle upon Tyne", "Tyne and Wear", "NE", 40, "01914980", "1", 4),
    ("Durham", "County Durham", "DH", 9, "01914980", "1", 1),
    ("York", "North Yorkshire", "YO", 32, "", "1", 2),
    ("Hull", "East Riding of Yorkshire", "HU", 17, "", "1", 3),
    ("Scunthorpe", "North Lincolnshire", "DN", 17, "", "1", 1),
    ("Lincoln", "Lincolnshire", "LN", 13, "", "1", 2),
    ("Nottingham", "Nottinghamshire", "NG", 34, "01154960", "1", 4),
    ("Leicester", "Leicestershire", "LE", 19, "01164960", "1", 4),
    ("Derby", "Derbyshire", "DE", 24, "", "1", 3),
    ("Stoke-on-Trent", "Staffordshire", "ST", 13, "", "1", 3),
    ("Bristol", "Avon", "BS", 49, "01174960", "1", 5),
    ("Bath", "Somerset", "BA", 3, "", "1", 1),
    ("Exeter", "Devon", "EX", 24, "", "1", 2),
    ("Plymouth", "Devon", "PL", 9, "", "1", 3),
    ("Truro", "Cornwall", "TR", 20, "", "1", 1),
    ("Southampton", "Hampshire", "SO", 53, "", "1", 3),
    ("Brighton", "East Sussex", "BN", 3, "", "1", 3),
    ("Canterbury", "Kent", "CT", 21, "", "1", 2),
    ("Norwich", "Norfolk", "NR", 19, "", "1", 2),
    ("Cambridge", "Cambridgeshire", "CB", 25, "", "1", 2),
    ("Oxford", "Oxfordshire", "OX", 49, "", "1", 2),
    ("Milton Keynes", "Buckinghamshire", "MK", 19, "", "1", 2),
    ("Carlisle", "Cumbria", "CA", 28, "", "1", 1),
    ("Preston", "Lancashire", "PR", 9, "", "1", 2),
    ("Cardiff", "South Glamorgan", "CF", 24, "02920180", "3", 3),
    ("Swansea", "West Glamorgan", "SA", 20, "", "3", 2),
    ("Aberystwyth", "Ceredigion", "SY", 25, "", "3", 1),
    ("Berwick-upon-Tweed", "Northumberland", "TD", 15, "", "1", 1),
    ("Douglas", "Isle of Man", "IM", 9, "", "1", 1),
];

/// All towns.
pub(crate) fn all() -> impl Iterator<Item = (Town, u32)> {
    (0..).zip(TOWNS).map(|(index, (name, county, area, districts, dial, country, share))| {
        let dial = if dial.is_empty() { ELSEWHERE } else { dial };
        (Town { index, name, county, area, districts, dial, country }, share)
    })
}

impl Town {
    /// The ODS code of one of its practices: a letter and five digits.
    pub(crate) fn practice(&self, which: u32) -> String {
        let letters = b"ABCDEFGHJKLMNP";
        let letter = letters.get(self.index as usize % letters.len()).map_or('A', |it| *it as char);
        format!("{letter}{}", 81_001 + self.index * PRACTICES + which)
    }

    /// The ODS code of one of its pharmacies: an F, two letters and two digits.
    pub(crate) fn pharmacy(&self, which: u32) -> String {
        let letter = |at: u32| char::from(b'A' + (at % 26) as u8);
        format!("F{}{}{:02}", letter(self.index / 26), letter(self.index), 11 + which)
    }
}

#[cfg(test)]
mod tests;
