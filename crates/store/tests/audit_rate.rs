//! What the audit chain costs: prints rates of this machine, and holds no limit. Run with
//! `cargo test --release -p store --test audit_rate -- --ignored --nocapture --test-threads 1`.

use std::error::Error;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::{Clock, Dice};
use store::{Access, Store, Transaction};
use tempfile::TempDir;

const LASTS: Duration = Duration::from_secs(4);
/// How many people are looked at, in no order.
const PEOPLE: u64 = 100_000;

/// The line that a read of a record leaves behind.
fn line(store: &Store, turn: u64) -> Access {
    let person = turn.wrapping_mul(0x9e37_79b9_7f4a_7c15) % PEOPLE;
    Access {
        at: Clock::System.now(),
        service: "demographics".into(),
        interaction: "get-patient".into(),
        mode: "worker".into(),
        client: "rate".into(),
        organisation: "Y12345".into(),
        user: "555254239107".into(),
        subjects: vec![store.audit().pseudonym(&person.to_string())],
        outcome: 200,
        request: "60e0b220-8136-4ca5-ae46-1d97ef59d068".into(),
        ..Access::default()
    }
}

fn open() -> Result<(TempDir, Store), Box<dyn Error>> {
    let folder = TempDir::new_in(std::env::current_dir()?)?;
    let store = Store::open(folder.path(), Clock::System, &Dice::System)?;
    Ok((folder, store))
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, and finds no fault"]
async fn lines_a_second() {
    for callers in [1, 32, 128] {
        let (_folder, store) = open().unwrap();
        let (next, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let tasks: Vec<_> = (0..callers)
            .map(|_| {
                let (store, next) = (store.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    while start.elapsed() < LASTS {
                        let access = line(&store, next.fetch_add(1, Ordering::Relaxed));
                        store.commit(Transaction::new().access(access)).await.unwrap();
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let rate = next.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
        println!("{callers} in flight: {rate:.0} lines a second");
    }
}

#[tokio::test]
#[ignore = "it measures, and finds no fault"]
async fn a_million_lines() {
    let (folder, store) = open().unwrap();
    let start = Instant::now();
    for group in 0..10_000 {
        let accesses = (0..100).map(|turn| line(&store, group * 100 + turn));
        let all = accesses.fold(Transaction::new(), Transaction::access);
        store.commit(all).await.unwrap();
    }
    println!("filled, 100 a commit, in {:?}", start.elapsed());
    let name = store.audit().pseudonym("7");
    let (start, mut found) = (Instant::now(), 0);
    store
        .audit()
        .read_back(u64::MAX, &mut |_, line| {
            found += u64::from(line.contains(&name));
            true
        })
        .unwrap();
    println!("looked at every line: {found} of one person in {:?}", start.elapsed());
    let (start, mut found) = (Instant::now(), 0);
    let visit = &mut |_, _: &str| {
        found += 1;
        true
    };
    assert_eq!(store.audit().read_back_of(&name, u64::MAX, visit).unwrap(), None);
    println!("by the index: {found} of one person in {:?}", start.elapsed());
    store.close();
    drop(store);
    let database = std::fs::metadata(folder.path().join("vertebra.db")).unwrap();
    println!("{} bytes on disk", database.len());
}
