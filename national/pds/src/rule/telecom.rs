//! How a patient can be reached: one value for each system and use.

use base::Fault;
use serde_json::Value;

use super::change::{count, text};
use super::{Change, Context, changes, too_many};
use crate::shape::invalid;

/// How long an e-mail address may be.
const EMAIL_LENGTH: std::ops::RangeInclusive<usize> = 7..=89;

pub(super) fn check(before: &Value, after: &Value, context: Context<'_>) -> Result<(), Fault> {
    for change in changes(before, after, "telecom") {
        kind_stays(&change, context)?;
        one_of_each(before, after, &change)?;
        if change.changed("value") {
            email(change.after, &change.at)?;
        }
    }
    Ok(())
}

fn kind_stays(change: &Change<'_>, context: Context<'_>) -> Result<(), Fault> {
    if change.before.is_some() && (change.changed("system") || change.changed("use")) {
        let why = format!("the system and use of '{}' cannot be replaced", change.at);
        return Err(context.refuse(why));
    }
    Ok(())
}

fn one_of_each(before: &Value, after: &Value, change: &Change<'_>) -> Result<(), Fault> {
    let (system, purpose) = (change.text("system"), change.text("use"));
    let like = |item: &Value| text(item, "system") == system && text(item, "use") == purpose;
    let now = count(after, "telecom", like);
    if now > 1 && now > count(before, "telecom", like) {
        return Err(too_many(format!("a patient can have one '{purpose}' '{system}' telecom")));
    }
    Ok(())
}

/// What is called an e-mail address looks like one.
pub(super) fn email(reach: &Value, at: &str) -> Result<(), Fault> {
    let value = text(reach, "value");
    if text(reach, "system") != "email" || is_email(value) {
        return Ok(());
    }
    Err(invalid(value, &format!("{at}/value")))
}

/// `local@domain.tld`: what every mail system would take, and not more.
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.rsplit_once('@') else { return false };
    let plain = |c: char| !c.is_whitespace() && !c.is_control() && !"@,;:<>()[]\\\"".contains(c);
    let dotted = |part: &str| part.split('.').all(|label| !label.is_empty());
    EMAIL_LENGTH.contains(&text.chars().count())
        && local.chars().all(plain)
        && dotted(local)
        && domain.contains('.')
        && dotted(domain)
        && domain.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '-'))
}
