//! What a patient is called. Characters and lengths are a matter of form.

use base::Fault;
use serde_json::Value;

use super::change::{count, text};
use super::{Change, Context, changes, items, not_permitted, removed, too_many};
use crate::shape::invalid;

/// Titles that are written in one way only.
const TITLES: [&str; 8] = ["Mr", "Mrs", "Ms", "Dr", "Rev", "Sir", "Lady", "Lord"];
/// Uses of which a patient has one name at most.
const ONCE: [&str; 2] = ["usual", "nickname"];

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    if removed(before, after, "name").iter().any(|name| text(name, "use") == "usual") {
        return Err(not_permitted("the usual name cannot be removed"));
    }
    for change in changes(before, after, "name") {
        use_stays(&change, context)?;
        titles(&change)?;
        suffixes(&change)?;
    }
    for purpose in ONCE {
        let like = |name: &Value| text(name, "use") == purpose;
        let now = count(after, "name", like);
        if now > 1 && now > count(before, "name", like) {
            return Err(too_many(format!("a patient can have one '{purpose}' name")));
        }
    }
    Ok(())
}

fn use_stays(change: &Change<'_>, context: Context<'_>) -> Result<(), Fault> {
    if change.before.is_some() && change.changed("use") {
        return Err(context.refuse(format!("'{}/use' cannot be replaced", change.at)));
    }
    Ok(())
}

fn titles(change: &Change<'_>) -> Result<(), Fault> {
    if !change.changed("prefix") {
        return Ok(());
    }
    for (number, prefix) in texts(change.after, "prefix") {
        let known = TITLES.iter().find(|title| title.eq_ignore_ascii_case(prefix));
        if known.is_some_and(|title| *title != prefix) {
            return Err(invalid(prefix, &format!("{}/prefix/{number}", change.at)));
        }
    }
    Ok(())
}

fn suffixes(change: &Change<'_>) -> Result<(), Fault> {
    if !change.changed("suffix") {
        return Ok(());
    }
    for (number, suffix) in texts(change.after, "suffix") {
        if !suffix.starts_with(|first: char| first.is_ascii_uppercase()) {
            return Err(invalid(suffix, &format!("{}/suffix/{number}", change.at)));
        }
    }
    Ok(())
}

fn texts<'a>(name: &'a Value, member: &str) -> impl Iterator<Item = (usize, &'a str)> {
    let texts = items(name, member).iter().enumerate();
    texts.filter_map(|(number, text)| Some((number, text.as_str()?)))
}
