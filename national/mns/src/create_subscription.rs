//! `POST /subscriptions`: from now on, tell me of such events.

use std::sync::Arc;

use service::{Answer, Request};

use crate::subscription::{self, Wanted, created};
use crate::{House, faults};

/// The name of the interaction.
pub(crate) const NAME: &str = "create-subscription";

/// Answers `POST /subscriptions`.
pub(crate) async fn create_subscription(house: House, request: Arc<Request>) -> Answer {
    let wanted = Wanted::read(&house, &request)?;
    let _alone = house.changing.lock().await;
    let theirs = subscription::of(&house, &request.caller);
    wanted.is_new(&theirs, "")?;
    subscription::room_for_more(&theirs)?;
    let id = house.dice.uuid().to_string();
    let kept = wanted.kept(&id, &request.caller.client);
    let noted = house.noted(&request, NAME, None, 201);
    house.broker.subscribe(&kept, noted).await.map_err(faults::from_broker)?;
    Ok(created(&id))
}
