//! When a patient was born. The order among twins is a matter of form alone.

use base::Fault;
use serde_json::Value;

use super::change::text;
use super::{Context, not_permitted, period};

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    if before.get("birthDate") == after.get("birthDate") {
        return Ok(());
    }
    if after.get("birthDate").is_none() {
        return Err(not_permitted("birthDate cannot be removed"));
    }
    let Some(born) = period::date(text(after, "birthDate")) else { return Ok(()) };
    if born > context.today {
        return Err(context.refuse("birthDate must not be in the future"));
    }
    let died = text(after, "deceasedDateTime").get(..10).and_then(period::date);
    if died.is_some_and(|died| born > died) {
        return Err(context.refuse("birthDate must not be after deceasedDateTime"));
    }
    Ok(())
}
