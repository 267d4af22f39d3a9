//! How, in what form and when a patient wants to be contacted.

use base::Fault;
use nhs::url;
use serde_json::Value;

use super::change::{extensions, part, repeated};
use super::{Context, code, too_many};

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    if repeated(before, after, url::CONTACT_PREFERENCE) {
        return Err(too_many("a patient can have one contact preference"));
    }
    for change in extensions(before, after, url::CONTACT_PREFERENCE) {
        code::parts_differ(&change)?;
        let has = |name| part(change.after, name).is_some();
        if has("PreferredContactTimes") && !has("PreferredContactMethod") {
            return Err(context.refuse("a contact time needs a contact method"));
        }
    }
    Ok(())
}
