//! The proof of the message engine: whole histories, made of chance, in which everything happens
//! that may, and after which the seven laws of `crates/broker/src/lib.rs` must hold.
//!
//! One seed is one history: senders, mailboxes, endpoints, two workers of different owners, a
//! clock that jumps, a store that fails on cue, calls that are cut off in the middle, and crashes.
//! Chance and time are the seed's. The writer of the store is a thread of its own: when its
//! answers come among each other is not, and so a failure may need a few tries to come again.
//!
//! `VERTEBRA_SIM_SEED` replays one history (or begins there), `VERTEBRA_SIM_HISTORIES` says how
//! many.

#![expect(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "all of it is a test")]

mod chance;
mod deeds;
mod far;
mod history;
mod laws;
mod ledger;
mod world;

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use history::Wrong;

/// How many histories are tried when nobody says how many.
const HISTORIES: u64 = 200;
/// How many are tried at once: each is one thread, and the writer of its store another.
const AT_ONCE: usize = 2;

#[expect(clippy::disallowed_methods, reason = "a seed to replay has no other way in")]
fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

#[test]
fn whatever_happens_the_laws_hold() {
    let seed = setting("VERTEBRA_SIM_SEED");
    let first = seed.unwrap_or(1);
    let many = setting("VERTEBRA_SIM_HISTORIES").unwrap_or(seed.map_or(HISTORIES, |_| 1));
    let next = AtomicU64::new(first);
    let broken = Mutex::new(BTreeMap::new());
    std::thread::scope(|scope| {
        for _ in 0..AT_ONCE {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::SeqCst);
                    if seed >= first + many {
                        return;
                    }
                    if let Err(wrong) = live(seed) {
                        println!("history {seed}: {}", wrong.first);
                        broken.lock().unwrap().insert(seed, wrong);
                    }
                }
            });
        }
    });
    let broken = broken.into_inner().unwrap();
    if let Some((seed, wrong)) = broken.first_key_value() {
        println!("the last things that happened in history {seed}:\n{}", wrong.story);
        panic!(
            "{} of {many} histories broke a law, first {seed}: {}\nagain with: \
             VERTEBRA_SIM_SEED={seed} cargo nextest run -p broker --test simulation",
            broken.len(),
            wrong.first
        );
    }
}

fn live(seed: u64) -> Result<(), Wrong> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_time().build().unwrap();
    let lived = AssertUnwindSafe(|| runtime.block_on(history::history(seed)));
    std::panic::catch_unwind(lived).unwrap_or_else(|_| {
        Err(Wrong { first: "the history itself came to a bad end".into(), story: String::new() })
    })
}
