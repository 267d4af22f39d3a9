//! Work that is taken on: being built.

use service::{Answer, Request};

use crate::{House, faults};

/// What is under way.
#[derive(Clone, Default)]
pub(crate) struct Running;

/// Answers `GET /_poll/{id}`.
pub(crate) async fn poll(_house: House, _request: Request) -> Answer {
    Err(faults::not_found())
}
