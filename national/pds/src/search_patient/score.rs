//! The score: one number for how well a patient fits what is looked for.
//!
//! The national service does not publish how it counts. Here every flaw of a match takes its
//! share away, whatever else there is: the score is the product of what the flaws leave. So it
//! lies above 0 and reaches 1 for a match without flaws only, and one more flaw never raises it.

/// Something about a match that is not as it was asked for, the slightest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Flaw {
    /// Fuzzy: the record has a further given name that was not asked for.
    GivenBeyond,
    /// The match is by a nickname or a temporary name.
    OtherName,
    /// The postcode was asked for with a wildcard.
    WildPostcode,
    /// A given name was asked for with a wildcard.
    WildGiven,
    /// Fuzzy: a given name sounds like the one asked for.
    AlikeGiven,
    /// The postcode is one of the past.
    PastPostcode,
    /// Fuzzy: a further given name that was asked for is not on the record.
    GivenMissing,
    /// Fuzzy: the practice is another one.
    OtherPractice,
    /// The family name was asked for with a wildcard.
    WildFamily,
    /// Fuzzy: the family name sounds like the one asked for.
    AlikeFamily,
    /// Fuzzy: the date of death is another one, or there is none.
    OtherDeath,
    /// The name is one of the past.
    PastName,
    /// Fuzzy: the family name was asked for as given name and the other way round.
    Swapped,
    /// Fuzzy: the gender is one of the past.
    PastGender,
}

impl Flaw {
    /// What it leaves of the score.
    fn leaves(self) -> f64 {
        match self {
            Self::GivenBeyond => 0.98,
            Self::OtherName => 0.97,
            Self::WildPostcode => 0.965,
            Self::WildGiven => 0.96,
            Self::AlikeGiven => 0.955,
            Self::PastPostcode => 0.95,
            Self::GivenMissing => 0.94,
            Self::OtherPractice => 0.93,
            Self::WildFamily => 0.925,
            Self::AlikeFamily => 0.92,
            Self::OtherDeath => 0.91,
            Self::PastName => 0.9,
            Self::Swapped => 0.85,
            Self::PastGender => 0.8,
        }
    }
}

/// The least score, so that a match never reads as none.
const LEAST: f64 = 0.0001;

/// The score of a match with these flaws: above 0, at most 1, four decimals.
pub(crate) fn score(flaws: &[Flaw]) -> f64 {
    let left: f64 = flaws.iter().map(|flaw| flaw.leaves()).product();
    ((left * 10_000.0).round() / 10_000.0).max(LEAST)
}

#[cfg(test)]
mod tests;
