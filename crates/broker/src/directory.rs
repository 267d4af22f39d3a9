//! Who can be sent to, and how messages get there: mailboxes, endpoints, routes, kinds of message
//! and subscriptions, as they stand in the directory of the store.

use std::collections::{HashMap, HashSet};
use std::fmt;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, PoisonError, RwLock};

use base::Secret;
use serde::{Deserialize, Serialize};
use store::directory::Record;
use store::{Store, StoreError};

/// A place where messages wait to be collected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mailbox {
    /// Its id, in upper case.
    pub id: String,
    /// Its name, for people.
    #[serde(default)]
    pub name: String,
    /// The organisation that owns it.
    #[serde(default)]
    pub organisation: String,
    /// Whether it takes no more messages.
    #[serde(default)]
    pub closed: bool,
}

/// A place where messages are pushed to. `Debug` shows its name only: the rest holds secrets.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[expect(clippy::struct_excessive_bools, reason = "the members of a record, as operators write it")]
pub struct Endpoint {
    /// Its name.
    pub name: String,
    /// Where it is.
    pub url: String,
    /// How it wants to be spoken to: `webhook` (signed), `plain` (the body, posted), or `mllp`.
    pub wire: String,
    /// The organisation that owns it.
    #[serde(default)]
    pub organisation: String,
    /// Secrets to sign with, the newest first; more than one while they are being changed.
    #[serde(
        default,
        skip_serializing_if = "Vec::is_empty",
        serialize_with = "base::secret::write_all"
    )]
    pub secrets: Vec<Secret<String>>,
    /// Whether a delivery ends only when the receiver says what it thinks of it, later.
    #[serde(default)]
    pub acknowledges: bool,
    /// Whether everything goes there one after the other, in the order in which it was accepted.
    #[serde(default)]
    pub in_order: bool,
    /// The most pushes at once.
    #[serde(default = "pushes_at_once")]
    pub pushes_max: u32,
    /// How long a push may take, in seconds.
    #[serde(default = "push_s")]
    pub push_s_max: u32,
    /// Whether it may be at an address that only this machine or network knows.
    #[serde(default)]
    pub private: bool,
    /// Whether it takes no more messages.
    #[serde(default)]
    pub closed: bool,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Endpoint").field("name", &self.name).finish_non_exhaustive()
    }
}

/// An exception to "a message goes to the mailbox or endpoint that it is addressed to".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Route {
    /// Its name.
    pub name: String,
    /// The address that it is about.
    pub to: String,
    /// The kind of message that it is about; any when empty. A `*` at the end stands for the rest.
    #[serde(default)]
    pub kind: String,
    /// Where such messages go: names of mailboxes and endpoints.
    pub deliver: Vec<String>,
    /// Whether messages with the same ordering key go to an endpoint one after the other.
    #[serde(default)]
    pub ordered: bool,
    /// What happens to later messages when an earlier one is given up: they wait for an operator
    /// (true), or go on with a mark that something is missing (false).
    #[serde(default)]
    pub halt: bool,
    /// How long deliveries may take, in seconds; the house's default when 0.
    #[serde(default)]
    pub deadline_s: i64,
}

/// A kind of message, and who may send and get it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Workflow {
    /// Its id.
    pub id: String,
    /// What it is for.
    #[serde(default)]
    pub name: String,
    /// The mailboxes that may send it; all when empty.
    #[serde(default)]
    pub senders: Vec<String>,
    /// The mailboxes that may get it; all when empty.
    #[serde(default)]
    pub receivers: Vec<String>,
}

fn pushes_at_once() -> u32 {
    8
}

fn push_s() -> u32 {
    30
}

/// The kinds of directory record that the broker knows.
pub const MAILBOX: &str = "mailbox";
/// See [`Endpoint`].
pub const ENDPOINT: &str = "endpoint";
/// See [`Route`].
pub const ROUTE: &str = "route";
/// See [`Workflow`].
pub const WORKFLOW: &str = "workflow";
/// Endpoints whose pushes an operator stopped for a while.
pub const PARKED: &str = "parked";

/// The directory as the broker uses it: read once, and again when told that it changed.
pub struct Directory {
    store: Store,
    table: RwLock<Arc<Table>>,
    version: AtomicU64,
}

/// A state of the directory.
#[derive(Debug, Default)]
pub struct Table {
    mailboxes: HashMap<String, Mailbox>,
    endpoints: HashMap<String, Endpoint>,
    routes: HashMap<String, Vec<Route>>,
    workflows: HashMap<String, Workflow>,
    parked: HashSet<String>,
    pub(crate) subscriptions: Vec<crate::Subscription>,
}

impl Directory {
    /// Reads the directory.
    ///
    /// # Errors
    /// When the store fails, or a record is not what it should be.
    pub(crate) fn open(store: Store) -> Result<Self, StoreError> {
        let table = RwLock::new(Arc::new(Table::read(&store)?));
        Ok(Self { store, table, version: AtomicU64::default() })
    }

    /// The directory as it stands.
    pub fn table(&self) -> Arc<Table> {
        Arc::clone(&self.table.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Reads it again.
    ///
    /// # Errors
    /// When the store fails, or a record is not what it should be.
    pub fn changed(&self) -> Result<(), StoreError> {
        let table = Arc::new(Table::read(&self.store)?);
        *self.table.write().unwrap_or_else(PoisonError::into_inner) = table;
        self.version.fetch_add(1, Ordering::Release);
        Ok(())
    }

    /// How often it changed: what somebody else has read from it is good as long as this is the
    /// same as it was before the reading.
    pub fn version(&self) -> u64 {
        self.version.load(Ordering::Acquire)
    }
}

impl Table {
    fn read(store: &Store) -> Result<Self, StoreError> {
        let mut table = Self::default();
        for mailbox in records::<Mailbox>(store, MAILBOX)? {
            table.mailboxes.insert(mailbox.id.clone(), mailbox);
        }
        for endpoint in records::<Endpoint>(store, ENDPOINT)? {
            table.endpoints.insert(endpoint.name.clone(), endpoint);
        }
        for route in records::<Route>(store, ROUTE)? {
            table.routes.entry(route.to.clone()).or_default().push(route);
        }
        for workflow in records::<Workflow>(store, WORKFLOW)? {
            table.workflows.insert(workflow.id.clone(), workflow);
        }
        table.parked = store.directory().all(PARKED)?.into_iter().map(|(id, _)| id).collect();
        table.subscriptions = records(store, crate::subscription::SUBSCRIPTION)?;
        Ok(table)
    }

    /// A mailbox by its id, in upper case.
    pub fn mailbox(&self, id: &str) -> Option<&Mailbox> {
        self.mailboxes.get(id)
    }

    /// Every mailbox, in no order.
    pub fn mailboxes(&self) -> impl Iterator<Item = &Mailbox> {
        self.mailboxes.values()
    }

    /// An endpoint by its name.
    pub fn endpoint(&self, name: &str) -> Option<&Endpoint> {
        self.endpoints.get(name)
    }

    /// Every endpoint, in no order.
    pub fn endpoints(&self) -> impl Iterator<Item = &Endpoint> {
        self.endpoints.values()
    }

    /// A kind of message that is registered.
    pub fn workflow(&self, id: &str) -> Option<&Workflow> {
        self.workflows.get(id)
    }

    /// Every kind of message that is registered, in no order.
    pub fn workflows(&self) -> impl Iterator<Item = &Workflow> {
        self.workflows.values()
    }

    /// Whether an operator stopped pushes to an endpoint.
    pub fn is_parked(&self, endpoint: &str) -> bool {
        self.parked.contains(endpoint)
    }

    /// The route for an address and a kind of message: one that names the kind wins over one that
    /// names a beginning, the longest first, and that over one for any.
    pub fn route(&self, to: &str, kind: &str) -> Option<&Route> {
        let fits = |route: &&Route| match route.kind.strip_suffix('*') {
            Some(beginning) => kind.starts_with(beginning),
            None => route.kind.is_empty() || route.kind == kind,
        };
        let weight = |route: &&Route| (route.kind == kind, route.kind.len());
        self.routes.get(to)?.iter().filter(fits).max_by_key(weight)
    }
}

/// The record that stands for something in the directory.
pub fn record<T: Serialize>(kind: &'static str, id: &str, value: &T) -> Record {
    // Plain structs of strings and numbers always serialise.
    let body = serde_json::to_string(value).unwrap_or_default();
    Record { kind, id: id.to_owned(), body: Some(body) }
}

fn records<T: for<'a> Deserialize<'a>>(
    store: &Store,
    kind: &'static str,
) -> Result<Vec<T>, StoreError> {
    let read = |(id, text): (String, String)| {
        serde_json::from_str(&text)
            .map_err(|error| StoreError::Damaged(format!("the {kind} {id}: {error}")))
    };
    store.directory().all(kind)?.into_iter().map(read).collect()
}
