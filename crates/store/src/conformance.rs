//! What every engine must do, whatever keeps its ledgers: one list of cases.
//!
//! An engine's own tests call [`run`] with a way to make an empty store, and expect every case to
//! hold. Nothing here knows which engine it is.

mod concurrency;
mod contents;
mod deliveries;
mod index;
mod ledgers;
pub(crate) mod messages;
mod puts;
mod spent;
mod travels;

use std::fmt::Debug;

use bytes::Bytes;

use crate::{Expect, Key, Put, Store, StoreError, Term, Transaction};

/// Why a case does not hold.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure(pub String);

impl From<StoreError> for Failure {
    fn from(error: StoreError) -> Self {
        Self(error.to_string())
    }
}

/// Whether a case holds.
pub type Outcome = Result<(), Failure>;

/// Runs every case, each on an empty store of its own. Returns their names and outcomes.
pub async fn run(mut open: impl FnMut() -> Store) -> Vec<(&'static str, Outcome)> {
    let mut outcomes = resources(&mut open).await;
    outcomes.extend(mail(&mut open).await);
    outcomes
}

/// Messages, deliveries and contents.
async fn mail(open: &mut impl FnMut() -> Store) -> Vec<(&'static str, Outcome)> {
    vec![
        ("a message is read back with all of it", messages::read_back(&open()).await),
        ("messages may come in any order", messages::any_order(&open()).await),
        ("a message comes once", messages::once(&open()).await),
        ("a repeat is told and writes nothing", messages::repeats(&open()).await),
        ("labels find messages, page by page", messages::labels(&open()).await),
        ("nothing beyond its bounds is kept", messages::bounds(&open()).await),
        ("an erased message keeps its envelope", messages::erased(&open()).await),
        ("the delivery that rests last erases", messages::erased_at_rest(&open()).await),
        ("all ledgers share a commit", messages::together(&open()).await),
        ("a step needs the version it expects", deliveries::steps(&open()).await),
        ("later steps see earlier ones", deliveries::several_steps(&open()).await),
        ("a message may get more deliveries", deliveries::more(&open()).await),
        ("what waits is listed in order", deliveries::waiting(&open()).await),
        ("what is due is found", deliveries::due(&open()).await),
        ("a lane has one holder", deliveries::lanes(&open()).await),
        ("of many who step one wins", deliveries::contest(&open()).await),
        ("many hand over and collect", deliveries::many(&open()).await),
        ("parts of all sizes come back", contents::sizes(&open()).await),
        ("a content fills part by part", contents::fills(&open()).await),
        ("a part may be replaced", contents::replaced(&open()).await),
        ("a part belongs to a content", contents::belongs(&open()).await),
        ("a part may be tried again", contents::again(&open()).await),
        ("parts given up leave nothing", contents::given_up(&open()).await),
        ("an erased content can be read to its end", contents::erased(&open()).await),
        ("a backup has the contents", contents::backup(&open()).await),
        ("there is room", contents::room(&open())),
        ("what may be used once is used once", spent::once(&open()).await),
        ("of many who use one thing one is first", spent::contest(&open()).await),
        ("what came to nothing may be used again", spent::given_back(&open()).await),
        ("legs are read back in order", travels::in_order(&open()).await),
        ("the latest conversation comes first", travels::latest(&open()).await),
        ("old conversations are forgotten", travels::forgotten(&open()).await),
    ]
}

/// Resources, index, directory, jobs and the audit chain.
async fn resources(open: &mut impl FnMut() -> Store) -> Vec<(&'static str, Outcome)> {
    vec![
        ("nothing is there at first", puts::nothing_at_first(&open())),
        ("what is put is read back", puts::read_back(&open()).await),
        ("versions count from 1", puts::versions(&open()).await),
        ("history is newest first and bounded", puts::history(&open()).await),
        ("an expectation that fails writes nothing", puts::expectations(&open()).await),
        ("a version given must be the next", puts::given_versions(&open()).await),
        ("one transaction may put twice", puts::twice_in_one(&open()).await),
        ("a transaction is all or nothing", puts::all_or_nothing(&open()).await),
        ("bodies of all sizes come back", puts::sizes(&open()).await),
        ("a load is like puts", puts::load(&open()).await),
        ("an announced load is found once finished", puts::announced_load(&open()).await),
        ("a scan is in order and within bounds", index::order_and_bounds(&open()).await),
        ("a prefix is a range", index::prefixes(&open()).await),
        ("a put replaces the index rows", index::replaced(&open()).await),
        ("a visitor may stop, and read", index::visitors(&open()).await),
        ("one value counts once", index::repeated(&open()).await),
        ("directory records come and go", ledgers::directory(&open()).await),
        ("jobs wait, are answered, are forgotten", ledgers::jobs(&open()).await),
        ("the audit chain grows and holds", ledgers::audit(&open()).await),
        ("the audit chain is read from anywhere", ledgers::audit_from(&open()).await),
        ("the audit chain is read backwards", ledgers::audit_back(&open()).await),
        ("pseudonyms are keyed", ledgers::pseudonyms(&open(), &open())),
        ("increments by many are never lost", concurrency::increments(&open()).await),
        ("many put many", concurrency::many(&open()).await),
        ("a failure harms no neighbour", concurrency::neighbours(&open()).await),
        ("a closed store takes no commits", concurrency::closed(&open()).await),
        ("a backup is a store", ledgers::backup(&open()).await),
    ]
}

/// Fails unless two values are the same.
fn same<T: PartialEq + Debug>(what: &str, found: &T, due: &T) -> Outcome {
    if found == due {
        Ok(())
    } else {
        Err(Failure(format!("{what}: {found:?}, should be {due:?}")))
    }
}

/// Fails unless something holds.
fn holds(what: &str, condition: bool) -> Outcome {
    if condition { Ok(()) } else { Err(Failure(what.to_owned())) }
}

/// Fails unless an answer is a conflict with the version given.
fn conflicts(found: Result<(), StoreError>, due: Option<u64>) -> Outcome {
    match found {
        Err(StoreError::Conflict { actual, .. }) => same("the version in the way", &actual, &due),
        other => Err(Failure(format!("{other:?}, should be a conflict"))),
    }
}

/// The store agrees with itself.
fn sound(store: &Store) -> Outcome {
    let report = store.check(&mut |_, _| ())?;
    same("problems", &report.problems, &Vec::new())
}

/// Fails unless an answer is that something is beyond its bounds.
fn invalid(what: &str, found: &Result<(), StoreError>) -> Outcome {
    match found {
        Err(StoreError::Invalid(_)) => Ok(()),
        other => Err(Failure(format!("{what}: {other:?}, should be invalid"))),
    }
}

/// What should be there is there.
fn there<T>(what: &str, found: Option<T>) -> Result<T, Failure> {
    found.ok_or_else(|| Failure(format!("{what} is not there")))
}

/// A put of text, without index rows.
fn put(id: &str, expect: Expect, body: &str) -> Put {
    Put {
        key: Key::new("thing", id),
        expect,
        version: None,
        body: Bytes::from(body.to_owned()),
        terms: Vec::new(),
    }
}

/// A put with index rows under the parameter `colour`.
fn coloured(id: &str, colours: &[&str]) -> Put {
    let terms = colours.iter().map(|colour| term("colour", colour, id)).collect();
    Put { terms, ..put(id, Expect::Any, "{}") }
}

fn term(parameter: &'static str, value: &str, cover: &str) -> Term {
    Term { parameter, value: value.into(), cover: cover.into() }
}

async fn commit(store: &Store, put: Put) -> Result<(), StoreError> {
    store.commit(Transaction::new().put(put)).await
}

/// The body of the current version, as text.
fn body(store: &Store, id: &str) -> Result<Option<String>, StoreError> {
    let stored = store.resources().get("thing", id)?;
    Ok(stored.map(|stored| String::from_utf8_lossy(&stored.body).into_owned()))
}
