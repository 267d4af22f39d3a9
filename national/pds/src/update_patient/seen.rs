//! Updates apply to a record as the caller sees it: their indices count what they were shown, and
//! a `test` can tell them nothing that they were not. Afterwards, what they did not see is put
//! back; and they may not write where they could not see, whether anything stood there or not.

use base::Fault;
use security::Caller;
use serde_json::Value;

use crate::rule::{FIELDS, LISTS, identity, items};
use crate::{Record, faults, view};

/// Makes `after`, which a caller made of what they saw, the resource of the record.
///
/// # Errors
/// When something was written that the caller cannot see.
pub(super) fn put_back(
    record: &mut Record,
    caller: &Caller,
    before: &Value,
    after: Value,
) -> Result<(), Fault> {
    if *before == record.patient {
        record.patient = after;
        return Ok(());
    }
    let whole = std::mem::replace(&mut record.patient, after.clone());
    for field in FIELDS {
        let merged = if LISTS.contains(&field) {
            let merged = merge(items(&whole, field), items(before, field), items(&after, field));
            (!merged.is_empty()).then(|| merged.into())
        } else if before.get(field).is_none() && after.get(field).is_none() {
            whole.get(field).cloned()
        } else {
            None
        };
        if let (Some(merged), Some(members)) = (merged, record.patient.as_object_mut()) {
            members.insert(field.into(), merged);
        }
    }
    if view::of(record, caller) == after { Ok(()) } else { Err(hidden()) }
}

/// Items that were left alone stand as they were kept; those that were not shown follow.
fn merge(kept: &[Value], shown: &[Value], written: &[Value]) -> Vec<Value> {
    let same = |a: &Value, b: &Value| match identity(a) {
        Some(name) => identity(b) == Some(name),
        None => a == b,
    };
    let as_kept = |item: &Value| match kept.iter().find(|known| same(item, known)) {
        Some(known) if shown.contains(item) => known.clone(),
        _ => item.clone(),
    };
    let unseen = kept.iter().filter(|known| !shown.iter().any(|item| same(item, known)));
    written.iter().map(as_kept).chain(unseen.cloned()).collect()
}

fn hidden() -> Fault {
    let why = "Forbidden update with error - you cannot update what you cannot see";
    faults::forbidden("FORBIDDEN_UPDATE", why)
}
