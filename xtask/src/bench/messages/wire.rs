//! Messages over the mailbox API, as clients send and collect them: one connection a sender, one
//! request in flight on each, and collectors that empty the mailbox meanwhile.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use hyper::{Request, StatusCode};
use serde_json::Value;
use tokio::task::JoinSet;

use super::Row;
use crate::bench::load::Caller;
use crate::bench::machine;
use crate::exchange::{BINARY, Exchange};
use crate::house::{self, Scratch};

const OUTBOX: &str = "/messageexchange/X26ABC1/outbox";
const INBOX: &str = "/messageexchange/X26ABC2/inbox";
/// How many collectors empty the mailbox.
const COLLECTORS: usize = 8;
/// How large each of the uploads is, and how many there are at once.
const UPLOAD_BYTES: u64 = 100 * 1024 * 1024;
const UPLOADS: usize = 64;

/// An exchange with mailboxes and nothing else.
pub(crate) fn start(scratch: &Scratch) -> Result<Exchange, String> {
    let data = scratch.at("data");
    let arguments = ["serve", "--demo", "--people", "0", "--open", "--listen", "127.0.0.1:0"];
    let arguments = [&arguments[..], &["--data", &data]].concat();
    let log = scratch.0.join("serve.log");
    Exchange::start(&house::at(BINARY), &arguments, &log, Duration::from_mins(1))
}

/// Sends for a while with so many in flight, while collectors empty the mailbox.
pub(crate) async fn accept(
    base: &str,
    in_flight: usize,
    bytes: usize,
    turn: Duration,
) -> Result<Row, String> {
    let stop = Arc::new(AtomicBool::new(false));
    let (sent, collected) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let mut collectors = JoinSet::new();
    for number in 0..COLLECTORS {
        let (base, stop) = (base.to_owned(), Arc::clone(&stop));
        let (sent, collected) = (Arc::clone(&sent), Arc::clone(&collected));
        collectors.spawn(async move { collect(&base, number, &stop, &sent, &collected).await });
    }
    let began = Instant::now();
    let mut senders = JoinSet::new();
    for _ in 0..in_flight {
        let (base, stop, sent) = (base.to_owned(), Arc::clone(&stop), Arc::clone(&sent));
        senders.spawn(async move {
            let mut caller = Caller::connect(&base).await?;
            let mut took = Vec::new();
            while !stop.load(Ordering::Relaxed) {
                let began = Instant::now();
                send(&mut caller, bytes).await?;
                took.push(began.elapsed().as_micros() as u32);
                sent.fetch_add(1, Ordering::Relaxed);
            }
            Ok::<_, String>(took)
        });
    }
    tokio::time::sleep(turn).await;
    stop.store(true, Ordering::Relaxed);
    let mut took_us = Vec::new();
    while let Some(sender) = senders.join_next().await {
        took_us.extend(sender.map_err(|error| error.to_string())??);
    }
    let elapsed = began.elapsed();
    while let Some(collector) = collectors.join_next().await {
        collector.map_err(|error| error.to_string())??;
    }
    Ok(Row::new("MESH over HTTP: send, fetch, acknowledge", in_flight, took_us, elapsed, "message"))
}

async fn send(caller: &mut Caller, bytes: usize) -> Result<(), String> {
    let request = Request::post(OUTBOX)
        .header("Mex-To", "X26ABC2")
        .header("Mex-WorkflowID", "TEST_WORKFLOW")
        .header("Content-Type", "application/octet-stream")
        .body("x".repeat(bytes))
        .map_err(|error| error.to_string())?;
    let status = caller.call(request).await?.status();
    (status == StatusCode::ACCEPTED).then_some(()).ok_or_else(|| format!("sending: {status}"))
}

/// Lists, fetches and acknowledges until told to stop and everything is gone. Each collector takes
/// its share of a page.
async fn collect(
    base: &str,
    number: usize,
    stop: &AtomicBool,
    sent: &AtomicU64,
    collected: &AtomicU64,
) -> Result<(), String> {
    let mut caller = Caller::connect(base).await?;
    loop {
        let stopping = stop.load(Ordering::Relaxed);
        let list = get(&format!("{INBOX}?max_results=500"))?;
        let page: Value = serde_json::from_slice(&caller.fetch(list).await?)
            .map_err(|error| error.to_string())?;
        let ids = page.get("messages").and_then(Value::as_array).cloned().unwrap_or_default();
        if ids.is_empty() {
            if stopping && collected.load(Ordering::Relaxed) >= sent.load(Ordering::Relaxed) {
                return Ok(());
            }
            tokio::time::sleep(Duration::from_millis(1)).await;
            continue;
        }
        for id in ids.iter().filter_map(Value::as_str).skip(number).step_by(COLLECTORS) {
            let path = format!("{INBOX}/{id}");
            let fetched = caller.call(get(&path)?).await?.status();
            if fetched != StatusCode::OK {
                // Another collector had listed it too, and was faster.
                continue;
            }
            let done = Request::put(format!("{path}/status/acknowledged"))
                .body(String::new())
                .map_err(|error| error.to_string())?;
            if caller.call(done).await?.status() == StatusCode::OK {
                collected.fetch_add(1, Ordering::Relaxed);
            }
        }
    }
}

fn get(path: &str) -> Result<Request<String>, String> {
    Request::get(path).body(String::new()).map_err(|error| error.to_string())
}

/// What many large uploads at once came to.
pub(crate) struct Uploads {
    pub(crate) count: usize,
    pub(crate) bytes: u64,
    pub(crate) seconds: f64,
    pub(crate) memory_before_bytes: u64,
    pub(crate) memory_most_bytes: u64,
}

/// Sends many large messages at once, by curl, and watches the memory of the exchange.
pub(crate) async fn uploads(exchange: &Exchange, scratch: &Scratch) -> Result<Uploads, String> {
    let file = scratch.0.join("large");
    let made = std::fs::File::create(&file).and_then(|file| file.set_len(UPLOAD_BYTES));
    made.map_err(|error| format!("{}: {error}", file.display()))?;
    let memory_before_bytes = machine::memory_bytes(exchange.id())?;
    let began = Instant::now();
    let mut running = JoinSet::new();
    for _ in 0..UPLOADS {
        let (base, file) = (exchange.base.clone(), file.clone());
        running.spawn_blocking(move || upload(&base, &file));
    }
    let mut memory_most_bytes = memory_before_bytes;
    loop {
        memory_most_bytes = memory_most_bytes.max(machine::memory_bytes(exchange.id())?);
        let wait = Duration::from_millis(50);
        match tokio::time::timeout(wait, running.join_next()).await {
            Ok(None) => break,
            Ok(Some(ended)) => ended.map_err(|error| error.to_string())??,
            Err(_) => {}
        }
    }
    let seconds = began.elapsed().as_secs_f64();
    Ok(Uploads {
        count: UPLOADS,
        bytes: UPLOAD_BYTES,
        seconds,
        memory_before_bytes,
        memory_most_bytes,
    })
}

/// Sends a file as one message, by curl.
pub(crate) fn upload(base: &str, file: &Path) -> Result<(), String> {
    let (url, file) = (format!("{base}{OUTBOX}"), file.display().to_string());
    // With -T the file is streamed; as --data-binary all of it would be in curl's memory first.
    let quiet = ["-sS", "-o", "/dev/null", "-w", "%{http_code}", "-X", "POST", "-T", &file];
    let headers = ["Mex-To: X26ABC3", "Mex-WorkflowID: TEST_WORKFLOW2", "Expect:"];
    let headers = headers.iter().flat_map(|header| ["-H", header]);
    let arguments: Vec<&str> = quiet.into_iter().chain(headers).chain([url.as_str()]).collect();
    let said = house::run_quietly("curl", &arguments)?;
    (said.trim() == "202").then_some(()).ok_or_else(|| format!("an upload was answered {said}"))
}
