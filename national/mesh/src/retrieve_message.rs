//! `GET` and `HEAD /{mailbox}/inbox/{message}`, and `GET /{mailbox}/inbox/{message}/{chunk}`: a
//! message that waits. It stays there until it is acknowledged.

use base::Fault;
use service::{Answer, Request};
use store::Transaction;
use store::messages::MessageId;

use crate::download::hand_out;
use crate::faults::{no_message, not_collected};
use crate::house::House;
use crate::validation::Wrong;
use crate::version::Version;

/// Answers `GET /{mailbox}/inbox/{message}`.
pub(crate) async fn retrieve_message(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    retrieve(&house, &request, version, 1).await
}

/// Answers `GET /{mailbox}/inbox/{message}/{chunk}`.
pub(crate) async fn retrieve_chunk(house: House, request: Request) -> Answer {
    let mut wrong = Wrong::default();
    let at = ("path", "chunk_number");
    let number = wrong.number(at, request.path_value("chunk"), 1, i64::MAX);
    wrong.done()?;
    let version = Version::of(&request.headers)?;
    let number = u32::try_from(number.unwrap_or(1)).unwrap_or(u32::MAX);
    retrieve(&house, &request, version, number).await
}

/// Answers `HEAD /{mailbox}/inbox/{message}`: nothing comes of it.
pub(crate) async fn head_message(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let id = id_in_path(&request)?;
    let parcel = house.broker.look(&request.caller.client, id).map_err(not_collected)?;
    hand_out(&house, &request, version, &parcel, 1)
}

async fn retrieve(house: &House, request: &Request, version: Version, number: u32) -> Answer {
    let id = id_in_path(request)?;
    let mailbox = &request.caller.client;
    if number > 1 {
        let parcel = house.broker.look(mailbox, id).map_err(not_collected)?;
        if number > parcel.envelope.parts {
            return Err(no_message());
        }
    }
    let named = request.path_value("message");
    let access = house.access(request, "retrieve-message", named, 200);
    let with = Transaction::new().access(access);
    let parcel = house.broker.collect(mailbox, id, with).await.map_err(not_collected)?;
    hand_out(house, request, version, &parcel, number)
}

/// The message in the path.
///
/// # Errors
/// When it is the id of none.
pub(crate) fn id_in_path(request: &Request) -> Result<MessageId, Fault> {
    broker::read_id(request.path_value("message")).ok_or_else(no_message)
}
