//! `POST /messages/{id}/cancel`: take a message back that has not gone out yet.

use broker::State;
use service::{Answer, Request};

use crate::faults::{forbidden, from_broker};
use crate::get_message::as_it_stands;
use crate::house::House;

/// Answers `POST /messages/{id}/cancel`.
pub(crate) async fn cancel_message(house: House, request: Request) -> Answer {
    let tracked = house.named(&request)?;
    let caller = &request.caller;
    if !house.sent(caller, &tracked) && !house.operates(caller) {
        return Err(forbidden("forbidden", "only its sender can take a message back"));
    }
    // Taking back what was taken back changes nothing.
    if !tracked.deliveries.iter().all(|one| one.state == State::Cancelled) {
        house.broker.cancel(tracked.id, &caller.client).await.map_err(from_broker)?;
    }
    house.note(&request, "cancel-message").await?;
    as_it_stands(&house, &request)
}
