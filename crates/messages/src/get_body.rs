//! `GET /messages/{id}/body`: the message itself, for who sent it or gets it. Each reading stands
//! on the audit chain.

use broker::{BodyReader, State};
use http::StatusCode;
use http::header::{CONTENT_DISPOSITION, CONTENT_ENCODING, CONTENT_TYPE, X_CONTENT_TYPE_OPTIONS};
use service::{Answer, Download, Reply, Request};

use crate::faults::{from_store, gone, not_found, not_now};
use crate::house::House;

/// The media type of a body of which nobody said what it is.
const OCTETS: &str = "application/octet-stream";

/// Answers `GET /messages/{id}/body`.
pub(crate) async fn get_body(house: House, request: Request) -> Answer {
    let tracked = house.named(&request)?;
    if !house.party(&request.caller, &tracked) {
        // Operators see where a message is, but do not read it.
        return Err(not_found());
    }
    if tracked.deliveries.iter().all(|one| one.state == State::Receiving) {
        return Err(not_now("it is still coming in"));
    }
    let store = house.broker.store();
    let found = store.messages().get(tracked.id).map_err(from_store)?;
    let message = found.filter(|_| !tracked.erased).ok_or_else(gone)?;
    let envelope = &tracked.envelope;
    let media_type = if envelope.media_type.is_empty() { OCTETS } else { &envelope.media_type };
    let mut encoding = envelope.encoding.as_str();
    let reply = match message.content {
        None => Reply { body: message.body, ..Reply::empty(StatusCode::OK) }
            .with(CONTENT_TYPE, media_type),
        Some(content) => {
            let reader = BodyReader::open(store, content).map_err(from_store)?;
            let mut reader = reader.ok_or_else(gone)?;
            encoding = reader.encoding();
            let bytes = reader.bytes();
            let download = Download::from_blocks(Some(bytes), move || reader.next_block());
            Reply::stream(StatusCode::OK, media_type, download)
        }
    };
    house.note(&request, "get-message-body").await?;
    // A stranger chose the media type: no browser shall run what it finds.
    let reply =
        reply.with(CONTENT_DISPOSITION, "attachment").with(X_CONTENT_TYPE_OPTIONS, "nosniff");
    Ok(if encoding.is_empty() { reply } else { reply.with(CONTENT_ENCODING, encoding) })
}
