//! What is asked: parameters that hold an identifier each, with its system.
//!
//! Whoever writes one wrongly is told how it is written rightly.

use base::Fault;
use nhs::url::{ODS_CODE, PARTY_KEY, SERVICE_INTERACTION};

use crate::faults::bad_request;

/// The parameters, each with the systems that its values may be of.
pub(crate) const ORGANISATION: &str = "organization";
/// See [`ORGANISATION`].
pub(crate) const IDENTIFIER: &str = "identifier";
/// See [`ORGANISATION`].
pub(crate) const MANUFACTURER: &str = "manufacturing-organization";

/// What is asked for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// The organisation's code.
    pub(crate) organisation: Option<String>,
    /// The interaction, as `<service>:<interaction>`.
    pub(crate) interaction: Option<String>,
    /// The party key.
    pub(crate) party_key: Option<String>,
    /// The code of the organisation that made the system.
    pub(crate) manufacturer: Option<String>,
}

impl Asked {
    /// Reads a query that may hold these parameters. Of several values of one kind the last counts.
    ///
    /// # Errors
    /// The first parameter that is not taken, and what it should be.
    pub(crate) fn read(query: &[(String, String)], may: &[&str]) -> Result<Self, Fault> {
        let mut asked = Self::default();
        for (name, value) in query {
            if !may.contains(&name.as_str()) {
                return Err(bad_request(format!("Illegal query parameter '{name}'")));
            }
            let (system, value) = value.split_once('|').unwrap_or_default();
            let place = match (name.as_str(), system) {
                (ORGANISATION, ODS_CODE) => &mut asked.organisation,
                (IDENTIFIER, SERVICE_INTERACTION) => &mut asked.interaction,
                (IDENTIFIER, PARTY_KEY) => &mut asked.party_key,
                (MANUFACTURER, ODS_CODE) => &mut asked.manufacturer,
                _ => return Err(malformed(name)),
            };
            let value = value.trim();
            if !value.is_empty() {
                *place = Some(value.to_owned());
            }
        }
        Ok(asked)
    }
}

/// The fault for a parameter that is missing or not written as it should be.
pub(crate) fn malformed(name: &str) -> Fault {
    let written = |system: &str| format!("'{name}={system}|value'");
    let form = match name {
        IDENTIFIER => {
            let forms = [SERVICE_INTERACTION, PARTY_KEY].map(written).join(", ");
            format!("one or both of: [{forms}]")
        }
        _ => written(ODS_CODE),
    };
    bad_request(format!("Missing or invalid '{name}' query parameter. Should be {form}"))
}

/// The fault for parameters that are not enough.
pub(crate) fn not_enough() -> Fault {
    let organisation = format!("{ORGANISATION}={ODS_CODE}|value");
    let interaction = format!("{IDENTIFIER}={SERVICE_INTERACTION}|value");
    let party_key = format!("{IDENTIFIER}={PARTY_KEY}|value");
    bad_request(format!(
        "Missing or invalid query parameters. Should be one of: \
         ['{organisation}&{interaction}&{party_key}', '{organisation}&{interaction}', \
         '{organisation}&{party_key}', '{interaction}&{party_key}']"
    ))
}

/// Whether a code or key is the one that is asked for, if one is.
pub(crate) fn fits(asked: Option<&String>, value: &str) -> bool {
    asked.is_none_or(|asked| asked.eq_ignore_ascii_case(value))
}

#[cfg(test)]
mod tests;
