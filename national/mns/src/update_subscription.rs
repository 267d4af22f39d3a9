//! `PUT /subscriptions/{id}`: tell me of other events, or elsewhere.

use std::sync::Arc;

use http::StatusCode;
use service::{Answer, Reply, Request};

use crate::subscription::{self, Wanted};
use crate::{House, faults};

/// The name of the interaction.
pub(crate) const NAME: &str = "update-subscription";

/// Answers `PUT /subscriptions/{id}`.
pub(crate) async fn update_subscription(house: House, request: Arc<Request>) -> Answer {
    let _alone = house.changing.lock().await;
    let theirs = subscription::of(&house, &request.caller);
    let id = &subscription::named(&request, &theirs)?.id;
    let wanted = Wanted::read(&house, &request)?;
    wanted.is_new(&theirs, id)?;
    let kept = wanted.kept(id, &request.caller.client);
    let noted = house.noted(&request, NAME, None, 204);
    house.broker.subscribe(&kept, noted).await.map_err(faults::from_broker)?;
    Ok(Reply::empty(StatusCode::NO_CONTENT))
}
