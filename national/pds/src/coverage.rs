//! being built.

use service::{Answer, Request};

use crate::{House, door, faults};

pub(crate) async fn get_coverage(_house: House, request: Request) -> Answer {
    door::check(&request)?;
    Err(faults::incorrect("UNSUPPORTED_SERVICE", ""))
}

pub(crate) async fn post_coverage(_house: House, request: Request) -> Answer {
    door::check(&request)?;
    Err(faults::incorrect("UNSUPPORTED_SERVICE", ""))
}
