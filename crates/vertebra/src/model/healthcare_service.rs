//! Services that can be booked and referred to, as an operator writes them.

use std::collections::HashSet;

use bars::{HEALTHCARE_SERVICE, HealthcareService};
use base::limit::ADDRESS_BYTES_MAX;
use store::{Store, StoreError};

/// What is wrong with a service. `organisations` are those of the same file.
///
/// # Errors
/// When the store fails.
pub(crate) fn mistakes(
    one: &HealthcareService,
    store: &Store,
    organisations: &HashSet<String>,
) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    if one.id.is_empty() || one.id.len() > ADDRESS_BYTES_MAX || one.id.contains('|') {
        found.push("an id has 1 to 64 bytes and no '|'".to_owned());
    }
    if one.system.is_empty() || one.system.contains('|') {
        found.push("a system is a URI".into());
    }
    if let Err(why) = courier::check_base(&one.url, one.private) {
        found.push(why);
    }
    let owner = one.organisation.to_ascii_uppercase();
    let here = organisations.contains(&owner);
    if !here && store.directory().get("organisation", &owner)?.is_none() {
        found.push(format!("there is no organisation {}", one.organisation));
    }
    let named = |why| format!("{HEALTHCARE_SERVICE} {}: {why}", one.id);
    Ok(found.into_iter().map(named).collect())
}

#[cfg(test)]
mod tests;
