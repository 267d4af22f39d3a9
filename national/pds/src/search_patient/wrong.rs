//! What can be wrong with a search, in the words of the API.
//!
//! The specification names the rows and a few texts; where it is silent the texts are ours, in
//! its manner.

use base::Fault;

use crate::faults::{forbidden, incorrect, invalid_value};

/// There is no parameter at all.
pub(crate) fn nothing_asked() -> Fault {
    incorrect("UNSUPPORTED_SERVICE", "")
}

/// Parameters that a search does not have.
pub(crate) fn unexpected(names: &[&str]) -> Fault {
    let list: Vec<String> = names.iter().map(|name| format!("'{name}'")).collect();
    let were = if names.len() == 1 { "was" } else { "were" };
    let list = list.join(", ");
    incorrect(
        "ADDITIONAL_PROPERTIES",
        format!(
            "Invalid request with error - \
             Additional properties are not allowed ({list} {were} unexpected)"
        ),
    )
}

/// A value that its parameter does not take.
pub(crate) fn value(written: &str, name: &str) -> Fault {
    invalid_value(written, &format!("field '{name}'"))
}

/// A parameter given more often than it may be.
pub(crate) fn repeated(name: &str) -> Fault {
    search_data(&format!("Too many values for {name}"))
}

/// The postcode under its new and its old name.
pub(crate) fn two_postcodes() -> Fault {
    search_data("address-postalcode and address-postcode cannot both be provided")
}

/// A `*` where sounds are compared.
pub(crate) fn fuzzy_wildcard() -> Fault {
    search_data("Wildcards cannot be used in a fuzzy search")
}

/// No birth date: no search goes without.
pub(crate) fn no_birth_date() -> Fault {
    let what = "Missing value - 'birth_date/birth_date_range_start/birth_date_range_end'";
    incorrect("MISSING_VALUE", what)
}

/// Not enough to look for somebody.
pub(crate) fn too_little() -> Fault {
    search_data(
        "No searches were performed as the search criteria did not meet the minimum requirements",
    )
}

/// More than one result asked for by an application, which may have one.
pub(crate) fn one_result_only() -> Fault {
    let why =
        "Your app has insufficient permissions to perform this search. Please contact support.";
    forbidden("ONE_RESULT_ONLY", why)
}

fn search_data(why: &str) -> Fault {
    incorrect("INVALID_SEARCH_DATA", format!("Invalid search data provided - '{why}'"))
}
