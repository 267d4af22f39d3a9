//! The shape of a JSON value, said once. From it come the check of what a caller sends, with the
//! error codes of the specification, and the JSON Schema that is published: the two cannot differ.
//!
//! Clause: the error tables of `POST /Patient` and `POST /Coverage`.

use base::Fault;
use serde_json::Value;

use crate::faults::{incorrect, invalid_value};

mod publish;
pub(crate) mod text;

pub(crate) use text::Text;

/// What a JSON value may look like.
#[derive(Clone)]
pub(crate) enum Shape {
    /// A text of a certain kind.
    Text(Text),
    /// One of a few words.
    Code(&'static [&'static str]),
    /// One of the first words; the others stand in old records and can no longer be set.
    CodeNow(&'static [&'static str], &'static [&'static str]),
    /// A date, `yyyy-mm-dd`.
    Date,
    /// An instant with an offset.
    Instant,
    /// True or false.
    Flag,
    /// A whole number between two, both included.
    Whole(u64, u64),
    /// A number above nothing, up to this one.
    Measure(u32),
    /// A list of at least so many and at most so many.
    List(usize, usize, Box<Shape>),
    /// An object.
    Object(Object),
    /// Any one of these.
    Either(Vec<Shape>),
    /// One of several objects: which is meant, a member of it says.
    Kind(&'static str, Vec<(&'static str, Shape)>),
    /// Anything at all.
    Anything,
}

/// An object and its members.
#[derive(Clone)]
pub(crate) struct Object {
    members: Vec<Member>,
    open: bool,
}

#[derive(Clone)]
struct Member {
    name: &'static str,
    required: bool,
    shape: Shape,
}

/// An object that has these members and no others.
pub(crate) fn object() -> Object {
    Object { members: Vec::new(), open: false }
}

/// An object that has these members and may have others.
pub(crate) fn open_object() -> Object {
    Object { members: Vec::new(), open: true }
}

/// A list of any length that a request can hold.
pub(crate) fn list(of: impl Into<Shape>) -> Shape {
    Shape::List(0, usize::MAX, Box::new(of.into()))
}

/// A list of at least `least` and at most `most`.
pub(crate) fn few(least: usize, most: usize, of: impl Into<Shape>) -> Shape {
    Shape::List(least, most, Box::new(of.into()))
}

/// An extension, or a part of one: which is meant, its `url` says.
pub(crate) fn extension(known: Vec<(&'static str, Shape)>) -> Shape {
    Shape::Kind("url", known)
}

impl Object {
    /// With a member that must be there.
    pub(crate) fn must(self, name: &'static str, shape: impl Into<Shape>) -> Self {
        self.member(name, true, shape.into())
    }

    /// With a member that may be there.
    pub(crate) fn may(self, name: &'static str, shape: impl Into<Shape>) -> Self {
        self.member(name, false, shape.into())
    }

    fn member(mut self, name: &'static str, required: bool, shape: Shape) -> Self {
        self.members.push(Member { name, required, shape });
        self
    }
}

impl From<Object> for Shape {
    fn from(object: Object) -> Self {
        Self::Object(object)
    }
}

impl From<Text> for Shape {
    fn from(text: Text) -> Self {
        Self::Text(text)
    }
}

impl Shape {
    /// Checks what a caller sent against the shape.
    ///
    /// # Errors
    /// The row of the error table that says what is wrong, with the place in `diagnostics`.
    pub(crate) fn check(&self, value: &Value) -> Result<(), Fault> {
        self.check_at(value, "")
    }

    /// Checks a value that stands at a place in what a caller sent.
    ///
    /// # Errors
    /// As [`Shape::check`].
    pub(crate) fn check_at(&self, value: &Value, at: &str) -> Result<(), Fault> {
        match self {
            Self::Text(text) => text.check(string(value, at)?, at),
            Self::Code(allowed) => code(string(value, at)?, allowed, &[], at),
            Self::CodeNow(allowed, legacy) => code(string(value, at)?, allowed, legacy, at),
            Self::Date => {
                known(string(value, at)?, at, |text| fhir::prefix::whole_date(text).is_some())
            }
            Self::Instant => known(string(value, at)?, at, is_instant),
            Self::Flag => value.as_bool().map(|_| ()).ok_or_else(|| wrong_type(at, "a boolean")),
            Self::Whole(least, most) => whole(value, *least, *most, at),
            Self::Measure(most) => measure(value, *most, at),
            Self::List(least, most, of) => items(value, *least, *most, of, at),
            Self::Object(object) => object.check_at(value, at),
            Self::Either(shapes) => either(shapes, value, at),
            Self::Kind(member, known) => kind(member, known, value, at),
            Self::Anything => Ok(()),
        }
    }
}

impl Object {
    fn check_at(&self, value: &Value, at: &str) -> Result<(), Fault> {
        let members = value.as_object().ok_or_else(|| wrong_type(at, "an object"))?;
        for name in members.keys() {
            if !self.open && self.members.iter().all(|member| member.name != name) {
                return Err(additional(name));
            }
        }
        for member in &self.members {
            let place = below(at, member.name);
            match members.get(member.name) {
                Some(value) => member.shape.check_at(value, &place)?,
                None if member.required => return Err(missing(&place)),
                None => {}
            }
        }
        Ok(())
    }
}

fn string<'a>(value: &'a Value, at: &str) -> Result<&'a str, Fault> {
    value.as_str().ok_or_else(|| wrong_type(at, "a string"))
}

fn code(
    text: &str,
    allowed: &[&'static str],
    legacy: &[&'static str],
    at: &str,
) -> Result<(), Fault> {
    if legacy.contains(&text) {
        let why = format!("Unsupported value - '{text}' in field '{at}'");
        return Err(incorrect("UNSUPPORTED_VALUE", why));
    }
    known(text, at, |text| allowed.contains(&text))
}

fn known(text: &str, at: &str, is: impl Fn(&str) -> bool) -> Result<(), Fault> {
    if is(text) { Ok(()) } else { Err(invalid(text, at)) }
}

fn is_instant(text: &str) -> bool {
    text.get(10..11) == Some("T") && text.parse::<jiff::Timestamp>().is_ok()
}

fn whole(value: &Value, least: u64, most: u64, at: &str) -> Result<(), Fault> {
    let number = value.as_number().ok_or_else(|| wrong_type(at, "a whole number"))?;
    let fits = number.as_u64().is_some_and(|number| (least..=most).contains(&number));
    if fits { Ok(()) } else { Err(invalid(&number.to_string(), at)) }
}

fn measure(value: &Value, most: u32, at: &str) -> Result<(), Fault> {
    let number = value.as_number().ok_or_else(|| wrong_type(at, "a number"))?;
    let fits = number.as_f64().is_some_and(|number| number > 0.0 && number <= f64::from(most));
    if fits { Ok(()) } else { Err(invalid(&number.to_string(), at)) }
}

fn items(value: &Value, least: usize, most: usize, of: &Shape, at: &str) -> Result<(), Fault> {
    let items = value.as_array().ok_or_else(|| wrong_type(at, "an array"))?;
    if items.len() < least {
        let why = format!("Too few values submitted in field '{at}' - the least is {least}");
        return Err(incorrect("TOO_FEW_VALUES_SUBMITTED", why));
    }
    if items.len() > most {
        let why = format!("Too many values submitted in field '{at}' - the most is {most}");
        return Err(incorrect("TOO_MANY_VALUES_SUBMITTED", why));
    }
    for (number, item) in items.iter().enumerate() {
        of.check_at(item, &below(at, &number.to_string()))?;
    }
    Ok(())
}

/// Passes when one of the shapes fits; says what the last one misses otherwise.
fn either(shapes: &[Shape], value: &Value, at: &str) -> Result<(), Fault> {
    let mut last = Ok(());
    for shape in shapes {
        last = shape.check_at(value, at);
        if last.is_ok() {
            break;
        }
    }
    last
}

fn kind(
    member: &str,
    known: &[(&'static str, Shape)],
    value: &Value,
    at: &str,
) -> Result<(), Fault> {
    let members = value.as_object().ok_or_else(|| wrong_type(at, "an object"))?;
    let place = below(at, member);
    let name = string(members.get(member).ok_or_else(|| missing(&place))?, &place)?;
    match known.iter().find(|(known, _)| *known == name) {
        Some((_, shape)) => shape.check_at(value, at),
        None => Err(invalid(name, &place)),
    }
}

fn below(at: &str, name: &str) -> String {
    if at.is_empty() { name.to_owned() } else { format!("{at}/{name}") }
}

/// Something that must be there is not.
pub(crate) fn missing(at: &str) -> Fault {
    incorrect("MISSING_VALUE", format!("Missing value - '{at}'"))
}

/// A value is not one that its place takes.
pub(crate) fn invalid(text: &str, at: &str) -> Fault {
    invalid_value(&shortened(text), &format!("field '{at}'"))
}

fn additional(name: &str) -> Fault {
    let name = shortened(name);
    let why = format!("Additional properties are not allowed ('{name}' was unexpected)");
    incorrect("ADDITIONAL_PROPERTIES", format!("Invalid request with error - {why}"))
}

/// Nothing else fits: the value is not even of the right JSON type.
fn wrong_type(at: &str, wanted: &str) -> Fault {
    let place = if at.is_empty() { "the request body".to_owned() } else { format!("field '{at}'") };
    incorrect("VALIDATION_ERROR", format!("Validation error in {place} - {wanted} was expected"))
}

/// As much of what was sent as tells the sender which value is meant.
fn shortened(text: &str) -> String {
    const LONGEST: usize = 60;
    let mut shown: String = text.chars().take(LONGEST).collect();
    if shown.len() < text.len() {
        shown.push_str("...");
    }
    shown
}

#[cfg(test)]
mod tests;
