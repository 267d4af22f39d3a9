//! `GET /conversations`: the latest ones.

use std::collections::BTreeMap;

use base::Fault;
use broker::{Broker, Query, named_at};
use http::StatusCode;
use http::header::CACHE_CONTROL;
use jiff::Timestamp;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use tokio::task::spawn_blocking;

use crate::draw::{subject, title};
use crate::faults::{broken, from_broker, from_store};
use crate::gather::Conversation;
use crate::{BASE, House, page};

/// How many are listed.
const LISTED_MAX: usize = 50;
/// How many are looked at for somebody who may see only their own.
const LOOKED_AT_MAX: usize = 200;

/// A conversation in the list.
pub(crate) struct Listed {
    pub(crate) id: String,
    pub(crate) latest: Timestamp,
    /// What it is about.
    pub(crate) subject: String,
    /// What kind of conversation it is.
    pub(crate) title: &'static str,
    pub(crate) legs: usize,
    /// Who took part, in the order of their first appearance.
    pub(crate) parties: Vec<String>,
    pub(crate) running: bool,
}

/// Answers `GET /conversations`.
pub(crate) async fn list_conversations(house: House, request: Request) -> Answer {
    house.recorder.settled().await;
    let listed = spawn_blocking(move || {
        let listed = list(&house, &request)?;
        let accept = request.header("accept").unwrap_or_default();
        if accept.starts_with("text/html") {
            return page::list(&listed);
        }
        let shown: Vec<Value> = listed.iter().map(|one| show(one, &request.origin)).collect();
        let body = json!({ "conversations": shown }).to_string();
        Ok(Reply::new(StatusCode::OK, "application/json", body).with(CACHE_CONTROL, "no-store"))
    });
    listed.await.map_err(broken)?
}

fn list(house: &House, request: &Request) -> Result<Vec<Listed>, Fault> {
    let mut listed = Vec::new();
    for id in latest(house)? {
        if listed.len() == LISTED_MAX {
            break;
        }
        // One that is forgotten meanwhile is no mistake.
        let Ok(found) = Conversation::gather(house, &id) else { continue };
        if house.may_see(&request.caller, found.legs.iter().map(|(_, leg)| leg)) {
            listed.push(seen(found));
        }
    }
    Ok(listed)
}

/// The names of the latest conversations, the latest one first: of calls and of messages.
fn latest(house: &House) -> Result<Vec<String>, Fault> {
    let mut latest = BTreeMap::new();
    let mut note = |id: String, at: Timestamp| {
        let known = latest.entry(id).or_insert(at);
        *known = at.max(*known);
    };
    for one in house.recorder.latest(LOOKED_AT_MAX).map_err(from_store)? {
        note(one.id, one.latest);
    }
    let newest = Query { most: LOOKED_AT_MAX, ..Query::default() };
    for message in house.broker.find(&newest).map_err(from_broker)?.messages {
        let id = Broker::conversation_of(message.id, &message.envelope);
        // Calls know a conversation in lower case, whatever its messages say.
        let id = if travel::is_conversation(&id) { id.to_ascii_lowercase() } else { id };
        note(id, named_at(message.id));
    }
    let mut latest: Vec<_> = latest.into_iter().collect();
    latest.sort_by_key(|(_, at)| std::cmp::Reverse(*at));
    latest.truncate(LOOKED_AT_MAX);
    Ok(latest.into_iter().map(|(id, _)| id).collect())
}

fn seen(found: Conversation) -> Listed {
    let mut parties: Vec<String> = Vec::new();
    for party in found.legs.iter().flat_map(|(_, leg)| [&leg.from, &leg.to]) {
        let name = found.name_of(party);
        if !parties.iter().any(|known| known == name) {
            parties.push(name.to_owned());
        }
    }
    Listed {
        latest: found.legs.last().map(|(at, _)| *at).unwrap_or_default(),
        subject: subject(&found.legs).to_owned(),
        title: title(&found.legs),
        legs: found.legs.len(),
        parties,
        running: found.running,
        id: found.id,
    }
}

fn show(one: &Listed, origin: &str) -> Value {
    json!({
        "id": one.id,
        "latest": one.latest.to_string(),
        "legs": one.legs,
        "parties": one.parties,
        "running": one.running,
        "link": format!("{origin}{BASE}/{}", one.id),
    })
}
