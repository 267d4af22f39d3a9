//! `POST /{mailbox}/outbox`: sends a message, or the first chunk of one.

use base::Fault;
use base::limit::CHUNKS_MAX;
use broker::{Body, Envelope, Submission};
use http::StatusCode;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::Transaction;

use crate::envelope::Control;
use crate::faults::{incorrect, not_sent};
use crate::house::House;
use crate::upload::Incoming;
use crate::version::Version;
use crate::{patient, reply_to};

const INTERACTION: &str = "send-message";

/// Answers `POST /{mailbox}/outbox`.
pub(crate) async fn send_message(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let control = Control::read(&request.headers)?;
    let chunks = control.chunk.map_or(1, |chunk| chunk.of);
    if control.chunk.is_some_and(|chunk| chunk.number != 1) || chunks > CHUNKS_MAX {
        return Err(incorrect("CHUNK_RANGE"));
    }
    let sender = request.caller.client.clone();
    if patient::is_address(&control.to, &control.workflow) {
        return patient::send(house, &request, version, &control).await;
    }
    let to = addressee(&house, &control)?;
    let envelope = control.envelope(&sender, &to);
    let envelope = reply_to::answering(&house, &control, envelope)?;
    // Whoever may not send is told so before the body comes.
    house.broker.may_accept(&envelope).map_err(not_sent)?;
    send(&house, &request, version, &control, envelope, Transaction::new()).await
}

/// Takes the body and hands the message to the broker, with what shall happen in the same commit.
pub(crate) async fn send(
    house: &House,
    request: &Request,
    version: Version,
    control: &Control,
    mut envelope: Envelope,
    with: Transaction,
) -> Answer {
    let incoming = Incoming::of(request).await?;
    if incoming.is_empty() {
        return Err(incorrect("DATA_MISSING"));
    }
    let chunks = control.chunk.map_or(1, |chunk| chunk.of);
    // The content of a message in chunks is in the ledger of contents, however small they are.
    let small = if chunks > 1 { Err(incoming) } else { incoming.small() };
    let (body, named) = match small {
        Ok(bytes) => {
            envelope.bytes = bytes.len() as u64;
            (Body::Inline(bytes), String::new())
        }
        Err(incoming) => {
            let id = house.broker.reserve();
            let first = incoming.write(house, id, 1, control.encoding).await?;
            envelope.bytes = first.part().bytes;
            (Body::Parts { id, of: chunks, first }, broker::write_id(id))
        }
    };
    let with = with.access(house.access(request, INTERACTION, &named, 202));
    let submission = Submission { envelope, body, named: false, with };
    let receipt = house.broker.accept(submission).await.map_err(not_sent)?;
    Ok(accepted(version, &broker::write_id(receipt.id)))
}

/// The answer that a message was taken on.
pub(crate) fn accepted(version: Version, id: &str) -> Reply {
    let body: Value = match version {
        Version::One => json!({ "messageID": id }),
        Version::Two => json!({ "message_id": id }),
    };
    Reply::new(StatusCode::ACCEPTED, version.media_type(), body.to_string())
}

/// Who a message goes to: what is named, or the mailbox with that name in upper case.
///
/// # Errors
/// When nobody has the name; whoever may not send to anybody else learns this first.
fn addressee(house: &House, control: &Control) -> Result<String, Fault> {
    let (to, upper) = (&control.to, control.to.to_ascii_uppercase());
    let table = house.broker.directory().table();
    let routed = table.route(to, &control.workflow).is_some();
    if routed || table.mailbox(to).is_some() || table.endpoint(to).is_some() {
        return Ok(to.clone());
    }
    let known = table.mailbox(&upper).is_some();
    known.then_some(upper).ok_or_else(|| incorrect("UNREGISTERED"))
}

/// The interaction's own faults.
pub(crate) const FAULTS: [&str; 13] = [
    "MALFORMED",
    "TO_MISSING",
    "CHECKSUM",
    "BROKEN_OFF",
    "TOO_SLOW",
    "TOO_LARGE",
    "DATA_MISSING",
    "UNREGISTERED",
    "SENDER_MAY_NOT",
    "RECIPIENT_MAY_NOT",
    "CHUNK_RANGE",
    "ENCODING",
    "VALIDATION",
];
