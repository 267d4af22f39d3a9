//! The organisations that a record names by their codes: practices and pharmacies.
//!
//! Clause: "only valid GP Practice codes may be used", "only valid National Pharmacy codes may be
//! used". Which codes are valid stands in the directory. It is read before the rules look, for the
//! codes that change and no others: see [`codes`].

use std::collections::{BTreeMap, BTreeSet};

use base::Fault;
use nhs::OdsCode;
use serde_json::Value;

use super::change::text;
use super::{Change, changes, pharmacy};
use crate::shape::invalid;

/// What the directory says of organisations: of which kind each is, by its code.
pub(crate) type Known = BTreeMap<OdsCode, String>;

/// For records that name no organisation.
pub(super) static NOBODY: Known = Known::new();

/// The kinds of organisation that a patient can be registered with.
pub(super) const PRACTICES: &[&str] = &["gp-practice"];
/// The kinds that a patient can have medicines or appliances from. Some practices dispense.
pub(super) const PHARMACIES: &[&str] = &["pharmacy", "appliance-supplier", "gp-practice"];

/// An identifier of an organisation, as it was and as it shall be.
#[derive(Clone, Copy)]
pub(super) struct Named<'a> {
    before: Option<&'a Value>,
    after: Option<&'a Value>,
}

impl<'a> Named<'a> {
    /// The organisation that manages the record.
    pub(super) fn managing(before: &'a Value, after: &'a Value) -> Self {
        Self::at("/managingOrganization/identifier", Some(before), after)
    }

    /// A practice that the patient is registered with.
    pub(super) fn practice(change: &Change<'a>) -> Self {
        Self::at("/identifier", change.before, change.after)
    }

    /// A pharmacy that the patient chose.
    pub(super) fn pharmacy(change: &Change<'a>) -> Self {
        Self::at("/valueReference/identifier", change.before, change.after)
    }

    fn at(place: &str, before: Option<&'a Value>, after: &'a Value) -> Self {
        let before = before.and_then(|item| item.pointer(place));
        Self { before, after: after.pointer(place) }
    }

    /// What was sent as its code.
    fn sent(self) -> &'a str {
        self.after.map(|identifier| text(identifier, "value")).unwrap_or_default()
    }

    /// The code, when it is shaped like one and is not the one that stood there.
    fn changed(self) -> Option<OdsCode> {
        let before = self.before.and_then(|identifier| OdsCode::parse(text(identifier, "value")));
        OdsCode::parse(self.sent()).filter(|code| before.as_ref() != Some(code))
    }

    /// Checks that the code is shaped like one and, if it changed, that the directory has an
    /// organisation of one of these kinds under it. Of some the directory does not say the kind.
    pub(super) fn check(self, kinds: &[&str], known: &Known, at: &str) -> Result<(), Fault> {
        let fits = |kind: &String| kind.is_empty() || kinds.contains(&kind.as_str());
        let valid = match self.changed() {
            Some(code) => known.get(&code).is_some_and(fits),
            None => OdsCode::parse(self.sent()).is_some(),
        };
        if valid { Ok(()) } else { Err(invalid(self.sent(), at)) }
    }
}

/// The codes of organisations that are new or not as they were, each once.
pub(crate) fn codes(before: &Value, after: &Value) -> BTreeSet<OdsCode> {
    let practices = changes(before, after, "generalPractitioner");
    let mut pharmacies = changes(before, after, "extension");
    pharmacies.retain(|change| pharmacy::KINDS.contains(&change.text("url")));
    let named = practices.iter().map(Named::practice);
    let named = named.chain(pharmacies.iter().map(Named::pharmacy));
    named.chain([Named::managing(before, after)]).filter_map(Named::changed).collect()
}
