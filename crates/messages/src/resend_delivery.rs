//! What operators do about a delivery that came to an end: send it again, or let the next ones of
//! its ordering key pass.

use serde::Deserialize;
use service::{Answer, Request};

use crate::acknowledge_delivery::delivery;
use crate::faults::from_broker;
use crate::get_message::as_it_stands;
use crate::house::House;
use crate::query;

/// Why an operator does something.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Because {
    #[serde(default)]
    pub(crate) why: String,
}

/// Answers `POST /messages/{id}/deliveries/{n}/resend`.
pub(crate) async fn resend_delivery(house: House, request: Request) -> Answer {
    house.operators_only(&request.caller)?;
    let tracked = house.named(&request)?;
    let track = delivery(&tracked, &request)?;
    let because: Because = query::body(&request)?;
    query::reason(&because.why)?;
    let (id, who) = (track.id, &request.caller.client);
    house.broker.resend(id, who, &because.why).await.map_err(from_broker)?;
    house.note(&request, "resend-delivery").await?;
    as_it_stands(&house, &request)
}

/// Answers `POST /messages/{id}/deliveries/{n}/release`.
pub(crate) async fn release_delivery(house: House, request: Request) -> Answer {
    house.operators_only(&request.caller)?;
    let tracked = house.named(&request)?;
    let track = delivery(&tracked, &request)?;
    house.broker.release(track.id).await.map_err(from_broker)?;
    house.note(&request, "release-delivery").await?;
    as_it_stands(&house, &request)
}
