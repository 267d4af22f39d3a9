//! What is looked for: the query, parsed and found to be one that can be asked.

use base::Fault;
use nhs::OdsCode;
use security::Mode;

use super::dates::Dates;
use super::minimum;
use super::pattern::Pattern;
use super::wrong;

/// The most patients that a search may answer with, and how many when it does not say.
const RESULTS_MAX: usize = 50;

/// How many values a date or a given name may have.
const DATES_MAX: usize = 2;
const GIVEN_MAX: usize = 10;

/// Every parameter of a search. The old name of the postcode comes last.
const PARAMETERS: [&str; 14] = [
    "_fuzzy-match",
    "_exact-match",
    "_history",
    "_max-results",
    "family",
    "given",
    "gender",
    "birthdate",
    "death-date",
    "address-postalcode",
    "general-practitioner",
    "email",
    "phone",
    "address-postcode",
];

const GENDERS: [&str; 4] = ["male", "female", "other", "unknown"];

/// What is looked for.
#[derive(Clone, Debug)]
pub(crate) struct Criteria {
    /// The family name.
    pub family: Option<Pattern>,
    /// The given names, the first name first.
    pub given: Vec<Pattern>,
    /// The gender.
    pub gender: Option<&'static str>,
    /// When the patient was born.
    pub born: Dates,
    /// When the patient died.
    pub died: Option<Dates>,
    /// The postcode.
    pub postcode: Option<Pattern>,
    /// The practice that the patient is registered with.
    pub practitioner: Option<OdsCode>,
    /// The e-mail address, in small letters.
    pub email: Option<String>,
    /// The phone number, without spaces.
    pub phone: Option<String>,
    /// Whether what sounds alike matches, and swapped names do.
    pub fuzzy: bool,
    /// Whether only exact matches are wanted.
    pub exact: bool,
    /// Whether the past counts; in a fuzzy search it always does.
    pub history: bool,
    /// How many matches are too many, less one.
    pub most: usize,
}

impl Criteria {
    /// Whether only people whose whereabouts may be known can be found: else a search could tell
    /// where somebody lives.
    pub(crate) fn asks_where(&self) -> bool {
        self.postcode.is_some() || self.practitioner.is_some()
    }
}

/// The values of a query by parameter.
struct Query<'a>(&'a [(String, String)]);

impl<'a> Query<'a> {
    fn all(&self, name: &str) -> impl Iterator<Item = &'a str> {
        self.0.iter().filter(move |(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    /// The value of a parameter that may be given once.
    fn one(&self, name: &'static str) -> Result<Option<&'a str>, Fault> {
        let mut values = self.all(name);
        let first = values.next();
        if values.next().is_some() { Err(wrong::repeated(name)) } else { Ok(first) }
    }

    /// The value of a parameter that may be given once, read in its own way.
    fn read<T>(
        &self,
        name: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Result<Option<T>, Fault> {
        let value = self.one(name)?;
        value.map(|value| read(value).ok_or_else(|| wrong::value(value, name))).transpose()
    }

    fn switch(&self, name: &'static str) -> Result<bool, Fault> {
        let read = self.read(name, |value| match value {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        })?;
        Ok(read.unwrap_or(false))
    }

    fn dates(&self, name: &'static str) -> Result<Option<Dates>, Fault> {
        if self.all(name).count() > DATES_MAX {
            return Err(wrong::repeated(name));
        }
        let mut dates = None;
        for value in self.all(name) {
            let narrowed = dates.unwrap_or(Dates::ANY).narrowed(value);
            dates = Some(narrowed.ok_or_else(|| wrong::value(value, name))?);
        }
        Ok(dates)
    }

    fn given(&self) -> Result<Vec<Pattern>, Fault> {
        if self.all("given").count() > GIVEN_MAX {
            return Err(wrong::repeated("given"));
        }
        let values = self.all("given");
        values
            .map(|value| Pattern::name(value).ok_or_else(|| wrong::value(value, "given")))
            .collect()
    }

    fn postcode(&self) -> Result<Option<Pattern>, Fault> {
        let now = self.read("address-postalcode", Pattern::postcode)?;
        let old = self.read("address-postcode", Pattern::postcode)?;
        if now.is_some() && old.is_some() { Err(wrong::two_postcodes()) } else { Ok(now.or(old)) }
    }

    fn most(&self, mode: Mode) -> Result<usize, Fault> {
        if mode == Mode::Worker {
            let most = self.read("_max-results", |value| {
                value.parse().ok().filter(|most| (1..=RESULTS_MAX).contains(most))
            })?;
            return Ok(most.unwrap_or(RESULTS_MAX));
        }
        match self.one("_max-results")? {
            None | Some("1") => Ok(1),
            Some(_) => Err(wrong::one_result_only()),
        }
    }
}

/// From the query to what is looked for.
///
/// # Errors
/// When it is not a search that can be made: the row of the error table that says why.
pub(crate) fn parse(query: &[(String, String)], mode: Mode) -> Result<Criteria, Fault> {
    if query.is_empty() {
        return Err(wrong::nothing_asked());
    }
    only_known(query)?;
    let query = Query(query);
    let most = query.most(mode)?;
    let fuzzy = query.switch("_fuzzy-match")?;
    let criteria = Criteria {
        family: query.read("family", Pattern::name)?,
        given: query.given()?,
        gender: query.read("gender", |value| GENDERS.into_iter().find(|known| *known == value))?,
        died: query.dates("death-date")?,
        postcode: query.postcode()?,
        practitioner: query.read("general-practitioner", OdsCode::parse)?,
        email: query.read("email", |value| filled(&value.to_lowercase()))?,
        phone: query.read("phone", filled)?,
        fuzzy,
        exact: query.switch("_exact-match")?,
        history: query.switch("_history")? || fuzzy,
        most,
        born: query.dates("birthdate")?.ok_or_else(wrong::no_birth_date)?,
    };
    minimum::check(&criteria)?;
    Ok(criteria)
}

fn only_known(query: &[(String, String)]) -> Result<(), Fault> {
    let mut unknown: Vec<&str> = Vec::new();
    for (name, _) in query {
        if !PARAMETERS.contains(&name.as_str()) && !unknown.contains(&name.as_str()) {
            unknown.push(name);
        }
    }
    if unknown.is_empty() { Ok(()) } else { Err(wrong::unexpected(&unknown)) }
}

/// A text without its spaces, when anything is left.
pub(crate) fn filled(value: &str) -> Option<String> {
    let filled: String = value.split_whitespace().collect();
    (!filled.is_empty()).then_some(filled)
}

#[cfg(test)]
mod tests;
