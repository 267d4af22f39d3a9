//! The general practice that a patient is registered with, and the one that manages the record.

use base::Fault;
use serde_json::Value;

use super::organisation::{Named, PRACTICES};
use super::{Context, changes, items, not_permitted, removed, too_many};

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    let now = items(after, "generalPractitioner").len();
    if now > 1 && now > items(before, "generalPractitioner").len() {
        return Err(too_many("a patient can have one general practice"));
    }
    let gone = !removed(before, after, "generalPractitioner").is_empty();
    if gone && !context.remove_practice {
        return Err(not_permitted("you cannot remove a general practice"));
    }
    if before.get("managingOrganization") != after.get("managingOrganization")
        && after.get("managingOrganization").is_some()
    {
        let at = "managingOrganization/identifier/value";
        Named::managing(before, after).check(PRACTICES, context.known, at)?;
    }
    for change in changes(before, after, "generalPractitioner") {
        let at = format!("{}/identifier/value", change.at);
        Named::practice(&change).check(PRACTICES, context.known, &at)?;
        let end = |item: &Value| item.pointer("/identifier/period/end").cloned();
        if end(change.after).is_some() && end(change.after) != change.before.and_then(end) {
            return Err(context.refuse("a general practice must not have a period end"));
        }
    }
    Ok(())
}
