//! The countries that issue the European Health Insurance Card, by their ISO 3166 code.
//!
//! Clause: Regulation (EC) No 883/2004: the European Union, the European Economic Area and
//! Switzerland; and the United Kingdom by agreement.

#[rustfmt::skip]
const COUNTRIES: &[(&str, &str)] = &[
    ("AUT", "Austria"), ("BEL", "Belgium"), ("BGR", "Bulgaria"), ("CHE", "Switzerland"),
    ("CYP", "Cyprus"), ("CZE", "Czechia"), ("DEU", "Germany"), ("DNK", "Denmark"),
    ("ESP", "Spain"), ("EST", "Estonia"), ("FIN", "Finland"), ("FRA", "France"),
    ("GBR", "United Kingdom"), ("GRC", "Greece"), ("HRV", "Croatia"), ("HUN", "Hungary"),
    ("IRL", "Ireland"), ("ISL", "Iceland"), ("ITA", "Italy"), ("LIE", "Liechtenstein"),
    ("LTU", "Lithuania"), ("LUX", "Luxembourg"), ("LVA", "Latvia"), ("MLT", "Malta"),
    ("NLD", "Netherlands"), ("NOR", "Norway"), ("POL", "Poland"), ("PRT", "Portugal"),
    ("ROU", "Romania"), ("SVK", "Slovakia"), ("SVN", "Slovenia"), ("SWE", "Sweden"),
];

/// The name of a country that issues the card.
pub(super) fn name(code: &str) -> Option<&'static str> {
    COUNTRIES.iter().find(|(known, _)| *known == code).map(|(_, name)| *name)
}
