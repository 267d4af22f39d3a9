//! The wiring: which APIs there are and what each is given. The only place that knows them all.

use std::path::Path;

use base::{Clock, Dice};
use broker::Broker;
use service::Registry;
use store::Store;

use crate::config::Config;

/// Opens the store of a data folder.
///
/// # Errors
/// Why it cannot be opened.
pub(crate) fn open_store(folder: &Path) -> Result<Store, String> {
    Store::open(folder, Clock::System, &Dice::System).map_err(|error| error.to_string())
}

/// What the APIs work with, once wired.
pub(crate) struct House {
    /// The APIs.
    pub(crate) registry: Registry,
    /// What PDS works with.
    pub(crate) pds: pds::House,
    /// What messages and events go through.
    pub(crate) broker: Broker,
}

/// Wires the APIs to a store. `origin` is where callers find the house. Adding an API is one line
/// here.
///
/// # Errors
/// When the directory in the store cannot be understood.
pub(crate) fn wire(store: &Store, config: &Config, origin: &str) -> Result<House, String> {
    let (clock, dice) = (Clock::System, Dice::System);
    let settings = broker::Settings::default();
    let broker = Broker::new(store.clone(), clock.clone(), dice.clone(), settings)
        .map_err(|error| error.to_string())?;
    let pds = pds::House::new(store.clone(), clock.clone(), dice.clone())
        .publishing(broker.clone(), origin)
        .requiring_asid(config.require_asid);
    let mns = mns::House::new(broker.clone(), clock.clone(), dice);
    let messages = messages::House::new(broker.clone(), clock).open(config.open);
    let services = vec![pds::service(&pds), mns::service(&mns), messages::service(&messages)];
    Ok(House { registry: Registry::new(services), pds, broker })
}

/// Runs something that waits for the disk, in a command that does nothing else.
pub(crate) fn block_on<F: Future<Output = Result<(), String>>>(work: F) -> Result<(), String> {
    runtime()?.block_on(work)
}

/// The threads that everything runs on.
///
/// # Errors
/// When the system gives none.
pub(crate) fn runtime() -> Result<tokio::runtime::Runtime, String> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| format!("cannot start threads: {error}"))
}
