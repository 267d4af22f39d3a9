//! The wiring: which APIs there are and what each is given. The only place that knows them all.

use std::path::Path;

use base::{Clock, Dice};
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
}

/// Wires the APIs to a store. Adding an API is one line here.
pub(crate) fn wire(store: &Store, config: &Config) -> House {
    let pds = pds::House::new(store.clone(), Clock::System, Dice::System)
        .requiring_asid(config.require_asid);
    House { registry: Registry::new(vec![pds::service(&pds)]), pds }
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
