//! `GET /subscriptions/{id}`: what I asked to be told of.

use std::sync::Arc;

use http::StatusCode;
use service::{Answer, Reply, Request};

use crate::House;
use crate::subscription::{self, MEDIA_TYPE};

/// The name of the interaction.
pub(crate) const NAME: &str = "get-subscription-by-id";

/// Answers `GET /subscriptions/{id}`.
pub(crate) async fn read_subscription(house: House, request: Arc<Request>) -> Answer {
    let theirs = subscription::of(&house, &request.caller);
    let found = subscription::named(&request, &theirs)?;
    Ok(Reply::new(StatusCode::OK, MEDIA_TYPE, found.document.clone()))
}
