//! What is wrong with a request, by the specification of its parameters: all of it at once.

use base::Fault;
use serde_json::{Value, json};

use crate::faults::about;

/// What was found to be wrong so far.
#[derive(Debug, Default)]
pub(crate) struct Wrong {
    found: Vec<Value>,
}

/// Where a parameter stands: `query`, `header`, `path`, `body`, and its name.
pub(crate) type At<'a> = (&'static str, &'a str);

impl Wrong {
    /// A parameter that must be there is not.
    pub(crate) fn missing(&mut self, (place, name): At<'_>) {
        self.found.push(json!({
            "type": "missing",
            "loc": [place, name],
            "msg": "Field required",
        }));
    }

    /// A text has more characters than it may, or fewer.
    pub(crate) fn length(&mut self, (place, name): At<'_>, value: &str, min: usize, max: usize) {
        let long = value.chars().count();
        let (kind, words, bound, limit) = if long < min {
            ("string_too_short", "at least", "min_length", min)
        } else if long > max {
            ("string_too_long", "at most", "max_length", max)
        } else {
            return;
        };
        self.found.push(json!({
            "type": kind,
            "loc": [place, name],
            "msg": format!("String should have {words} {limit} characters"),
            "input": value,
            "ctx": { bound: limit },
        }));
    }

    /// A number within bounds, if it is one.
    pub(crate) fn number(
        &mut self,
        (place, name): At<'_>,
        value: &str,
        min: i64,
        max: i64,
    ) -> Option<i64> {
        let Ok(number) = value.parse::<i64>() else {
            self.found.push(json!({
                "type": "int_parsing",
                "loc": [place, name],
                "msg": "Input should be a valid integer, unable to parse string as an integer",
                "input": value,
            }));
            return None;
        };
        let (kind, words, bound, limit) = if number < min {
            ("greater_than_equal", "greater than or equal to", "ge", min)
        } else if number > max {
            ("less_than_equal", "less than or equal to", "le", max)
        } else {
            return Some(number);
        };
        self.found.push(json!({
            "type": kind,
            "loc": [place, name],
            "msg": format!("Input should be {words} {limit}"),
            "input": value,
            "ctx": { bound: limit },
        }));
        None
    }

    /// A value that does not do for another reason.
    pub(crate) fn value(&mut self, (place, name): At<'_>, value: &str, why: &str) {
        self.found.push(json!({
            "type": "value_error",
            "loc": [place, name],
            "msg": format!("Value error, {why}"),
            "input": value,
        }));
    }

    /// The fault that lists what is wrong, if anything is.
    ///
    /// # Errors
    /// When anything is wrong.
    pub(crate) fn done(self) -> Result<(), Fault> {
        if self.found.is_empty() {
            return Ok(());
        }
        Err(about("VALIDATION", &Value::Array(self.found).to_string()))
    }
}
