//! `POST /{mailbox}/outbox/{message}/{chunk}`: another chunk of a message. The same chunk may come
//! again, and the message can be had once all are there.

use base::Fault;
use base::limit::CHUNKED_BYTES_MAX;
use http::StatusCode;
use serde_json::json;
use service::{Answer, Reply, Request};

use crate::envelope::{Chunk, encoding, text};
use crate::faults::{self, about, incorrect, not_sent};
use crate::house::House;
use crate::upload::Incoming;
use crate::validation::Wrong;
use crate::version::{JSON, Version};

/// Answers `POST /{mailbox}/outbox/{message}/{chunk}`.
pub(crate) async fn send_chunk(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let number = chunk_number(&request)?;
    let sender = &request.caller.client;
    let named = request.path_value("message");
    let id = broker::read_id(named).ok_or_else(faults::not_found)?;
    let (envelope, content) = house.broker.receiving(sender, id).map_err(not_sent)?;
    let chunk = Chunk::read(&text(&request.headers, "mex-chunk-range"));
    if chunk.is_none_or(|chunk| i64::from(chunk.number) != number) {
        return Err(about("CHUNK_RANGE", named));
    }
    let number = u32::try_from(number).unwrap_or(u32::MAX);
    if number > content.parts {
        return Err(incorrect("NO_SUCH_CHUNK"));
    }
    let encoding = encoding(&request.headers).ok().filter(|given| *given == envelope.encoding);
    let encoding = encoding.ok_or_else(|| incorrect("ENCODING_CHANGED"))?;
    let others = content.present.iter().filter(|part| part.number != number);
    let before: u64 = others.map(|part| part.bytes).sum();
    let incoming = Incoming::of(&request).await?;
    let part = incoming.write(&house, id, number, encoding).await?;
    if before.saturating_add(part.part().bytes) > CHUNKED_BYTES_MAX {
        return Err(incorrect("TOO_LARGE"));
    }
    house.broker.add_part(sender, id, part).await.map_err(not_sent)?;
    Ok(match version {
        Version::One => {
            let body = json!({ "messageID": named, "blockID": number });
            Reply::new(StatusCode::ACCEPTED, JSON, body.to_string())
        }
        Version::Two => Reply::empty(StatusCode::ACCEPTED),
    })
}

fn chunk_number(request: &Request) -> Result<i64, Fault> {
    let mut wrong = Wrong::default();
    let at = ("path", "chunk_number");
    let number = wrong.number(at, request.path_value("chunk"), i64::MIN, i64::MAX);
    let range = text(&request.headers, "mex-chunk-range");
    wrong.length(("header", "mex-chunk-range"), &range, 0, 20);
    wrong.done()?;
    Ok(number.unwrap_or_default())
}

/// The interaction's own faults.
pub(crate) const FAULTS: [&str; 11] = [
    "BROKEN_OFF",
    "FORBIDDEN",
    "NOT_FOUND",
    "NO_SUCH_CHUNK",
    "TOO_SLOW",
    "GONE",
    "TOO_LARGE",
    "CHUNK_RANGE",
    "ENCODING_CHANGED",
    "COMPLETE",
    "VALIDATION",
];
