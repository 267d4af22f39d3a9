//! `GET /endpointlookup/{ods}/{workflow}` and `GET /workflowsearch/{workflow}`: which mailboxes get
//! messages of a workflow. Nobody asks for a token here.

use broker::{Mailbox, Table};
use http::StatusCode;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};

use crate::house::House;
use crate::version::Version;

/// The most mailboxes in one answer.
pub(crate) const FOUND_MAX: usize = 1_000;

/// Answers `GET /endpointlookup/{ods}/{workflow}`.
pub(crate) async fn endpoint_lookup(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let (code, workflow) = (request.path_value("ods_code"), request.path_value("workflow"));
    let found = receivers(&house, Some(code), workflow, false);
    let one = |mailbox: &Mailbox| match version {
        Version::One => json!({
            "address": mailbox.id,
            "description": mailbox.name,
            "endpoint_type": "MESH",
        }),
        Version::Two => named(mailbox),
    };
    let results: Vec<Value> = found.iter().map(one).collect();
    let body = match version {
        Version::One => json!({ "query_id": house.internal_id(), "results": results }),
        Version::Two => json!({ "results": results }),
    };
    Ok(Reply::new(StatusCode::OK, version.media_type(), body.to_string()))
}

/// Answers `GET /workflowsearch/{workflow}`, which has one form only.
pub(crate) async fn workflow_search(house: House, request: Request) -> Answer {
    let version = Version::of(&request.headers)?;
    let found = receivers(&house, None, request.path_value("workflow"), false);
    let results: Vec<Value> = found.iter().map(named).collect();
    let body = json!({ "results": results });
    Ok(Reply::new(StatusCode::OK, version.media_type(), body.to_string()))
}

fn named(mailbox: &Mailbox) -> Value {
    json!({ "mailbox_id": mailbox.id, "mailbox_name": mailbox.name })
}

/// The mailboxes, of an organisation or of any, that get messages of a workflow, by id. What an
/// unregistered workflow says of its receivers is `unregistered`: all may get it, or nobody is
/// known to.
pub(crate) fn receivers(
    house: &House,
    organisation: Option<&str>,
    workflow: &str,
    unregistered: bool,
) -> Vec<Mailbox> {
    let table = house.broker.directory().table();
    let wanted = |mailbox: &&Mailbox| {
        !mailbox.closed
            && organisation.is_none_or(|code| mailbox.organisation.eq_ignore_ascii_case(code))
            && gets(&table, mailbox, workflow, unregistered)
    };
    let mut found: Vec<Mailbox> = table.mailboxes().filter(wanted).cloned().collect();
    found.sort_unstable_by(|one, other| one.id.cmp(&other.id));
    found.truncate(FOUND_MAX);
    found
}

fn gets(table: &Table, mailbox: &Mailbox, workflow: &str, unregistered: bool) -> bool {
    let Some(workflow) = table.workflow(workflow) else { return unregistered };
    workflow.receivers.is_empty()
        || workflow.receivers.iter().any(|id| id.eq_ignore_ascii_case(&mailbox.id))
}

impl House {
    /// An id that means nothing outside the house, for callers to quote when something is wrong.
    pub(crate) fn internal_id(&self) -> String {
        format!("{}_{:06X}", crate::times::digits(self.clock.now()), self.dice.bits() & 0xFF_FFFF)
    }
}
