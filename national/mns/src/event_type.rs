//! The types of event that are told, and what subscriptions to each may ask for beside the type.
//!
//! Clause: the examples of `POST /events` and `POST /subscriptions`. What an event really says is
//! up to its publisher: nothing is worked out here from anything else.

/// A type of event.
#[derive(Debug)]
pub(crate) struct EventType {
    /// Its name.
    pub(crate) name: &'static str,
    /// What it tells of.
    pub(crate) summary: &'static str,
    /// The attributes that a subscription may ask for.
    pub(crate) attributes: &'static [&'static str],
}

/// The beginning of an attribute that says which part of a record changed. The rest is the name
/// of a member of the FHIR resource, in lower case.
const CHANGED: &str = "changed_";

const fn told(
    name: &'static str,
    summary: &'static str,
    attributes: &'static [&'static str],
) -> EventType {
    EventType { name, summary, attributes }
}

/// Every type of event.
#[rustfmt::skip]
pub(crate) const TYPES: &[EventType] = &[
    told("pds-change-of-gp-2", "A patient has another general practice, or none any more", &["generalpractitioner"]),
    told("pds-death-notification-2", "What is known of a patient's death changed", &[]),
    told("pds-record-change-2", "A patient's demographic record changed", &["changed_*", "registeredgpodscode", "nhsnumber"]),
    told("nhs-number-change-2", "An NHS number was merged into another or invalidated", &[]),
    told("imms-vaccination-record-change-1", "A vaccination record was made, changed or deleted", &["generalpractitioner", "sourceorganisation", "sourceapplication", "subjectage", "immunisationtype", "action"]),
    told("gpreg-change-gp-req-1", "A patient asks to be registered with a general practice", &["generalpractitioner", "registrationencountercode", "generalpractitioner_manufacturer_org"]),
    told("patientflags-change-1", "A flag on a patient changed", &["flagtype", "generalpractitioner", "origin"]),
    told("nhshco-hc-complete-1", "A patient completed an online health check", &["gppractice"]),
    told("vrs-proxy-role-created-1", "Somebody may act for a patient", &["patient_ods_code", "proxy_ods_code"]),
    told("vrs-proxy-role-changed-1", "What somebody may do for a patient changed", &["patient_ods_code", "proxy_ods_code"]),
    told("vrs-proxy-role-deleted-1", "Somebody may no longer act for a patient", &["patient_ods_code", "proxy_ods_code"]),
    told("pdm-resource-change-1", "Data that a patient recorded changed", &[]),
    told("pathology-laboratory-reporting-test-result-stored-1", "A pathology result was stored", &["requestingOrganisationODS", "requestingOrganisationODS_manufacturer_org"]),
    told("mns-test-signal-1", "Nothing: for trying things out", &[]),
    told("example-event-1", "Nothing: for trying things out", &["filter_option_1", "filter_option_2", "filter_option_3", "filter_option_4"]),
];

/// A type of event by its name.
pub(crate) fn find(name: &str) -> Option<&'static EventType> {
    TYPES.iter().find(|known| known.name == name)
}

impl EventType {
    /// Whether a subscription may ask for an attribute.
    pub(crate) fn has(&self, attribute: &str) -> bool {
        let attribute = attribute.to_ascii_lowercase();
        self.attributes.iter().any(|known| match known.strip_suffix('*') {
            Some(CHANGED) => attribute.len() > CHANGED.len() && attribute.starts_with(CHANGED),
            _ => known.eq_ignore_ascii_case(&attribute),
        })
    }
}

#[cfg(test)]
mod tests;
