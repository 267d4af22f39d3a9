//! Kinds of text: how long, which characters, and the code for what does not fit.

use base::Fault;

use super::invalid;
use crate::faults::incorrect;

/// A kind of text.
#[derive(Clone, Copy)]
pub(crate) struct Text {
    /// The most characters; 0 when the request is the only bound.
    pub(crate) longest: usize,
    /// The regular expression that is published, if any.
    pub(crate) pattern: &'static str,
    /// Whether a text is of the kind; agrees with the pattern.
    pub(crate) fits: fn(&str) -> bool,
    /// Whether a misfit is called unsupported characters, or an invalid value.
    pub(crate) by_character: bool,
}

impl Text {
    const fn of(pattern: &'static str, longest: usize, fits: fn(&str) -> bool) -> Self {
        Self { longest, pattern, fits, by_character: false }
    }

    /// Any text.
    pub(crate) const ANY: Self = Self::of("", 0, |_| true);
    /// A line of ordinary text, as in an address or a display.
    pub(crate) const LINE: Self = Self {
        by_character: true,
        ..Self::of("^[^\\x00-\\x1F\\x7F]*$", 100, |text| {
            !text.chars().any(|c| c.is_ascii_control())
        })
    };
    /// A part of a name: letters of Latin-1 and Latin Extended-A, digits, space, `'`, `-`, `.`.
    pub(crate) const NAME: Self = Self {
        by_character: true,
        ..Self::of(
            "^[A-Za-z0-9À-ÖØ-öø-ſ '.\\-]*[A-Za-z0-9À-ÖØ-öø-ſ][A-Za-z0-9À-ÖØ-öø-ſ '.\\-]*$",
            35,
            is_name,
        )
    };
    /// A postcode, with or without its space.
    pub(crate) const POSTCODE: Self =
        Self { by_character: true, ..Self::of("^[A-Za-z0-9 ]{1,10}$", 10, is_postcode) };
    /// An NHS number, as to its digits.
    pub(crate) const TEN_DIGITS: Self = Self::of("^[0-9]{10}$", 10, |text| digits(text, 10..=10));
    /// A key of the postcode address file.
    pub(crate) const EIGHT_DIGITS: Self = Self::of("^[0-9]{8}$", 8, |text| digits(text, 8..=8));
    /// A unique property reference number.
    pub(crate) const PROPERTY: Self = Self::of("^[0-9]{1,12}$", 12, |text| digits(text, 1..=12));
    /// An organisation's code as an answer gives it.
    pub(crate) const ORGANISATION: Self = Self::of("^[0-9A-Z]+$", 0, |text| {
        !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit() || b.is_ascii_uppercase())
    });
    /// An organisation's code in a request.
    pub(crate) const ORGANISATION_SENT: Self = Self::of("^[A-Za-z0-9]{2,15}$", 15, |text| {
        (2..=15).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_alphanumeric())
    });
    /// The code of a language: `en`, `fr`, `q4`.
    pub(crate) const LANGUAGE: Self = Self::of("^[a-z0-9]{2,3}$", 3, |text| {
        matches!(text.len(), 2 | 3)
            && text.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
    });
    /// Three capital letters: a country (ISO 3166).
    pub(crate) const COUNTRY: Self = Self::of("^[A-Z]{3}$", 3, |text| {
        text.len() == 3 && text.bytes().all(|b| b.is_ascii_uppercase())
    });
    /// A number on a European card: up to 25 letters, digits and `- , / : ' .` and space.
    pub(crate) const CARD_25: Self = Self::of("^[a-zA-Z0-9\\-,/:'. ]{1,25}$", 25, is_card);
    /// The number of an institution on a European card: up to 30 of the same.
    pub(crate) const CARD_30: Self = Self::of("^[a-zA-Z0-9\\-,/:'. ]{1,30}$", 30, is_card);
    /// Times at which a patient may be contacted.
    pub(crate) const TIMES: Self = Self { longest: 40, ..Self::LINE };
    /// A date of death: an instant at +00:00, or a date.
    pub(crate) const DEATH: Self = Self::of(
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}(T[0-9]{2}:[0-9]{2}:[0-9]{2}(\\+00:00)?)?$",
        25,
        is_death,
    );
    /// The number of a version.
    pub(crate) const VERSION: Self = Self::of("^[0-9]+$", 0, |text| digits(text, 1..=usize::MAX));

    /// Checks a text that stands at a place.
    pub(super) fn check(&self, text: &str, at: &str) -> Result<(), Fault> {
        if self.longest > 0 && text.chars().count() > self.longest {
            return Err(invalid(text, at));
        }
        if (self.fits)(text) {
            return Ok(());
        }
        if self.by_character && !text.is_empty() {
            let why = format!("Unsupported characters in field '{at}'");
            return Err(incorrect("UNSUPPORTED_CHARACTERS_IN_FIELD", why));
        }
        Err(invalid(text, at))
    }
}

fn digits(text: &str, lengths: std::ops::RangeInclusive<usize>) -> bool {
    lengths.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

fn is_name(text: &str) -> bool {
    text.chars().all(|c| is_letter_or_digit(c) || matches!(c, ' ' | '\'' | '-' | '.'))
        && text.chars().any(is_letter_or_digit)
}

fn is_letter_or_digit(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, 'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ſ')
}

fn is_postcode(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b == b' ')
}

fn is_card(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"-,/:'. ".contains(&b))
}

fn is_death(text: &str) -> bool {
    let date = text.get(..10).and_then(fhir::prefix::whole_date);
    let time = text.get(10..).unwrap_or_default();
    let time = time.strip_suffix("+00:00").unwrap_or(time);
    let timed = || text.get(..19).is_some_and(|text| text.parse::<jiff::civil::DateTime>().is_ok());
    date.is_some() && (time.is_empty() || time.len() == 9 && timed())
}
