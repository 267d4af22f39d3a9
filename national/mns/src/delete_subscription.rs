//! `DELETE /subscriptions/{id}`: tell me no more. What was told before still arrives.

use std::sync::Arc;

use http::StatusCode;
use service::{Answer, Reply, Request};

use crate::{House, faults, subscription};

/// The name of the interaction.
pub(crate) const NAME: &str = "delete-subscription";

/// Answers `DELETE /subscriptions/{id}`.
pub(crate) async fn delete_subscription(house: House, request: Arc<Request>) -> Answer {
    let _alone = house.changing.lock().await;
    let theirs = subscription::of(&house, &request.caller);
    let id = &subscription::named(&request, &theirs)?.id;
    let noted = house.noted(&request, NAME, None, 204);
    house.broker.unsubscribe(id, noted).await.map_err(faults::from_broker)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
