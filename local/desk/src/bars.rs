//! Referrals between systems, by the Booking and Referral Standard: what a sender and a receiver
//! have in common.
//!
//! Specification: <https://digital.nhs.uk/developer/api-catalogue/booking-and-referral-fhir>.

mod bundle;
mod receiver;
mod refusal;
mod sender;

pub use bundle::{Event, Letter, meta};
pub use receiver::{Arrival, Receiver};
pub use refusal::Refusal;
pub use sender::{Sent, call, send};

/// Where the API is, at the national proxy as at each receiver.
pub const BASE: &str = "/booking-and-referral/FHIR/R4";
/// The media type of what is sent, with the version of the standard.
pub const MEDIA_TYPE: &str = "application/fhir+json; version=1.4.0";
/// The code system of the ids of services.
pub const SERVICE_ID: &str = "https://fhir.nhs.uk/Id/dos-service-id";
/// The code system of organisations.
pub const ORGANISATION: &str = "https://fhir.nhs.uk/Id/ods-organization-code";
/// The code system of NHS numbers.
pub const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";
/// The code system of events.
pub const EVENTS: &str = "https://fhir.nhs.uk/CodeSystem/message-events-bars";
/// The code system of reasons.
pub const REASONS: &str = "https://fhir.nhs.uk/CodeSystem/message-reason-bars";
/// The code system of use cases.
pub const USE_CASES: &str = "https://fhir.nhs.uk/CodeSystem/usecases-categories-bars";
/// The code system of kinds of requests.
pub const CATEGORIES: &str = "https://fhir.nhs.uk/CodeSystem/message-category-servicerequest";
