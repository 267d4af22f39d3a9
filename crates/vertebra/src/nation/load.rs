//! Puts the nation into a store: on all threads, in order, and again from where it was cut off.
//!
//! The store keeps the plan as a directory record. How far a load came is not written down beside
//! it, where the two could differ: batches are kept in order and whole or not at all, so the first
//! batch whose first person is not there is the one to go on with.

use std::sync::mpsc::{Receiver, sync_channel};
use std::thread;

use pds::record::KIND;
use serde::{Deserialize, Serialize};
use store::directory::Record;
use store::{Put, Store, StoreError, Transaction};

use super::person::text_of;
use super::population::Population;
use super::{Plan, mailboxes, number, organisations, sandbox};

/// How many people are kept at once. Tests cut loads off often and are not about many people.
const BATCH: u64 = if cfg!(test) { 300 } else { 4_000 };
/// From so many batches on, building the index at the end is worth announcing.
const LARGE: u64 = 2;
const RECORD: (&str, &str) = ("nation", "plan");

/// The plan as the store keeps it.
#[derive(Clone, Debug, Deserialize, PartialEq, Eq, Serialize)]
struct Kept {
    people: u64,
    seed: u64,
    today: String,
    complete: bool,
}

/// A sign of how far a load has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sign {
    /// So many people of so many are kept.
    People(u64, u64),
    /// All are kept, and the index is being built.
    Index,
}

/// Puts the nation of a plan into a store. Blocks; not to be called where futures run. When the
/// store holds that nation already this returns at once, and when it holds the beginning of it the
/// rest follows.
///
/// # Errors
/// When the store holds another nation, the plan is too large, or the store fails.
pub(crate) fn load(
    store: &Store,
    plan: &Plan,
    progress: &mut dyn FnMut(Sign),
) -> Result<(), String> {
    if plan.people > number::PEOPLE_MOST {
        let most = number::PEOPLE_MOST;
        return Err(format!("a nation has at most {most} people, not {}", plan.people));
    }
    let kept = kept(store).map_err(|error| error.to_string())?;
    if let Some(kept) = &kept {
        agree(kept, plan)?;
        if kept.complete {
            return Ok(());
        }
    }
    fill(store, plan, kept.is_none(), progress)
        .map_err(|error| format!("cannot load the nation: {error}"))
}

fn fill(
    store: &Store,
    plan: &Plan,
    new: bool,
    progress: &mut dyn FnMut(Sign),
) -> Result<(), StoreError> {
    if new {
        let mut records = organisations::records();
        records.extend(mailboxes::records());
        records.push(record(plan, false));
        write(store, records)?;
    }
    let resources = store.resources();
    let from = people_there(store, plan)?;
    let large = (plan.people - from) / BATCH >= LARGE;
    if large {
        resources.begin_load()?;
    }
    let published = sandbox::puts();
    if let Some(last) = published.last()
        && resources.get(KIND, &last.key.id)?.is_none()
    {
        resources.load(published)?;
    }
    people(store, plan, from, progress)?;
    if large {
        progress(Sign::Index);
        resources.finish_load()?;
    }
    write(store, vec![record(plan, true)])
}

/// Makes the people on several threads and keeps them in order on this one.
fn people(
    store: &Store,
    plan: &Plan,
    from: u64,
    progress: &mut dyn FnMut(Sign),
) -> Result<(), StoreError> {
    let population = &Population::new(plan);
    let workers = thread::available_parallelism().map_or(2, std::num::NonZero::get).clamp(2, 16);
    progress(Sign::People(from, plan.people));
    thread::scope(|scope| {
        let queues: Vec<Receiver<Vec<Put>>> = (0..workers as u64)
            .map(|worker| {
                // One batch waits while the next is made: memory stays in proportion to threads.
                let (queue, batches) = sync_channel(1);
                let start = from + worker * BATCH;
                scope.spawn(move || {
                    for at in (start..plan.people).step_by(workers * BATCH as usize) {
                        let batch = population.puts(at, plan.people.min(at + BATCH));
                        if queue.send(batch).is_err() {
                            // The store failed and nobody listens any more.
                            return;
                        }
                    }
                });
                batches
            })
            .collect();
        let mut done = from;
        for queue in queues.iter().cycle() {
            let Ok(batch) = queue.recv() else { break };
            done += batch.len() as u64;
            store.resources().load(batch)?;
            progress(Sign::People(done, plan.people));
        }
        Ok(())
    })
}

/// How many people are there already: the whole batches before the first that is missing.
fn people_there(store: &Store, plan: &Plan) -> Result<u64, StoreError> {
    let (mut there, mut missing) = (0, plan.people.div_ceil(BATCH));
    while there < missing {
        let middle = there.midpoint(missing);
        let number = text_of(plan.seed, middle * BATCH);
        if store.resources().get(KIND, &number)?.is_some() {
            there = middle + 1;
        } else {
            missing = middle;
        }
    }
    Ok(plan.people.min(there * BATCH))
}

fn kept(store: &Store) -> Result<Option<Kept>, StoreError> {
    let text = store.directory().get(RECORD.0, RECORD.1)?;
    let read = |text: String| {
        serde_json::from_str(&text).map_err(|_| StoreError::Damaged("the nation's plan".to_owned()))
    };
    text.map(read).transpose()
}

fn agree(kept: &Kept, plan: &Plan) -> Result<(), String> {
    let (people, seed) = (kept.people, kept.seed);
    if (people, seed, kept.today.as_str())
        == (plan.people, plan.seed, plan.today.to_string().as_str())
    {
        return Ok(());
    }
    Err(format!(
        "the data folder holds another nation: {people} people grown from seed {seed}, not {} from \
         seed {}\nhint: ask for that nation with --people {people} --seed {seed}, or name another \
         folder with --data",
        plan.people, plan.seed
    ))
}

fn record(plan: &Plan, complete: bool) -> Record {
    let kept =
        Kept { people: plan.people, seed: plan.seed, today: plan.today.to_string(), complete };
    // A struct of numbers and texts always serialises.
    let body = serde_json::to_string(&kept).unwrap_or_default();
    Record { kind: RECORD.0, id: RECORD.1.to_owned(), body: Some(body) }
}

fn write(store: &Store, records: Vec<Record>) -> Result<(), StoreError> {
    let transaction = records.into_iter().fold(Transaction::new(), Transaction::record);
    let runtime = tokio::runtime::Builder::new_current_thread().build()?;
    runtime.block_on(store.commit(transaction))
}

#[cfg(test)]
mod tests;
