//! The business rules of a patient's record: what may stand in it, and what may become of it.
//!
//! Clause: "Patient data fields" of `PATCH /Patient/{id}`. Each file is one field of that page.
//! Rules look at what changed and at nothing else, because old records hold much that could not be
//! written today. They know no store and no clock: what they need to know stands in [`Context`].

use base::Fault;
use jiff::civil::Date;
use serde_json::Value;

use crate::faults::{forbidden, incorrect};

mod address;
mod birth;
mod change;
mod code;
mod communication;
mod contact;
mod contact_preference;
mod death;
mod form;
mod gender;
mod gp;
mod name;
mod organisation;
mod period;
mod pharmacy;
mod place_of_birth;
mod telecom;
mod tidy;

use change::Change;
pub(crate) use change::{changes, identity, items, removed};
use organisation::NOBODY;
pub(crate) use organisation::{Known, codes};
pub(crate) use tidy::{finish, prepare};

/// The most items in one list of a record.
const LIST_MAX: usize = 100;
/// The lists of a record whose items come and go.
pub(crate) const LISTS: [&str; 6] =
    ["name", "address", "telecom", "contact", "generalPractitioner", "extension"];
/// The members of a record that can be changed.
pub(crate) const FIELDS: [&str; 11] = [
    "name",
    "gender",
    "birthDate",
    "multipleBirthInteger",
    "deceasedDateTime",
    "address",
    "telecom",
    "contact",
    "generalPractitioner",
    "managingOrganization",
    "extension",
];

/// Permissions beyond the mode, granted to a client when it was registered.
pub(crate) mod grant {
    /// May say that a death was notified formally: registrars, the national back office, maternity.
    pub(crate) const FORMAL_DEATH: &str = "formal-death-notification";
    /// May take a patient off a practice's list: registration authorities, the back office.
    pub(crate) const REMOVE_PRACTICE: &str = "remove-general-practice";
}

/// What is being done: it decides how a refusal reads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Occasion {
    /// A record is changed.
    Update,
    /// A record is made.
    Create,
}

/// What the rules need to know beside the record.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Context<'a> {
    /// The date now.
    pub(crate) today: Date,
    /// What is being done.
    pub(crate) occasion: Occasion,
    /// Whether the caller may say that a death was notified formally.
    pub(crate) formal_death: bool,
    /// Whether the caller may take a patient off a practice's list.
    pub(crate) remove_practice: bool,
    /// What the directory says of the organisations whose [`codes`] change.
    pub(crate) known: &'a Known,
}

impl<'a> Context<'a> {
    /// The context of an update by a caller.
    pub(crate) fn update(today: Date, caller: &security::Caller, known: &'a Known) -> Self {
        Self {
            today,
            occasion: Occasion::Update,
            formal_death: caller.has(grant::FORMAL_DEATH),
            remove_practice: caller.has(grant::REMOVE_PRACTICE),
            known,
        }
    }

    /// The context of a new record, in which no organisation is named.
    pub(crate) fn create(today: Date, formal_death: bool) -> Self {
        Self {
            today,
            occasion: Occasion::Create,
            formal_death,
            remove_practice: false,
            known: &NOBODY,
        }
    }

    /// The fault for a change that a rule does not allow, whoever asks for it.
    fn refuse(self, why: impl std::fmt::Display) -> Fault {
        match self.occasion {
            Occasion::Update => crate::faults::invalid_update(why),
            Occasion::Create => {
                incorrect("INVALID_CREATE", format!("Invalid create with error - {why}"))
            }
        }
    }
}

/// The fault for a change that this caller may not make.
fn not_permitted(why: impl std::fmt::Display) -> Fault {
    forbidden("FORBIDDEN_UPDATE", format!("Forbidden update with error - {why}"))
}

/// More of something than there may be.
fn too_many(why: impl std::fmt::Display) -> Fault {
    incorrect("TOO_MANY_VALUES_SUBMITTED", format!("Too many values submitted - {why}"))
}

/// Less of something than there must be.
fn too_few(why: impl std::fmt::Display) -> Fault {
    incorrect("TOO_FEW_VALUES_SUBMITTED", format!("Too few values submitted - {why}"))
}

/// Checks that a record may become another. A new record comes of an empty one.
///
/// # Errors
/// The first rule that does not hold, in the order of the specification's page.
pub(crate) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    not_too_long(before, after)?;
    form::check(before, after)?;
    address::check(before, after, context)?;
    communication::check(before, after)?;
    contact_preference::check(before, after, context)?;
    birth::check(before, after, context)?;
    death::check(before, after, context)?;
    contact::check(before, after)?;
    gender::check(before, after)?;
    gp::check(before, after, context)?;
    name::check(before, after, context)?;
    pharmacy::check(before, after, context)?;
    place_of_birth::check(before, after)?;
    telecom::check(before, after, context)?;
    period::check(before, after, context)
}

fn not_too_long(before: &Value, after: &Value) -> Result<(), Fault> {
    for list in LISTS {
        let most = LIST_MAX.max(items(before, list).len());
        if items(after, list).len() > most {
            return Err(too_many(format!("'{list}' can hold {LIST_MAX}")));
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests;
