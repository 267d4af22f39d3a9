//! `GET /{mailbox}/inbox/rich` and `GET /{mailbox}/outbox/rich`: what waits, and what was sent,
//! with more than ids. Not in the specification; real clients ask for both.

use base::Fault;
use broker::{Page, Query, Tracked};
use http::StatusCode;
use jiff::{SignedDuration, Timestamp};
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::messages::{DeliveryId, MessageId};
use tokio::task::spawn_blocking;

use crate::BASE;
use crate::faults::{broken, not_collected, not_sent};
use crate::house::House;
use crate::inbox::{Asked, links};
use crate::times;
use crate::tracking::Story;
use crate::validation::Wrong;
use crate::version::V2_JSON;

/// How many there are on a page when nothing else is said.
const RESULTS: i64 = 100;
/// How far back is looked when nothing else is said.
const BACK: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Answers `GET /{mailbox}/inbox/rich`.
pub(crate) async fn inbox(house: House, request: Request) -> Answer {
    let (asked, since) = asked(&house, &request)?;
    let mailbox = &request.caller.client;
    let after = asked.after.max(DeliveryId(broker::first_at(since).0));
    let page = Page { after, most: asked.most };
    let waiting = house.broker.waiting(mailbox, page, &|_| true).map_err(not_collected)?;
    let rows: Result<Vec<Value>, Fault> =
        waiting.messages.into_iter().map(|id| row(&house, id)).collect();
    Ok(reply(&house, &request, ("inbox/rich", since, asked.most), &rows?, waiting.next))
}

/// Answers `GET /{mailbox}/outbox/rich`. Nothing but time leads to what a mailbox has sent: this
/// looks at what everybody sent lately, and so far and no further.
pub(crate) async fn outbox(house: House, request: Request) -> Answer {
    let (asked, since) = asked(&house, &request)?;
    let mailbox = request.caller.client.clone();
    let before = (asked.after.0 != 0).then(|| asked.after.message());
    let broker = house.broker.clone();
    let query = Query {
        party: mailbox.clone(),
        since: Some(since),
        before,
        most: asked.most,
        ..Query::default()
    };
    let found = spawn_blocking(move || broker.find(&query)).await.map_err(broken)?;
    let found = found.map_err(not_sent)?;
    let sent = found.messages.into_iter().filter(|tracked| tracked.envelope.from == mailbox);
    let rows: Result<Vec<Value>, Fault> = sent.map(|tracked| sent_row(&house, tracked)).collect();
    let next = found.next.map(|id| id.delivery(0));
    Ok(reply(&house, &request, ("outbox/rich", since, asked.most), &rows?, next))
}

/// A row about a message that was sent says as well what went wrong, even if nothing did.
fn sent_row(house: &House, tracked: Tracked) -> Result<Value, Fault> {
    let mut row = Story::of(house, tracked)?.row();
    if let Some(row) = row.as_object_mut() {
        row.insert("status_code".to_owned(), "".into());
    }
    Ok(row)
}

fn row(house: &House, id: MessageId) -> Result<Value, Fault> {
    Ok(Story::of(house, house.broker.track(id).map_err(not_sent)?)?.row())
}

fn asked(house: &House, request: &Request) -> Result<(Asked, Timestamp), Fault> {
    let usual = house.clock.now().checked_sub(BACK).unwrap_or_default();
    let given = request.query.iter().find(|(name, _)| name == "start_time");
    let since = given.map_or(Some(usual), |(_, text)| times::read(text));
    let asked = Asked::read(request, RESULTS)?;
    let Some(since) = since else {
        let mut wrong = Wrong::default();
        let text = given.map(|(_, text)| text.as_str()).unwrap_or_default();
        wrong.value(("query", "start_time"), text, "this is no ISO 8601 time");
        wrong.done()?;
        return Ok((asked, usual));
    };
    Ok((asked, since))
}

fn reply(
    house: &House,
    request: &Request,
    (what, since, most): (&str, Timestamp, usize),
    rows: &[Value],
    next: Option<DeliveryId>,
) -> Reply {
    let path = format!("{BASE}/{}/{what}", request.caller.client);
    let kept = [("start_time", times::iso(since)), ("max_results", most.to_string())];
    let body = json!({
        "valid_at": times::iso(house.clock.now()),
        "messages": rows,
        "links": links(&path, &kept, next),
    });
    Reply::new(StatusCode::OK, V2_JSON, body.to_string())
}
