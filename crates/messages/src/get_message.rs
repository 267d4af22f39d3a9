//! `GET /messages/{id}`: where a message is, and everything that happened to it.

use base::Fault;
use http::StatusCode;
use service::{Answer, Reply, Request};

use crate::faults::from_broker;
use crate::house::House;
use crate::show;

/// Answers `GET /messages/{id}`.
pub(crate) async fn get_message(house: House, request: Request) -> Answer {
    let tracked = house.named(&request)?;
    let shown = show::with_history(&house.broker, &tracked, &request.origin)?;
    Ok(Reply::new(StatusCode::OK, "application/json", shown.to_string()))
}

/// The answer to whoever changed something about a message: the message as it stands now.
///
/// # Errors
/// When the store fails.
pub(crate) fn as_it_stands(house: &House, request: &Request) -> Result<Reply, Fault> {
    let id = broker::read_id(request.path_value("id")).ok_or_else(crate::faults::not_found)?;
    let tracked = house.broker.track(id).map_err(from_broker)?;
    let shown = show::with_history(&house.broker, &tracked, &request.origin)?;
    Ok(Reply::new(StatusCode::OK, "application/json", shown.to_string()))
}
