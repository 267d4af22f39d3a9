//! search_patient: being built.

use service::{Answer, Request};

use crate::{House, door, faults};

pub(crate) async fn search_patient(_house: House, request: Request) -> Answer {
    door::check(&request)?;
    Err(faults::incorrect("UNSUPPORTED_SERVICE", ""))
}
