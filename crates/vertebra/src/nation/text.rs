//! JSON text, written straight: a nation is tens of gigabytes of it.
//!
//! Only texts without quotes, backslashes and control characters are written: all of them come
//! from this program's own lists. A test reads everything back and compares.

use nhs::url;

use super::calendar::{Calendar, Day};
use super::chance::Chance;

/// JSON text in the making.
#[derive(Debug, Default)]
pub(crate) struct Text {
    text: String,
}

impl From<Text> for String {
    fn from(text: Text) -> Self {
        text.text
    }
}

/// What an element of a record says of when it was so.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Period {
    /// The first day.
    pub(crate) start: Day,
    /// The last day, when it is known.
    pub(crate) end: Option<Day>,
}

impl Period {
    /// From a day on.
    pub(crate) fn from(start: Day) -> Self {
        Self { start, end: None }
    }

    /// From a day to another.
    pub(crate) fn between(start: Day, end: Day) -> Self {
        Self { start: start.min(end), end: Some(end) }
    }
}

impl Text {
    /// Room for so many bytes.
    pub(crate) fn with_room(bytes: usize) -> Self {
        Self { text: String::with_capacity(bytes) }
    }

    /// Adds text as it is.
    pub(crate) fn put(&mut self, text: &str) -> &mut Self {
        self.text.push_str(text);
        self
    }

    /// Adds several texts as they are.
    pub(crate) fn puts(&mut self, texts: &[&str]) -> &mut Self {
        for text in texts {
            self.text.push_str(text);
        }
        self
    }

    /// Adds a comma unless it would be the first thing in an array or object.
    pub(crate) fn comma(&mut self) -> &mut Self {
        if !self.text.ends_with(['[', '{']) {
            self.text.push(',');
        }
        self
    }

    /// Adds a number.
    pub(crate) fn number(&mut self, number: u64) -> &mut Self {
        let mut digits = [0; 20];
        let mut rest = number;
        let mut from = digits.len();
        for digit in digits.iter_mut().rev() {
            *digit = b'0' + (rest % 10) as u8;
            from -= 1;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        let shown = digits.get(from..).and_then(|digits| std::str::from_utf8(digits).ok());
        self.put(shown.unwrap_or_default())
    }

    /// Adds strings as the elements of an array.
    pub(crate) fn strings<'a>(&mut self, strings: impl IntoIterator<Item = &'a str>) -> &mut Self {
        for string in strings {
            self.comma().puts(&["\"", string, "\""]);
        }
        self
    }

    /// Adds the member `id` with an id of eight hexadecimal digits.
    pub(crate) fn item_id(&mut self, chance: &mut Chance) -> &mut Self {
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let mut bits = chance.bits();
        self.put(r#""id":""#);
        for _ in 0..8 {
            let digit = DIGITS.get((bits & 15) as usize).map_or('0', |digit| *digit as char);
            self.text.push(digit);
            bits >>= 4;
        }
        self.put("\"")
    }

    /// Adds the member `period`.
    pub(crate) fn period(&mut self, calendar: &Calendar, period: Period) -> &mut Self {
        self.puts(&[r#""period":{"start":""#, calendar.text(period.start), "\""]);
        if let Some(end) = period.end {
            self.puts(&[r#","end":""#, calendar.text(end), "\""]);
        }
        self.put("}")
    }

    /// Adds a day as an instant, its midnight.
    pub(crate) fn midnight(&mut self, calendar: &Calendar, day: Day) -> &mut Self {
        self.puts(&["\"", calendar.text(day), "T00:00:00+00:00\""])
    }

    /// Adds an extension of the kind that holds an organisation by its ODS code.
    pub(crate) fn organisation(&mut self, extension: &str, code: &str) -> &mut Self {
        self.comma();
        self.puts(&[r#"{"url":""#, extension]);
        self.puts(&[r#"","valueReference":{"identifier":{"system":""#, url::ODS_CODE]);
        self.puts(&[r#"","value":""#, code, r#""}}}"#])
    }

    /// Adds an element `{"url": part, "valueCodeableConcept": ...}` of a complex extension.
    pub(crate) fn concept(&mut self, part: &str, coding: &[&str; 4]) -> &mut Self {
        let [system, version, code, display] = coding;
        self.comma().puts(&[r#"{"url":""#, part]);
        self.puts(&[r#"","valueCodeableConcept":{"coding":[{"system":""#, system]);
        if !version.is_empty() {
            self.puts(&[r#"","version":""#, version]);
        }
        self.puts(&[r#"","code":""#, code, r#"","display":""#, display, r#""}]}}"#])
    }

    /// How long it is.
    pub(crate) fn len(&self) -> usize {
        self.text.len()
    }

    /// Takes back what was added after it was so long.
    pub(crate) fn truncate(&mut self, length: usize) -> &mut Self {
        self.text.truncate(length);
        self
    }
}
