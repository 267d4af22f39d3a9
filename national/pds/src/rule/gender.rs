//! A patient's gender, as the patient tells it. Which words it takes is a matter of form.

use base::Fault;
use serde_json::Value;

use super::not_permitted;

pub(super) fn check(before: &Value, after: &Value) -> Result<(), Fault> {
    if before.get("gender").is_some() && after.get("gender").is_none() {
        return Err(not_permitted("gender cannot be removed"));
    }
    Ok(())
}
