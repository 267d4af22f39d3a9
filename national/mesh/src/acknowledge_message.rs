//! `PUT /{mailbox}/inbox/{message}/status/acknowledged`: the owner of a mailbox has a message for
//! good. Saying so again changes nothing.

use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};
use store::Transaction;

use crate::faults::not_collected;
use crate::house::House;
use crate::retrieve_message::id_in_path;
use crate::version::{JSON, Version};

/// Answers `PUT /{mailbox}/inbox/{message}/status/acknowledged`.
pub(crate) async fn acknowledge_message(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let id = id_in_path(&request)?;
    let named = request.path_value("message");
    let access = house.access(&request, "acknowledge-message", named, 200);
    let with = Transaction::new().access(access);
    let mailbox = &request.caller.client;
    house.broker.acknowledge(mailbox, id, with).await.map_err(not_collected)?;
    Ok(match version {
        Version::One => Reply::new(StatusCode::OK, JSON, json!({ "messageId": named }).to_string()),
        Version::Two => Reply::empty(StatusCode::OK),
    })
}
