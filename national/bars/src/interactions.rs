//! The interactions that are passed on, a row each: what they are called here and in the standard.

use http::Method;

use crate::metadata;
use crate::schema::Shape;

/// An interaction that is passed on.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) method: Method,
    pub(crate) path: &'static str,
    pub(crate) summary: &'static str,
    /// What comes back when all is well.
    pub(crate) answers: Shape,
}

const fn row(
    name: &'static str,
    method: Method,
    path: &'static str,
    summary: &'static str,
    answers: Shape,
) -> Row {
    Row { name, method, path, summary, answers }
}

/// Every interaction.
#[rustfmt::skip]
pub(crate) const ROWS: &[Row] = &[
    row(metadata::NAME, Method::GET, "/metadata", "Get capability statement.", Shape::Resource),
    row("search-message-definition", Method::GET, "/MessageDefinition", "Get message definitions of a service.", Shape::Bundle),
    row("process-message", Method::POST, "/$process-message", "Process a message.", Shape::Bundle),
    row("search-slot", Method::GET, "/Slot", "Get slots.", Shape::Bundle),
    row("search-appointment", Method::GET, "/Appointment", "Get bookings for a patient.", Shape::Bundle),
    row("create-appointment", Method::POST, "/Appointment", "Create a booking.", Shape::Resource),
    row("get-appointment", Method::GET, "/Appointment/{id}", "Get a booking.", Shape::Resource),
    row("update-appointment", Method::PUT, "/Appointment/{id}", "Update a booking.", Shape::Resource),
    row("patch-appointment", Method::PATCH, "/Appointment/{id}", "Update parts of a booking.", Shape::Resource),
    row("delete-appointment", Method::DELETE, "/Appointment/{id}", "Delete a booking.", Shape::Resource),
    row("search-service-request", Method::GET, "/ServiceRequest", "Get referrals for a patient.", Shape::Bundle),
    row("create-service-request", Method::POST, "/ServiceRequest", "Create a referral.", Shape::Resource),
    row("get-service-request", Method::GET, "/ServiceRequest/{id}", "Get a referral.", Shape::Resource),
    row("update-service-request", Method::PUT, "/ServiceRequest/{id}", "Update a referral.", Shape::Resource),
    row("patch-service-request", Method::PATCH, "/ServiceRequest/{id}", "Update parts of a referral.", Shape::Resource),
    row("delete-service-request", Method::DELETE, "/ServiceRequest/{id}", "Delete a referral.", Shape::Resource),
];
