//! The pharmacies and suppliers that a patient chose, at most one of each kind; and the reason for
//! leaving the register, which stands among the extensions and is nobody's to write here.

use base::Fault;
use nhs::url;
use serde_json::Value;

use super::change::{extensions, items, repeated, text};
use super::organisation::{Named, PHARMACIES};
use super::{Context, not_permitted, too_many};

/// The kinds of pharmacy.
pub(crate) const KINDS: [&str; 3] =
    [url::NOMINATED_PHARMACY, url::PREFERRED_DISPENSER, url::APPLIANCE_SUPPLIER];

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    for kind in KINDS {
        if repeated(before, after, kind) {
            return Err(too_many("a patient can have one pharmacy of each type"));
        }
        for change in extensions(before, after, kind) {
            let at = format!("{}/valueReference/identifier/value", change.at);
            Named::pharmacy(&change).check(PHARMACIES, context.known, &at)?;
        }
    }
    let left = |record: &Value| {
        let like = |item: &&Value| text(item, "url") == url::REMOVAL_FROM_REGISTRATION;
        items(record, "extension").iter().filter(like).count()
    };
    let rewritten = !extensions(before, after, url::REMOVAL_FROM_REGISTRATION).is_empty();
    if rewritten || left(before) != left(after) {
        return Err(not_permitted("you cannot update a removal from registration"));
    }
    Ok(())
}
