//! Whether what is said about the baby's life fits together.

use base::Fault;
use nhs::url::DEATH_NOTIFICATION;
use serde_json::Value;

use crate::faults::incorrect;

/// Checks birth against death: a death has a date and a notification, and comes after the birth.
///
/// # Errors
/// `INSERT_BIRTH_DEATH_STATUS_INCONSISTENT`.
pub(super) fn check(baby: &Value) -> Result<(), Fault> {
    let born = text(baby, "birthDate");
    let died = baby.get("deceasedDateTime").and_then(Value::as_str);
    let fits = match (died, notified(baby)) {
        (None, None) => true,
        (Some(died), Some("1" | "2")) => died.get(..born.len()).is_some_and(|day| day >= born),
        _ => false,
    };
    if fits {
        return Ok(());
    }
    let why = "Insert Birth - Death Status Inconsistent";
    Err(incorrect("INSERT_BIRTH_DEATH_STATUS_INCONSISTENT", why))
}

/// The code of the death notification, if there is one.
fn notified(baby: &Value) -> Option<&str> {
    let extensions = baby.get("extension").and_then(Value::as_array).into_iter().flatten();
    let mut notifications =
        extensions.filter(|extension| text(extension, "url") == DEATH_NOTIFICATION);
    let parts = notifications.next()?.get("extension")?.as_array()?;
    let status = parts.iter().find(|part| text(part, "url") == "deathNotificationStatus");
    let code = status?.pointer("/valueCodeableConcept/coding/0/code");
    Some(code.and_then(Value::as_str).unwrap_or_default())
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}
