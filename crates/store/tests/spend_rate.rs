//! What using something once costs: prints rates of this machine, and holds no limit. Run with
//! `cargo test --release -p store --test spend_rate -- --ignored --nocapture --test-threads 1`.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use base::{Clock, Dice};
use store::Store;

const LASTS: Duration = Duration::from_secs(3);

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "it measures, and finds no fault"]
async fn spends() {
    for callers in [1, 128] {
        let folder = tempfile::TempDir::new_in(std::env::current_dir().unwrap()).unwrap();
        let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
        let (next, start) = (Arc::new(AtomicU64::new(0)), Instant::now());
        let tasks: Vec<_> = (0..callers)
            .map(|_| {
                let (store, next) = (store.clone(), Arc::clone(&next));
                tokio::spawn(async move {
                    while start.elapsed() < LASTS {
                        let key = next.fetch_add(1, Ordering::Relaxed).to_string();
                        let until = Clock::System.in_s(7_200);
                        assert!(store.spent().spend("rate", &key, until).await.unwrap());
                    }
                })
            })
            .collect();
        for task in tasks {
            task.await.unwrap();
        }
        let rate = next.load(Ordering::Relaxed) as f64 / start.elapsed().as_secs_f64();
        println!("{callers} in flight: {rate:.0} uses a second");
    }
}
