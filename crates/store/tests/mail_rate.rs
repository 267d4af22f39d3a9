//! What accepting and delivering costs: prints rates of this machine, and holds no limit. Run with
//! `cargo test --release -p store --test mail_rate -- --ignored --nocapture --test-threads 1`.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "all of it is a test")]

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::{Clock, Dice};
use bytes::Bytes;
use store::messages::{Accept, DELIVERY_BITS, Message, MessageId, Opening, Repeat, Status, Step};
use store::{Store, Transaction};

const CALLERS: u64 = 128;
const BODY_BYTES: usize = 1024;
const LASTS: Duration = Duration::from_secs(5);

/// A number that looks like chance.
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

fn status(id: MessageId, state: u8) -> Status {
    Status {
        recipient: format!("X26ABC{}", mix(id.0) % 100),
        topic: "LETTERS_FROM_HOSPITALS".to_owned(),
        lane: (mix(id.0) % 16) as u16,
        state,
        listed: state < 3,
        wake: (state < 3).then(|| Clock::System.in_s(5 * 86_400)),
        detail: Bytes::from(vec![b'd'; 60]),
    }
}

fn accept(id: MessageId, named: bool) -> Accept {
    let mut key = [7; 32];
    for (place, chunk) in (0..).zip(key.chunks_mut(8)) {
        chunk.copy_from_slice(&mix(id.0 + place).to_be_bytes());
    }
    Accept {
        message: Message {
            id,
            envelope: Bytes::from(vec![b'e'; 250]),
            body: Bytes::from(vec![b'b'; BODY_BYTES]),
            content: None,
        },
        deliveries: vec![Opening { status: status(id, 1), event: Bytes::from(vec![b'n'; 30]) }],
        labels: vec![mix(id.0)],
        repeat: named.then_some(Repeat { label: mix(id.0), key, digest: key }),
    }
}

#[derive(Clone, Copy, Debug)]
struct Kind {
    named: bool,
    steps: bool,
}

async fn one(store: &Store, id: MessageId, kind: Kind) {
    store.commit(Transaction::new().accept(accept(id, kind.named))).await.unwrap();
    if !kind.steps {
        return;
    }
    let found = store.messages().delivery(id.delivery(1)).unwrap().unwrap();
    let status = Status { state: 2, ..found.status };
    let step = Step { delivery: found.id, expect: 1, status, event: Some(vec![b'n'; 30].into()) };
    store.commit(Transaction::new().step(step.clone())).await.unwrap();
    let status = Status { state: 3, listed: false, wake: None, ..step.status.clone() };
    store.commit(Transaction::new().step(Step { expect: 2, status, ..step })).await.unwrap();
}

async fn measure(kind: Kind) {
    let folder = tempfile::TempDir::new_in(std::env::current_dir().unwrap()).unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let next = Arc::new(AtomicU64::new(1));
    let (start, cpu) = (Instant::now(), cpu_s());
    let tasks: Vec<_> = (0..CALLERS)
        .map(|_| {
            let (store, next) = (store.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                while start.elapsed() < LASTS {
                    let id = next.fetch_add(1, Ordering::Relaxed) << DELIVERY_BITS;
                    one(&store, MessageId(id), kind).await;
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
    let done = (next.load(Ordering::Relaxed) - 1) as f64;
    let (rate, cpu_us) = (done / start.elapsed().as_secs_f64(), (cpu_s() - cpu) * 1e6 / done);
    println!("{kind:?}: {rate:.0}/s at {CALLERS} callers, cpu {cpu_us:.1} us each");
    let newest = store.messages().recent(MessageId(u64::MAX), 1).unwrap();
    assert_eq!(newest.first().map(|message| message.id.0 >> DELIVERY_BITS), Some(done as u64));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, and finds no fault"]
async fn accepts() {
    measure(Kind { named: false, steps: false }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, and finds no fault"]
async fn accepts_under_a_senders_name() {
    measure(Kind { named: true, steps: false }).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, and finds no fault"]
async fn cycles_of_accept_collect_acknowledge() {
    measure(Kind { named: false, steps: true }).await;
}

/// Processor seconds that this process has used, in all its threads.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}
