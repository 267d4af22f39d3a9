//! `POST /messages/{id}/deliveries/{n}/acknowledgement`: what the receiver of a push thinks of it.

use base::Fault;
use broker::{State, Track, Tracked};
use serde::Deserialize;
use service::{Answer, Request};

use crate::faults::{forbidden, from_broker, not_found};
use crate::get_message::as_it_stands;
use crate::house::House;
use crate::query;
use crate::rights::place;

/// What the receiver says.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Said {
    wanted: bool,
    #[serde(default)]
    why: String,
}

/// Answers `POST /messages/{id}/deliveries/{n}/acknowledgement`.
pub(crate) async fn acknowledge_delivery(house: House, request: Request) -> Answer {
    let tracked = house.named(&request)?;
    let track = delivery(&tracked, &request)?;
    let receiver = place(&track.recipient);
    if !house.owns(&request.caller, receiver) {
        return Err(forbidden("forbidden", "only its receiver can say what it thinks of it"));
    }
    let said: Said = query::body(&request)?;
    query::reason(&said.why)?;
    // Saying the same again changes nothing.
    let known = matches!(
        (said.wanted, track.state),
        (true, State::Acknowledged | State::Answered) | (false, State::Refused)
    );
    if !known {
        let judged = house.broker.judge(track.id, said.wanted, &said.why, receiver).await;
        judged.map_err(from_broker)?;
    }
    house.note(&request, "acknowledge-delivery").await?;
    as_it_stands(&house, &request)
}

/// The delivery that the path of a request names.
///
/// # Errors
/// When there is none.
pub(crate) fn delivery<'a>(tracked: &'a Tracked, request: &Request) -> Result<&'a Track, Fault> {
    let number: u64 = request.path_value("n").parse().map_err(|_| not_found())?;
    let found = tracked.deliveries.iter().find(|one| one.id.number() == number);
    found.ok_or_else(not_found)
}
