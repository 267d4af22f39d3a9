//! related_person: being built.

use service::{Answer, Request};

use crate::{House, door, faults};

pub(crate) async fn related_person(_house: House, request: Request) -> Answer {
    door::check(&request)?;
    Err(faults::incorrect("UNSUPPORTED_SERVICE", ""))
}
