//! Who messages go to and come from, as an operator writes it: mailboxes, workflows, endpoints,
//! routes and subscriptions.
//!
//! The shapes of the last four are the broker's own. That of a mailbox has its secret beside it,
//! which becomes a record of its own, so that nobody reads it who only looks for the mailbox.

use std::collections::{BTreeMap, HashSet};

use base::limit::ADDRESS_BYTES_MAX;
use broker::{
    ENDPOINT, Endpoint, MAILBOX, Mailbox, ROUTE, Route, SUBSCRIPTION, Subscription, WORKFLOW,
    Workflow, record,
};
use mesh::{SECRET, Secret};
use security::rate::Rates;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use store::directory::Record;
use store::{Store, StoreError};
use toml::Table;

use super::rates;

/// The longest name of a workflow, in bytes: what a header of the mailbox API may hold.
const WORKFLOW_BYTES_MAX: usize = 300;

/// The tables of a file that are about messages. They are read one by one, so that a mistake in
/// one hides none in another.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Exchange {
    #[serde(default)]
    mailbox: Vec<Table>,
    #[serde(default)]
    workflow: Vec<Table>,
    #[serde(default)]
    endpoint: Vec<Table>,
    #[serde(default)]
    route: Vec<Table>,
    #[serde(default)]
    subscription: Vec<Table>,
}

/// A mailbox and its secret.
#[derive(Debug, Deserialize)]
struct Box {
    id: String,
    organisation: String,
    #[serde(default)]
    name: String,
    password: base::Secret<String>,
    shared_key: base::Secret<String>,
    #[serde(default)]
    closed: bool,
    #[serde(default)]
    ratelimiting: BTreeMap<String, Rates>,
}

/// The record of a mailbox, with how often it may be used.
#[derive(Serialize)]
struct Metered {
    #[serde(flatten)]
    mailbox: Mailbox,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    ratelimiting: BTreeMap<String, Rates>,
}

const MAILBOX_KEYS: &[&str] =
    &["id", "organisation", "name", "password", "shared_key", "closed", "ratelimiting"];
const WORKFLOW_KEYS: &[&str] = &["id", "name", "senders", "receivers"];
const ENDPOINT_KEYS: &[&str] = &[
    "name",
    "url",
    "wire",
    "organisation",
    "secrets",
    "acknowledges",
    "in_order",
    "pushes_max",
    "push_s_max",
    "private",
    "closed",
];
const ROUTE_KEYS: &[&str] = &["name", "to", "kind", "deliver", "ordered", "halt", "deadline_s"];
const SUBSCRIPTION_KEYS: &[&str] =
    &["id", "owner", "event", "filters", "deliver", "kind", "document"];

impl Exchange {
    /// The records, in an order in which each stands after what it refers to. A table that cannot
    /// be read gives none: it is among the [`Exchange::mistakes`].
    pub(crate) fn records(&self) -> Vec<Record> {
        let mut records = Vec::new();
        for one in read::<Box>(&self.mailbox) {
            let secret = Secret { password: one.password, shared_key: one.shared_key };
            let id = one.id.to_ascii_uppercase();
            let organisation = one.organisation.to_ascii_uppercase();
            let mailbox =
                Mailbox { id: id.clone(), name: one.name, organisation, closed: one.closed };
            records.push(record(SECRET, &id, &secret));
            let metered = Metered { mailbox, ratelimiting: one.ratelimiting };
            records.push(record(MAILBOX, &id, &metered));
        }
        for one in read::<Endpoint>(&self.endpoint) {
            // Who speaks MLLP counts on the order of what comes.
            let in_order = one.in_order || one.wire == "mllp";
            records.push(record(ENDPOINT, &one.name, &Endpoint { in_order, ..one.clone() }));
        }
        records.extend(read::<Workflow>(&self.workflow).map(|one| record(WORKFLOW, &one.id, &one)));
        records.extend(read::<Route>(&self.route).map(|one| record(ROUTE, &one.name, &one)));
        let subscriptions = read::<Subscription>(&self.subscription);
        records.extend(subscriptions.map(|one| record(SUBSCRIPTION, &one.id, &one)));
        records
    }

    /// Every mistake. `organisations` are those of the same file.
    ///
    /// # Errors
    /// When the store fails.
    pub(crate) fn mistakes(
        &self,
        store: &Store,
        organisations: &HashSet<String>,
    ) -> Result<Vec<String>, StoreError> {
        let mut found = Vec::new();
        legible::<Box>(MAILBOX, "id", &self.mailbox, MAILBOX_KEYS, &mut found);
        legible::<Workflow>(WORKFLOW, "id", &self.workflow, WORKFLOW_KEYS, &mut found);
        legible::<Endpoint>(ENDPOINT, "name", &self.endpoint, ENDPOINT_KEYS, &mut found);
        legible::<Route>(ROUTE, "name", &self.route, ROUTE_KEYS, &mut found);
        let keys = SUBSCRIPTION_KEYS;
        legible::<Subscription>(SUBSCRIPTION, "id", &self.subscription, keys, &mut found);
        let mut known = Known { exchange: self, store, organisations, found };
        known.look()?;
        Ok(known.found)
    }
}

/// What a file and the store know together, and what was found to be wrong.
struct Known<'a> {
    exchange: &'a Exchange,
    store: &'a Store,
    organisations: &'a HashSet<String>,
    found: Vec<String>,
}

impl Known<'_> {
    fn look(&mut self) -> Result<(), StoreError> {
        for one in read::<Box>(&self.exchange.mailbox) {
            self.mailbox(&one)?;
        }
        for one in read::<Workflow>(&self.exchange.workflow) {
            if one.id.is_empty() || one.id.len() > WORKFLOW_BYTES_MAX {
                self.wrong(WORKFLOW, &one.id, "its id has 1 to 300 bytes");
            }
            for id in one.senders.iter().chain(&one.receivers) {
                if !self.has(MAILBOX, &id.to_ascii_uppercase())? {
                    self.wrong(WORKFLOW, &one.id, &format!("there is no mailbox {id}"));
                }
            }
        }
        for one in read::<Endpoint>(&self.exchange.endpoint) {
            self.endpoint(&one)?;
        }
        for one in read::<Route>(&self.exchange.route) {
            self.route(&one)?;
        }
        for one in read::<Subscription>(&self.exchange.subscription) {
            if one.event.is_empty() {
                self.wrong(SUBSCRIPTION, &one.id, "it names no event");
            }
            self.place(SUBSCRIPTION, &one.id, &one.deliver)?;
        }
        Ok(())
    }

    fn mailbox(&mut self, one: &Box) -> Result<(), StoreError> {
        let fits = !one.id.is_empty()
            && one.id.len() <= ADDRESS_BYTES_MAX
            && one.id.bytes().all(|byte| byte.is_ascii_alphanumeric());
        if !fits {
            self.wrong(MAILBOX, &one.id, "an id is 1 to 64 letters and digits");
        }
        if one.password.expose().is_empty() || one.shared_key.expose().is_empty() {
            self.wrong(MAILBOX, &one.id, "the password or the shared key is empty");
        }
        for why in rates::mistakes(&one.ratelimiting) {
            self.wrong(MAILBOX, &one.id, &why);
        }
        self.organisation(MAILBOX, &one.id, &one.organisation)
    }

    fn endpoint(&mut self, one: &Endpoint) -> Result<(), StoreError> {
        let name = &one.name;
        if name.is_empty() || name.len() > ADDRESS_BYTES_MAX || name.contains('#') {
            self.wrong(ENDPOINT, name, "a name has 1 to 64 bytes and no '#'");
        }
        if self.has(MAILBOX, name)? {
            self.wrong(ENDPOINT, name, "there is a mailbox of that name");
        }
        if let Err(why) = courier::check(one) {
            self.wrong(ENDPOINT, name, &why);
        }
        if one.pushes_max == 0 || one.push_s_max == 0 {
            self.wrong(ENDPOINT, name, "pushes_max and push_s_max are 1 or more");
        }
        if one.organisation.is_empty() {
            return Ok(());
        }
        self.organisation(ENDPOINT, name, &one.organisation)
    }

    fn route(&mut self, one: &Route) -> Result<(), StoreError> {
        if one.to.is_empty() || one.deliver.is_empty() {
            self.wrong(ROUTE, &one.name, "it names no address, or nothing to deliver to");
        }
        if one.halt && !one.ordered {
            self.wrong(ROUTE, &one.name, "only an ordered route can halt. hint: ordered = true");
        }
        if one.deadline_s < 0 {
            self.wrong(ROUTE, &one.name, "a deadline is 0 seconds or more");
        }
        for name in &one.deliver {
            self.place(ROUTE, &one.name, name)?;
        }
        Ok(())
    }

    fn place(&mut self, kind: &str, id: &str, name: &str) -> Result<(), StoreError> {
        if !self.has(MAILBOX, name)? && !self.has(ENDPOINT, name)? {
            self.wrong(kind, id, &format!("there is no mailbox or endpoint {name}"));
        }
        Ok(())
    }

    fn organisation(&mut self, kind: &str, id: &str, code: &str) -> Result<(), StoreError> {
        let upper = code.to_ascii_uppercase();
        let here = self.organisations.contains(&upper);
        if !here && self.store.directory().get("organisation", &upper)?.is_none() {
            self.wrong(kind, id, &format!("there is no organisation {code}"));
        }
        Ok(())
    }

    /// Whether the file or the store has something.
    fn has(&self, kind: &'static str, id: &str) -> Result<bool, StoreError> {
        let (tables, key) = match kind {
            MAILBOX => (&self.exchange.mailbox, "id"),
            _ => (&self.exchange.endpoint, "name"),
        };
        let named = |table: &Table| {
            let found = table.get(key).and_then(toml::Value::as_str);
            found.is_some_and(|name| name == id || kind == MAILBOX && name.eq_ignore_ascii_case(id))
        };
        Ok(tables.iter().any(named) || self.store.directory().get(kind, id)?.is_some())
    }

    fn wrong(&mut self, kind: &str, id: &str, why: &str) {
        self.found.push(format!("{kind} {id}: {why}"));
    }
}

/// The tables that can be read.
fn read<T: DeserializeOwned>(tables: &[Table]) -> impl Iterator<Item = T> {
    tables.iter().filter_map(|table| table.clone().try_into().ok())
}

/// Finds what cannot be read, and keys that nobody knows.
fn legible<T: DeserializeOwned>(
    kind: &str,
    key: &str,
    tables: &[Table],
    known: &[&str],
    found: &mut Vec<String>,
) {
    for table in tables {
        let id = table.get(key).and_then(toml::Value::as_str).unwrap_or_default();
        for key in table.keys().filter(|key| !known.contains(&key.as_str())) {
            found.push(format!("{kind} {id}: '{key}' is not known. hint: {}", known.join(", ")));
        }
        if let Err(error) = table.clone().try_into::<T>() {
            // Only the first line: the others quote the file, which holds secrets.
            let text = error.message().lines().next().unwrap_or_default().to_owned();
            found.push(format!("{kind} {id}: {text}"));
        }
    }
}

#[cfg(test)]
mod tests;
