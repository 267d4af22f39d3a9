//! When a patient died, and who says so: the date and the notification go together.

use base::Fault;
use nhs::url;
use serde_json::Value;

use super::change::{extensions, items, part_code, repeated, text};
use super::{Context, not_permitted, period, too_many};
use crate::shape::invalid;

const FORMAL: &str = "2";

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    if repeated(before, after, url::DEATH_NOTIFICATION) {
        return Err(too_many("a patient can have one death notification"));
    }
    let dated = before.get("deceasedDateTime") != after.get("deceasedDateTime");
    let notified = notification(before) != notification(after);
    if !dated && !notified {
        return Ok(());
    }
    if dated && after.get("deceasedDateTime").is_none() {
        return Err(not_permitted("deceasedDateTime cannot be removed"));
    }
    if notified && notification(after).is_none() {
        return Err(not_permitted("death notification status cannot be removed"));
    }
    let status =
        |record| notification(record).and_then(|n| part_code(n, "deathNotificationStatus"));
    if status(before) == Some(FORMAL) {
        return Err(not_permitted("a formal death notification cannot be replaced"));
    }
    if notified && status(after) == Some(FORMAL) && !context.formal_death {
        return Err(not_permitted("you cannot add a formal death notification"));
    }
    together(before, after, context)?;
    if dated { date(after, context) } else { Ok(()) }
}

fn notification(record: &Value) -> Option<&Value> {
    items(record, "extension").iter().find(|item| text(item, "url") == url::DEATH_NOTIFICATION)
}

fn together(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    let status = |n| part_code(n, "deathNotificationStatus").is_some();
    for change in extensions(before, after, url::DEATH_NOTIFICATION) {
        super::code::parts_differ(&change)?;
    }
    if !notification(after).is_some_and(status) {
        return Err(context.refuse("a deceasedDateTime needs a death notification status"));
    }
    if after.get("deceasedDateTime").is_none() {
        return Err(context.refuse("a death notification status needs a deceasedDateTime"));
    }
    Ok(())
}

fn date(after: &Value, context: Context<'_>) -> Result<(), Fault> {
    let written = text(after, "deceasedDateTime");
    // A local time would be another day for somebody.
    if written.contains('T') && !written.ends_with("+00:00") {
        return Err(invalid(written, "deceasedDateTime"));
    }
    let Some(died) = written.get(..10).and_then(period::date) else { return Ok(()) };
    if died > context.today {
        return Err(context.refuse("deceasedDateTime must not be in the future"));
    }
    if period::date(text(after, "birthDate")).is_some_and(|born| died < born) {
        return Err(context.refuse("deceasedDateTime must not be before birthDate"));
    }
    Ok(())
}
