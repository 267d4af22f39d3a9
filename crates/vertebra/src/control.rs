//! What an operator has done to an exchange while it runs: the same orders that a command carries
//! out by itself on a folder that nobody serves, with the same answers.
//!
//! A command makes an [`Order`] and [`ask`]s. When an exchange serves from the folder, the order
//! goes through its control door ([`door`]), a socket `control.sock` in the data folder that only
//! the owner of the folder may use; it is carried out there, and what changed counts at once. When
//! none does, the command opens the folder and carries it out itself.
//!
//! To add a verb: a file here with a struct of what the order says and `carry_out(self, &Ground) ->
//! Result<Value, Failure>`; a line in [`Order`]; a line in [`Order::carry_out`]; and a command in
//! `command/` that asks and prints the answer. What has to be taken up by the running exchange goes
//! into [`Live`]. An order that changes the directory commits its changes through
//! [`Ground::commit`], which notes them on the audit chain.

mod apply;
pub(crate) mod audit;
pub(crate) mod certificate;
pub(crate) mod client;
mod door;
pub(crate) mod keys;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use base::Clock;
use broker::Broker;
use jiff::Timestamp;
use security::{AccessTokens, Gate, Meters};
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::{Access, Store, Transaction};

use crate::command::Failure;
use crate::{house, model};

pub(crate) use apply::Apply;
pub(crate) use door::Door;

/// How the audit chain calls whoever may use the data folder.
const OPERATOR: &str = "operator";
/// How it calls this door.
const SERVICE: &str = "control";
/// Why an operator does what they do, a code of
/// <https://terminology.hl7.org/CodeSystem-v3-ActReason.html>.
const ADMINISTRATION: &str = "HSYSADMIN";
/// What went well, as an HTTP status: the chain knows no other.
const DONE: u16 = 200;

/// What an operator may have done.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    /// See [`Apply`].
    Apply(Apply),
    /// See [`audit::Order`].
    Audit(audit::Order),
    /// See [`certificate::Order`].
    Certificate(certificate::Order),
    /// See [`client::Order`].
    Client(client::Order),
    /// See [`keys::Order`].
    Keys(keys::Order),
}

impl Order {
    /// Whether a data folder may begin with it.
    fn may_begin(&self) -> bool {
        matches!(self, Self::Apply(apply) if !apply.dry_run)
    }

    async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        match self {
            Self::Apply(order) => order.carry_out(ground).await,
            Self::Audit(order) => order.carry_out(ground).await,
            Self::Certificate(order) => order.carry_out(ground).await,
            Self::Client(order) => order.carry_out(ground).await,
            Self::Keys(order) => order.carry_out(ground).await,
        }
    }
}

/// What orders are carried out on.
pub(crate) struct Ground {
    /// The store of the data folder.
    pub(crate) store: Store,
    /// The data folder.
    pub(crate) data: PathBuf,
    /// What is running there.
    pub(crate) live: Option<Live>,
    /// The time.
    pub(crate) clock: Clock,
}

/// What a running exchange keeps in memory of the directory.
pub(crate) struct Live {
    /// Who is let in.
    pub(crate) gate: Gate,
    /// Whose tokens count.
    pub(crate) access: AccessTokens,
    /// How often clients may call.
    pub(crate) meters: Arc<Meters>,
    /// Where messages go.
    pub(crate) broker: Broker,
}

impl Ground {
    /// A data folder that nobody serves from.
    pub(crate) fn quiet(store: Store, data: &Path) -> Self {
        Self { store, data: data.to_owned(), live: None, clock: Clock::System }
    }

    /// A data folder that is served from.
    pub(crate) fn live(store: Store, data: &Path, live: Live) -> Self {
        Self { live: Some(live), ..Self::quiet(store, data) }
    }

    /// The instant now.
    pub(crate) fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// How the audit chain tells that a verb was done to something.
    fn access(&self, verb: &str, about: &str) -> Access {
        Access {
            at: self.now(),
            service: SERVICE.into(),
            interaction: verb.into(),
            mode: OPERATOR.into(),
            client: OPERATOR.into(),
            outcome: DONE,
            request: about.into(),
            purpose: ADMINISTRATION.into(),
            ..Access::default()
        }
    }

    /// Writes to the directory, all of it or nothing, with a line on the audit chain that says
    /// which verb did it to which record. A running exchange has taken it up when this returns.
    ///
    /// # Errors
    /// When the store fails: nothing has changed then.
    pub(crate) async fn commit(
        &self,
        verb: &str,
        about: &str,
        changes: Transaction,
    ) -> Result<(), Failure> {
        let noted = changes.access(self.access(verb, about));
        self.store.commit(noted).await.map_err(|error| error.to_string())?;
        self.live.as_ref().map_or(Ok(()), |live| live.take_up(&self.store))
    }
}

impl Live {
    /// Reads the directory again.
    fn take_up(&self, store: &Store) -> Result<(), Failure> {
        let read = || {
            self.access.revoked().read_clients(store)?;
            self.gate.know(model::with_keys(store)?);
            self.gate.know_certificates(model::with_certificates(store)?);
            self.meters.know(model::with_rates(store)?);
            self.broker.directory().changed()
        };
        read().map_err(|error| {
            format!("written, but the running exchange did not take it up: {error}. hint: restart")
        })
    }
}

/// Has an order carried out: by the exchange that serves from a data folder, or here.
///
/// # Errors
/// Why it was not carried out.
pub(crate) fn ask(data: &Path, order: Order) -> Result<Value, Failure> {
    if let Some(answer) = door::ask(data, &order)? {
        return answer;
    }
    // Whoever mistypes the name of a folder shall not find an empty one.
    if !data.is_dir() && !order.may_begin() {
        let folder = data.display();
        return Err(format!("there is no data folder {folder}. hint: --data says where it is"));
    }
    let store = house::open_store(data)?;
    let ground = Ground::quiet(store.clone(), data);
    let done = house::runtime()?.block_on(order.carry_out(&ground));
    store.close();
    done
}
