//! create_patient: being built.

use service::{Answer, Request};

use crate::{House, door, faults};

pub(crate) async fn create_patient(_house: House, request: Request) -> Answer {
    door::check(&request)?;
    Err(faults::incorrect("UNSUPPORTED_SERVICE", ""))
}
