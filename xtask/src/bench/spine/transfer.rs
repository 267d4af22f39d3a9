//! Whole transfers of a record from one practice to the other by GP2GP, through an exchange with
//! its local systems, each beside one plain upload of as many bytes to a mailbox of the same.

use std::fs::File;
use std::time::{Duration, Instant};

use hyper::Request;
use serde_json::{Value, json};
use tokio::runtime::Runtime;

use crate::bench::load::Caller;
use crate::bench::machine;
use crate::bench::messages::wire;
use crate::exchange::{BINARY, Exchange};
use crate::house::{self, Scratch};

/// How large the document of the record is, in bytes.
const SIZES: [u64; 3] = [1_000_000, 10_000_000, 100_000_000];
/// A patient of the published sandbox, who has no practice to begin with.
const PATIENT: &str = "9736363120";
/// How long one transfer may take.
const TRANSFER_MAX: Duration = Duration::from_mins(15);
/// How long the exchange may take to start.
const READY_MAX: Duration = Duration::from_mins(1);
/// How often somebody looks how far it has come. It is the error of the measurement.
const LOOK: Duration = Duration::from_millis(10);

/// What the transfers of one size came to.
pub(crate) struct Transferred {
    bytes: u64,
    /// From asking until the record is in its place and the sender knows it; one for each transfer.
    took_s: Vec<f64>,
    /// One for each upload.
    upload_s: Vec<f64>,
    /// The most that a process held since its start, its local systems and all.
    memory_most_bytes: u64,
}

/// A practice, at its control door.
struct Practice {
    base: String,
    secret: String,
    organisation: String,
}

impl Transferred {
    fn seconds(&self) -> f64 {
        median(&self.took_s)
    }

    fn megabytes_a_second(&self) -> f64 {
        self.bytes as f64 / 1e6 / self.seconds()
    }

    /// How many times as long as a plain upload it takes.
    fn of_upload(&self) -> f64 {
        self.seconds() / median(&self.upload_s)
    }

    /// The same as JSON.
    pub(crate) fn json(&self) -> Value {
        json!({
            "bytes": self.bytes,
            "transfers": self.took_s.len(),
            "seconds": self.seconds(),
            "megabytes_a_second": self.megabytes_a_second(),
            "upload_seconds": median(&self.upload_s),
            "times_an_upload": self.of_upload(),
            "memory_most_bytes": self.memory_most_bytes,
        })
    }

    fn print(&self) {
        println!(
            "  {:>6}{:>11}{:>10.2}{:>8.1}{:>11.3}{:>17.1}{:>18.0}",
            self.bytes / 1_000_000,
            self.took_s.len(),
            self.seconds(),
            self.megabytes_a_second(),
            median(&self.upload_s),
            self.of_upload(),
            self.memory_most_bytes as f64 / 1_048_576.0
        );
    }
}

/// Prints a table.
pub(crate) fn print(rows: &[Transferred]) {
    println!("\nwhole GP2GP transfers, asked until acknowledged, beside one upload of the bytes");
    println!(
        "  {:>6}{:>11}{:>10}{:>8}{:>11}{:>17}{:>18}",
        "MB", "transfers", "seconds", "MB/s", "upload s", "times an upload", "peak memory MiB"
    );
    rows.iter().for_each(Transferred::print);
}

/// Transfers each size at least once, and again until this time is over.
pub(crate) fn measure(runtime: &Runtime, time: Duration) -> Result<Vec<Transferred>, String> {
    let one = |bytes| {
        let (took_s, upload_s) = (Vec::new(), Vec::new());
        let mut all = Transferred { bytes, took_s, upload_s, memory_most_bytes: 0 };
        while all.took_s.is_empty() || all.took_s.iter().sum::<f64>() < time.as_secs_f64() {
            eprintln!("bench: a transfer of {} MB", bytes / 1_000_000);
            add(runtime, &mut all)?;
        }
        Ok(all)
    };
    SIZES.into_iter().map(one).collect()
}

/// One transfer and one upload, at an exchange of their own.
fn add(runtime: &Runtime, all: &mut Transferred) -> Result<(), String> {
    let scratch = Scratch::new("bench-transfer")?;
    let data = scratch.at("data");
    let arguments = ["serve", "--demo", "--people", "0", "--open", "--listen", "127.0.0.1:0"];
    let arguments = [&arguments[..], &["--data", &data]].concat();
    let log = scratch.0.join("serve.log");
    let exchange = Exchange::start(&house::at(BINARY), &arguments, &log, READY_MAX)?;
    let (old, new) = practices(&data)?;
    all.took_s.push(runtime.block_on(transfer(&old, &new, all.bytes))?);
    let most = machine::memory_most_bytes(exchange.id())?;
    all.memory_most_bytes = all.memory_most_bytes.max(most);
    let file = scratch.0.join("large");
    let made = File::create(&file).and_then(|file| file.set_len(all.bytes));
    made.map_err(|error| format!("{}: {error}", file.display()))?;
    let began = Instant::now();
    wire::upload(&exchange.base, &file)?;
    all.upload_s.push(began.elapsed().as_secs_f64());
    exchange.stop()
}

/// The practice that has the patient, and the one that asks for the record.
fn practices(data: &str) -> Result<(Practice, Practice), String> {
    let path = format!("{data}/demo/credentials.json");
    let text = std::fs::read_to_string(&path).map_err(|error| format!("{path}: {error}"))?;
    let known: Value = serde_json::from_str(&text).map_err(|error| format!("{path}: {error}"))?;
    let practice = |name: &str| {
        let locals = known.get("local_systems").and_then(Value::as_array);
        let named = |local: &&Value| word(local, "name") == name;
        let local = locals.into_iter().flatten().find(named);
        let local = local.ok_or_else(|| format!("{path}: no local system is called '{name}'"))?;
        Ok::<_, String>(Practice {
            base: word(local, "control_url").trim_end_matches('/').to_owned(),
            secret: word(local, "control_secret").to_owned(),
            organisation: word(local, "organisation").to_owned(),
        })
    };
    Ok((practice("hill-road")?, practice("riverside")?))
}

/// How long a record takes from one practice to the other, in seconds. It must arrive as it was.
async fn transfer(old: &Practice, new: &Practice, bytes: u64) -> Result<f64, String> {
    let document = json!({ "name": "scan.tiff", "content_type": "image/tiff", "bytes": bytes });
    let notes = json!({ "nhs_number": PATIENT, "notes": [], "documents": [document] });
    let admitted = old.act("admit", &notes).await?;
    if word(&admitted, "outcome") != "admitted" {
        return Err(format!("the patient was not admitted: {admitted}"));
    }
    let told = json!({ "nhs_number": PATIENT, "from": old.organisation, "wait_s": 0 });
    let began = Instant::now();
    let asked = new.act("transfer", &told).await?;
    let conversation = word(&asked, "conversation");
    new.until("integrated", &["asked", "receiving"], conversation, began).await?;
    old.until("acknowledged", &["sent"], conversation, began).await?;
    let took_s = began.elapsed().as_secs_f64();
    let (sent, came) = (old.hashes().await?, new.hashes().await?);
    if sent.len() != 1 || sent != came {
        return Err(format!("{sent:?} was sent, and {came:?} came"));
    }
    Ok(took_s)
}

impl Practice {
    async fn act(&self, act: &str, told: &Value) -> Result<Value, String> {
        let request =
            Request::post(format!("/acts/{act}")).header("Content-Type", "application/json");
        self.call(request, told.to_string()).await
    }

    async fn records(&self, kind: &str) -> Result<Vec<Value>, String> {
        let known = self.call(Request::get(format!("/records/{kind}")), String::new()).await?;
        known.as_array().cloned().ok_or_else(|| format!("no records: {known}"))
    }

    async fn call(
        &self,
        request: hyper::http::request::Builder,
        body: String,
    ) -> Result<Value, String> {
        let request = request.header("Authorization", format!("Bearer {}", self.secret)).body(body);
        let request = request.map_err(|error| error.to_string())?;
        let said = Caller::connect(&self.base).await?.fetch(request).await?;
        serde_json::from_slice(&said).map_err(|error| format!("{}: {error}", self.base))
    }

    /// Waits until a transfer has come to its end; on the way it may only stand as named.
    async fn until(
        &self,
        end: &str,
        on_the_way: &[&str],
        conversation: &str,
        began: Instant,
    ) -> Result<(), String> {
        let mut told = 0;
        while began.elapsed() < TRANSFER_MAX {
            let known = self.records("transfer").await?;
            let ours = known.iter().find(|one| word(one, "conversation") == conversation);
            let ours = ours.ok_or("the practice knows nothing of the transfer")?;
            let number = |name: &str| ours.get(name).and_then(Value::as_u64).unwrap_or(0);
            let (done, fragments) = (number("fragments_done"), number("fragments"));
            if done > told && word(ours, "way") == "in" {
                told = done;
                eprintln!("bench: {done} of {fragments} fragments");
            }
            match word(ours, "state") {
                state if state == end => return Ok(()),
                state if on_the_way.contains(&state) => tokio::time::sleep(LOOK).await,
                state => return Err(format!("the transfer ended: {state}")),
            }
        }
        Err(format!("the transfer was not {end} within {} s", TRANSFER_MAX.as_secs()))
    }

    /// The SHA-256 of each document of the patient.
    async fn hashes(&self) -> Result<Vec<String>, String> {
        let known = self.records("record").await?;
        let ours = known.iter().filter(|record| word(record, "nhs_number") == PATIENT);
        let documents = ours.filter_map(|record| record.get("documents")?.as_array()).flatten();
        Ok(documents.map(|document| word(document, "sha256").to_owned()).collect())
    }
}

fn word<'a>(value: &'a Value, name: &str) -> &'a str {
    value.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn median(seconds: &[f64]) -> f64 {
    let mut sorted = seconds.to_vec();
    sorted.sort_unstable_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

#[cfg(test)]
mod tests;
