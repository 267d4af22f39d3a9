//! process_birth_details: being built.

use service::{Answer, Request};

use crate::{House, door, faults};

pub(crate) async fn process_birth_details(_house: House, request: Request) -> Answer {
    door::check(&request)?;
    Err(faults::incorrect("UNSUPPORTED_SERVICE", ""))
}
