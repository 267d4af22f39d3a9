//! What testers may do to a demonstration exchange, as the public sandbox has it: empty mailboxes,
//! make up reports, look at any message. Nobody asks for a token here; an exchange that is no
//! demonstration has none of it.

use base::Fault;
use broker::{Body, Envelope, Number, Page, Reason, Refused, Report, State, Submission};
use http::StatusCode;
use serde::Deserialize;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::Transaction;
use store::messages::DeliveryId;

use crate::SERVICE;
use crate::faults::{no_message, not_found, not_sent};
use crate::house::House;
use crate::tracking::Story;
use crate::validation::Wrong;
use crate::version::JSON;

mod declaration;

pub(crate) use declaration::interactions;
pub use declaration::service;

/// Who took a message back, in its history.
const OPERATOR: &str = "operator";
/// How many messages are taken back between looks at what waits.
const AT_ONCE: usize = 500;

/// Answers `DELETE /admin/reset`.
pub(crate) async fn reset_all(house: House, _: Request) -> Answer {
    let table = house.broker.directory().table();
    for mailbox in table.mailboxes() {
        empty(&house, &mailbox.id).await?;
    }
    Ok(said(&json!({ "message": "all mailboxes reset" })))
}

/// Answers `DELETE /admin/reset/{mailbox}`.
pub(crate) async fn reset(house: House, request: Request) -> Answer {
    let named = request.path_value("mailbox");
    let mailbox = house.mailbox(named).ok_or_else(no_mailbox)?;
    empty(&house, &mailbox.id).await?;
    Ok(said(&json!({ "message": format!("mailbox {} reset", mailbox.id) })))
}

/// Takes back everything that waits in a mailbox.
async fn empty(house: &House, mailbox: &str) -> Result<(), Fault> {
    let mut after = DeliveryId(0);
    loop {
        let page = Page { after, most: AT_ONCE };
        let waiting = house.broker.waiting(mailbox, page, &|_| true).map_err(not_sent)?;
        for id in waiting.messages {
            match house.broker.withdraw(mailbox, id, OPERATOR).await {
                // Somebody was faster.
                Ok(()) | Err(Refused::NotNow(_) | Refused::NotFound) => {}
                Err(error) => return Err(not_sent(error)),
            }
        }
        match waiting.next {
            Some(next) => after = next,
            None => return Ok(()),
        }
    }
}

/// A report that a tester makes up.
#[derive(Deserialize)]
struct MadeUp {
    mailbox_id: String,
    code: String,
    description: String,
    workflow_id: String,
    #[serde(default)]
    subject: String,
    #[serde(default)]
    local_id: String,
    #[serde(default)]
    file_name: String,
    #[serde(default)]
    linked_message_id: String,
}

/// Answers `POST /admin/report`.
pub(crate) async fn report(house: House, request: Request) -> Answer {
    const REQUIRED: [&str; 4] = ["mailbox_id", "code", "description", "workflow_id"];
    let made_up: MadeUp = body(&request, &REQUIRED)?;
    let mailbox = house.mailbox(&made_up.mailbox_id).ok_or_else(no_mailbox)?;
    let linked = broker::read_id(&made_up.linked_message_id);
    let about = linked.map_or(Number(0), Number::from);
    let text = made_up.description.clone();
    let extra = [
        ("code", made_up.code),
        ("text", made_up.description),
        ("subject", made_up.subject),
        ("file", made_up.file_name),
        ("linked", made_up.linked_message_id),
    ];
    let extra = extra.into_iter().filter(|(_, value)| !value.is_empty());
    let envelope = Envelope {
        wire: SERVICE.into(),
        to: mailbox.id,
        kind: made_up.workflow_id,
        local_id: made_up.local_id,
        parts: 1,
        extra: extra.map(|(name, value)| (name.to_owned(), value)).collect(),
        report: Some(Report { about, reason: Reason::NotCollected, text }),
        ..Envelope::default()
    };
    let body = Body::Inline(bytes::Bytes::new());
    let submission = Submission { envelope, body, named: false, with: Transaction::new() };
    let receipt = house.broker.accept(submission).await.map_err(not_sent)?;
    Ok(said(&json!({ "message_id": broker::write_id(receipt.id) })))
}

/// Something that a tester says has happened to a message.
#[derive(Deserialize)]
struct Happened {
    status: String,
}

/// Answers `POST /admin/message/{message}/event`.
pub(crate) async fn event(house: House, request: Request) -> Answer {
    let happened: Happened = body(&request, &["status"])?;
    let id = broker::read_id(request.path_value("message")).ok_or_else(not_found)?;
    let tracked = house.broker.track(id).map_err(not_sent)?;
    match happened.status.as_str() {
        "acknowledged" => {
            for delivery in tracked.deliveries.iter().filter(|one| is_held(one)) {
                let with = Transaction::new();
                let done = house.broker.acknowledge(&delivery.recipient, id, with).await;
                done.map_err(not_sent)?;
            }
        }
        "error" | "undeliverable" => {
            for delivery in tracked.deliveries.iter().filter(|one| is_held(one)) {
                let done = house.broker.withdraw(&delivery.recipient, id, OPERATOR).await;
                done.map_err(not_sent)?;
            }
        }
        _ => {}
    }
    Ok(Reply::empty(StatusCode::OK))
}

fn is_held(delivery: &broker::Track) -> bool {
    matches!(delivery.state, State::Available | State::Collected)
}

/// Answers `GET /admin/mailbox/{mailbox}`.
pub(crate) async fn mailbox(house: House, request: Request) -> Answer {
    let mailbox = house.mailbox(request.path_value("mailbox")).ok_or_else(not_found)?;
    let organisation = house.organisation_name(&mailbox.organisation)?;
    Ok(said(&json!({
        "mailbox_id": mailbox.id,
        "mailbox_name": mailbox.name,
        "billing_entity": "England",
        "ods_code": mailbox.organisation,
        "org_code": mailbox.organisation,
        "org_name": organisation,
        "active": !mailbox.closed,
    })))
}

/// Answers `GET /admin/message/{message}`.
pub(crate) async fn message(house: House, request: Request) -> Answer {
    let id = broker::read_id(request.path_value("message")).ok_or_else(not_found)?;
    let tracked = house.broker.track(id).map_err(not_sent)?;
    Ok(said(&Story::of(&house, tracked)?.whole()))
}

fn body<T: for<'a> Deserialize<'a>>(request: &Request, required: &[&str]) -> Result<T, Fault> {
    let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
    let mut wrong = Wrong::default();
    for name in required.iter().filter(|name| body.get(**name).is_none_or(Value::is_null)) {
        wrong.missing(("body", name));
    }
    wrong.done()?;
    let mut wrong = Wrong::default();
    serde_json::from_value(body).or_else(|_| {
        wrong.value(("body", "body"), "", "every member is text");
        wrong.done().and(Err(no_message()))
    })
}

fn no_mailbox() -> Fault {
    Fault::new(base::Kind::NotFound, "NO_MAILBOX", "")
}

fn said(body: &Value) -> Reply {
    Reply::new(StatusCode::OK, JSON, body.to_string())
}

/// The faults of the verbs.
pub(crate) const FAULTS: [&str; 4] = ["VALIDATION", "NOT_FOUND", "NO_MAILBOX", "COMPLETE"];
