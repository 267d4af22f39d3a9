//! From when until when something holds.

use base::Fault;
use jiff::civil::Date;
use serde_json::Value;

use super::{Context, LISTS, changes};

/// The date that a text is.
pub(super) fn date(text: &str) -> Option<Date> {
    fhir::prefix::whole_date(text)
}

/// No period that changed starts in the future or ends before it starts.
pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    for change in LISTS.iter().flat_map(|list| changes(before, after, list)) {
        let old = change.before.and_then(of);
        if let Some(period) = of(change.after).filter(|period| old != Some(period)) {
            one(period, &change.at, context)?;
        }
    }
    let managing =
        |record: &Value| record.pointer("/managingOrganization/identifier/period").cloned();
    let (old, new) = (managing(before), managing(after));
    match new.filter(|new| old.as_ref() != Some(new)) {
        Some(period) => one(&period, "managingOrganization/identifier", context),
        None => Ok(()),
    }
}

/// The period of an item, wherever its kind keeps it.
fn of(item: &Value) -> Option<&Value> {
    item.get("period").or_else(|| item.pointer("/identifier/period"))
}

fn one(period: &Value, at: &str, context: Context<'_>) -> Result<(), Fault> {
    let dated = |member: &str| period.get(member).and_then(Value::as_str).and_then(date);
    let Some(start) = dated("start") else { return Ok(()) };
    if start > context.today {
        return Err(context.refuse(format!("'{at}/period/start' must not be in the future")));
    }
    if dated("end").is_some_and(|end| end < start) {
        return Err(context.refuse(format!("'{at}/period/end' must not be before the start")));
    }
    Ok(())
}
