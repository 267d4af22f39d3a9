//! `GET /messages`: the caller's messages by who, what, when and how they fare, newest first.

use base::Fault;
use base::limit::MESSAGES_A_PAGE_MAX;
use broker::{Query, State, Tracked, read_id, write_id};
use http::StatusCode;
use security::Caller;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::messages::MessageId;
use tokio::task::spawn_blocking;

use crate::BASE;
use crate::faults::{broken, from_broker};
use crate::house::House;
use crate::{query, show};

/// How often the broker is asked on for one page, when most of what it finds is not the caller's.
const ROUNDS_MAX: usize = 20;
/// What may be asked for.
const PARAMETERS: &[&str] = &["party", "kind", "state", "since", "before", "most"];

/// Answers `GET /messages`.
pub(crate) async fn list_messages(house: House, request: Request) -> Answer {
    query::only(&request, PARAMETERS)?;
    let wanted = Query {
        party: query::value(&request, "party").unwrap_or_default().to_owned(),
        kind: query::value(&request, "kind").unwrap_or_default().to_owned(),
        state: query::parsed(&request, "state", "such as acknowledged", State::named)?,
        since: query::parsed(&request, "since", "such as 2026-11-22T10:00:00Z", |text| {
            text.parse().ok()
        })?,
        before: query::parsed(&request, "before", "the id of a message", read_id)?,
        most: query::most(&request)?,
    };
    let caller = request.caller.clone();
    let page = spawn_blocking(move || page(&house, &caller, wanted));
    let (messages, next) = page.await.map_err(broken)??;
    let shown: Vec<Value> =
        messages.iter().map(|one| show::message(one, &request.origin)).collect();
    let next = next.map(|before| more(&request, before));
    let body = json!({ "messages": shown, "links": { "next": next } });
    Ok(Reply::new(StatusCode::OK, "application/json", body.to_string()))
}

/// A page of what the caller may see, and where to go on.
fn page(
    house: &House,
    caller: &Caller,
    mut wanted: Query,
) -> Result<(Vec<Tracked>, Option<MessageId>), Fault> {
    let most = std::mem::replace(&mut wanted.most, MESSAGES_A_PAGE_MAX);
    let mut seen = Vec::new();
    for _ in 0..ROUNDS_MAX {
        let found = house.broker.find(&wanted).map_err(from_broker)?;
        for one in found.messages {
            if !house.may_see(caller, &one) {
                continue;
            }
            if seen.len() == most {
                return Ok((seen, wanted.before));
            }
            wanted.before = Some(one.id);
            seen.push(one);
        }
        match found.next {
            None => return Ok((seen, None)),
            next => wanted.before = next,
        }
    }
    Ok((seen, wanted.before))
}

/// The link to the next page: the same question, from an older message on.
fn more(request: &Request, before: MessageId) -> String {
    let mut pairs: Vec<String> = request
        .query
        .iter()
        .filter(|(name, _)| name != "before")
        .map(|(name, value)| format!("{name}={}", show::encoded(value)))
        .collect();
    pairs.push(format!("before={}", write_id(before)));
    format!("{}{BASE}?{}", request.origin, pairs.join("&"))
}
