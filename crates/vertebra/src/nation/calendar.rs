//! Days as numbers, and their texts ready to copy: dates are written ten times for each person.

use jiff::civil::{Date, date};

/// Days since 1 January 1900.
pub(crate) type Day = i32;

/// Days in a year, near enough to place a birth.
pub(crate) const YEAR: Day = 365;

const FIRST: Date = date(1900, 1, 1);
const WIDTH: usize = 10;
/// Addresses for a while end after the reference date, by a year at most.
const BEYOND: Day = 800;

/// The texts of all days that a nation knows.
#[derive(Debug)]
pub(crate) struct Calendar {
    texts: String,
}

impl Calendar {
    /// The calendar of a nation on this day.
    pub(crate) fn until(today: Date) -> Self {
        let mut texts = String::new();
        let mut at = FIRST;
        for _ in 0..=day(today) + BEYOND {
            texts.push_str(&at.to_string());
            at = at.tomorrow().unwrap_or(at);
        }
        Self { texts }
    }

    /// The text of a day, `yyyy-mm-dd`.
    pub(crate) fn text(&self, day: Day) -> &str {
        let start = usize::try_from(day).unwrap_or_default() * WIDTH;
        self.texts.get(start..start + WIDTH).unwrap_or("1900-01-01")
    }

    /// The decade that a day is in: 0 for the nineteen-noughts.
    pub(crate) fn decade(&self, day: Day) -> usize {
        let text = self.text(day).get(..3).and_then(|text| text.parse::<usize>().ok());
        text.unwrap_or(190).saturating_sub(190)
    }
}

/// The number of a date.
pub(crate) fn day(date: Date) -> Day {
    (date - FIRST).get_days()
}
