//! The days that a search allows: from the first to the last, both included.

use fhir::prefix::{self, Prefix};
use jiff::civil::Date;

/// The days that a search allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Dates {
    first: Date,
    last: Date,
}

impl Dates {
    /// Every day.
    pub(crate) const ANY: Self = Self { first: Date::ZERO, last: Date::MAX };

    /// What is left of these days under one more value `[eq|ge|le]yyyy-mm-dd`; nothing when the
    /// value is not of that form. Values that contradict each other leave no day.
    pub(crate) fn narrowed(self, written: &str) -> Option<Self> {
        let (prefix, date) = prefix::date(written)?;
        let (first, last) = match prefix {
            Prefix::Eq => (date, date),
            Prefix::Ge => (date, Date::MAX),
            Prefix::Le => (Date::ZERO, date),
        };
        Some(Self { first: self.first.max(first), last: self.last.min(last) })
    }

    /// The first day allowed.
    pub(crate) fn first(self) -> Date {
        self.first
    }

    /// The last day allowed.
    pub(crate) fn last(self) -> Date {
        self.last
    }

    /// Whether a day is allowed.
    pub(crate) fn hold(self, date: Date) -> bool {
        self.first <= date && date <= self.last
    }

    /// How many days are allowed, none or more.
    pub(crate) fn count(self) -> usize {
        let days = self.first.until(self.last).map_or(0, |span| span.get_days());
        if self.first > self.last { 0 } else { usize::try_from(days).unwrap_or(0) + 1 }
    }

    /// The days, in order.
    pub(crate) fn days(self) -> impl Iterator<Item = Date> {
        self.first.series(jiff::ToSpan::day(1)).take_while(move |date| *date <= self.last)
    }
}

#[cfg(test)]
mod tests;
