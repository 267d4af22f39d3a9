//! `GET /{mailbox}/inbox` and `GET /{mailbox}/count`: what waits.
//!
//! Oldest first, in pages. An id is listed until its message is acknowledged or given up.

use base::Fault;
use broker::Page;
use http::StatusCode;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Map, Value, json};
use service::{Answer, Reply, Request};
use store::messages::DeliveryId;

use crate::BASE;
use crate::faults::not_collected;
use crate::filter::Filter;
use crate::house::House;
use crate::validation::Wrong;
use crate::version::{JSON, Version};

/// The fewest, the usual and the most ids on a page.
pub(crate) const RESULTS_MIN: i64 = 10;
const RESULTS: i64 = 500;
pub(crate) const RESULTS_MAX: i64 = 5_000;
/// What is percent-encoded in a link: all but what RFC 3986 calls unreserved.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// How far a mailbox is counted.
const COUNTED_MAX: u64 = 100_000;

/// Answers `GET /{mailbox}/inbox`.
pub(crate) async fn list_messages(house: House, request: Request) -> Answer {
    let asked = Asked::read(&request, RESULTS)?;
    let version = Version::of(&request.headers)?;
    let mailbox = &request.caller.client;
    let page = Page { after: asked.after, most: asked.most };
    let waiting = house.broker.waiting(mailbox, page, &|workflow| asked.filter.wants(workflow));
    let waiting = waiting.map_err(not_collected)?;
    let ids: Vec<String> = waiting.messages.into_iter().map(broker::write_id).collect();
    if version == Version::One {
        return Ok(Reply::new(StatusCode::OK, JSON, json!({ "messages": ids }).to_string()));
    }
    let count = house.broker.count_waiting(mailbox, COUNTED_MAX).map_err(not_collected)?;
    let path = format!("{BASE}/{mailbox}/inbox");
    let given = |name: &'static str| Some((name, value(&request, name)?.to_owned()));
    let kept: Vec<_> = ["max_results", "workflow_filter"].into_iter().filter_map(given).collect();
    let body = json!({
        "messages": ids,
        "links": links(&path, &kept, waiting.next),
        "approx_inbox_count": count,
    });
    Ok(Reply::new(StatusCode::OK, version.media_type(), body.to_string()))
}

/// Answers `GET /{mailbox}/count`.
pub(crate) async fn count_messages(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let mailbox = &request.caller.client;
    let count = house.broker.count_waiting(mailbox, COUNTED_MAX).map_err(not_collected)?;
    let body = match version {
        Version::One => json!({
            "count": count,
            "internalID": house.internal_id(),
            "allResultsIncluded": count < COUNTED_MAX,
        }),
        Version::Two => json!({ "count": count }),
    };
    Ok(Reply::new(StatusCode::OK, version.media_type(), body.to_string()))
}

/// Which page is asked for.
pub(crate) struct Asked {
    pub(crate) after: DeliveryId,
    pub(crate) most: usize,
    filter: Filter,
}

impl Asked {
    /// Reads the query; `usual` is how many there are on a page when nothing else is said.
    pub(crate) fn read(request: &Request, usual: i64) -> Result<Self, Fault> {
        let value = |name: &str| value(request, name);
        let mut wrong = Wrong::default();
        let most = value("max_results").map_or(Some(usual), |text| {
            wrong.number(("query", "max_results"), text, RESULTS_MIN, RESULTS_MAX)
        });
        let mut after = DeliveryId(0);
        if let Some(text) = value("continue_from") {
            let at = ("query", "continue_from");
            wrong.length(at, text, 24, 1_000);
            match place(text) {
                Some(place) => after = place,
                None if (24..=1_000).contains(&text.len()) => {
                    wrong.value(at, text, "this is no place in the inbox");
                }
                None => {}
            }
        }
        if let Some(text) = value("workflow_filter") {
            wrong.length(("query", "workflow_filter"), text, 2, 255);
        }
        wrong.done()?;
        Ok(Self {
            after,
            most: usize::try_from(most.unwrap_or(usual)).unwrap_or_default(),
            filter: Filter::read(value("workflow_filter").unwrap_or_default()),
        })
    }
}

/// A parameter of the query.
fn value<'a>(request: &'a Request, name: &str) -> Option<&'a str> {
    let found = request.query.iter().find(|(known, _)| known == name);
    found.map(|(_, value)| value.as_str())
}

/// The place after a delivery, in writing: the message and which of its deliveries.
fn written(after: DeliveryId) -> String {
    format!("{}-{}", broker::write_id(after.message()), after.number())
}

/// The place that was written.
fn place(text: &str) -> Option<DeliveryId> {
    let (message, number) = text.rsplit_once('-')?;
    Some(broker::read_id(message)?.delivery(number.parse().ok()?))
}

/// The links of a page: to itself, and to the next one where there may be more. Both keep some of
/// the query.
pub(crate) fn links(path: &str, kept: &[(&str, String)], next: Option<DeliveryId>) -> Value {
    let pairs: Vec<(&str, &str)> =
        kept.iter().map(|(name, value)| (*name, value.as_str())).collect();
    let mut links = Map::new();
    links.insert("self".to_owned(), link(path, &pairs).into());
    if let Some(next) = next.map(written) {
        let pairs = [&pairs[..], &[("continue_from", next.as_str())]].concat();
        links.insert("next".to_owned(), link(path, &pairs).into());
    }
    Value::Object(links)
}

fn link(path: &str, pairs: &[(&str, &str)]) -> String {
    let encoded = |text| utf8_percent_encode(text, ENCODED);
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if pairs.is_empty() { path.to_owned() } else { format!("{path}?{}", pairs.join("&")) }
}
