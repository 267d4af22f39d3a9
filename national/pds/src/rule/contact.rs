//! Whom to call in an emergency. That it is for emergencies, and reached without a use of its own,
//! is a matter of form.

use base::Fault;
use serde_json::Value;

use super::{changes, items, telecom};

pub(super) fn check(before: &Value, after: &Value) -> Result<(), Fault> {
    for change in changes(before, after, "contact") {
        for (number, reach) in items(change.after, "telecom").iter().enumerate() {
            telecom::email(reach, &format!("{}/telecom/{number}", change.at))?;
        }
    }
    Ok(())
}
