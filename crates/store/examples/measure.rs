//! What the store costs: `cargo run --release -p store --example measure -- PEOPLE [direct|load]`.
//! `direct` loads without announcing it; `load` ends after the load.
//!
//! Prints rates and sizes of this machine; nothing here is a limit that a test would hold.

#![expect(clippy::print_stdout, reason = "a measuring programme is there to print")]
#![expect(clippy::format_push_string, reason = "the made-up people are not what is measured")]

use std::error::Error;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use base::{Clock, Dice};
use bytes::Bytes;
use store::{Access, Expect, Key, Put, Store, Term, Transaction};

type Done = Result<(), Box<dyn Error + Send + Sync>>;

const KIND: &str = "pds-patient";
const BATCH: u64 = 20_000;

fn main() -> Done {
    let mut arguments = std::env::args().skip(1);
    let people: u64 = arguments.next().as_deref().unwrap_or("100000").parse()?;
    let mode = arguments.next().unwrap_or_default();
    let folder = tempfile::TempDir::new_in(".")?;
    let store = Store::open(folder.path(), Clock::System, &Dice::System)?;
    load(&store, people, mode == "direct")?;
    if mode == "load" {
        drop(store);
        println!("disk {} bytes a person", on_disk(folder.path())? / people);
        return Ok(());
    }
    println!("memory {} MB, disk {} bytes", memory_mb(), on_disk(folder.path())?);
    reads(&store, people);
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_time().build()?;
    for callers in [1, 16, 64, 128] {
        runtime.block_on(commits("audited commits", &store, callers, audit_only))?;
    }
    runtime.block_on(commits("audited reads", &store, 64, read_and_audit))?;
    for callers in [1, 32, 128] {
        runtime.block_on(commits("puts", &store, callers, put_again))?;
    }
    println!("memory {} MB", memory_mb());
    store.close();
    drop(store);
    let start = Instant::now();
    let store = Store::open(folder.path(), Clock::System, &Dice::System)?;
    println!("opened again in {:?}", start.elapsed());
    store.resources().get(KIND, &id(1))?;
    println!("disk {} bytes", on_disk(folder.path())?);
    Ok(())
}

fn load(store: &Store, people: u64, direct: bool) -> Done {
    let (mut busy, mut cpu) = (Duration::ZERO, 0.0);
    if !direct {
        store.resources().begin_load()?;
    }
    for first in (0..people).step_by(BATCH as usize) {
        let batch: Vec<Put> = (first..people.min(first + BATCH)).map(person).collect();
        let (start, cpu_start) = (Instant::now(), cpu_s());
        store.resources().load(batch)?;
        busy += start.elapsed();
        cpu += cpu_s() - cpu_start;
    }
    println!("batches {busy:?}, cpu {cpu:.1} s: {:.0}/s", people as f64 / busy.as_secs_f64());
    if !direct {
        let (start, cpu_start) = (Instant::now(), cpu_s());
        store.resources().finish_load()?;
        println!("index {:?}, cpu {:.1} s", start.elapsed(), cpu_s() - cpu_start);
        busy += start.elapsed();
        cpu += cpu_s() - cpu_start;
    }
    println!("load {busy:?}, cpu {cpu:.1} s: {:.0}/s", people as f64 / busy.as_secs_f64());
    Ok(())
}

fn reads(store: &Store, people: u64) {
    let (start, cpu_start) = (Instant::now(), cpu_s());
    let each = 200_000;
    thread::scope(|scope| {
        for thread in 0..2 {
            scope.spawn(move || {
                for turn in 0..each {
                    let found = store.resources().get(KIND, &id(mix(turn * 2 + thread) % people));
                    assert!(matches!(found, Ok(Some(_))), "a person is missing");
                }
            });
        }
    });
    let all = 2.0 * each as f64;
    let cpu_us = (cpu_s() - cpu_start) * 1e6 / all;
    println!("reads {:.0}/s on 2 threads, cpu {cpu_us:.1} us", all / start.elapsed().as_secs_f64());
}

async fn commits(
    name: &str,
    store: &Store,
    callers: u64,
    make: fn(&Store, u64) -> Transaction,
) -> Done {
    let (done, slowest) = (Arc::new(AtomicU64::new(0)), Arc::new(AtomicU64::new(0)));
    let (start, cpu_start) = (Instant::now(), cpu_s());
    let tasks: Vec<_> = (0..callers)
        .map(|caller| {
            let (store, done, slowest) = (store.clone(), Arc::clone(&done), Arc::clone(&slowest));
            tokio::spawn(async move {
                while start.elapsed() < Duration::from_secs(4) {
                    let turn = done.fetch_add(1, Ordering::Relaxed);
                    let begin = Instant::now();
                    let committed = store.commit(make(&store, turn)).await;
                    assert!(committed.is_ok(), "caller {caller}: {committed:?}");
                    slowest.fetch_max(begin.elapsed().as_micros() as u64, Ordering::Relaxed);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await?;
    }
    let done = done.load(Ordering::Relaxed) as f64;
    let (rate, cpu_us) = (done / start.elapsed().as_secs_f64(), (cpu_s() - cpu_start) * 1e6 / done);
    let slowest = slowest.load(Ordering::Relaxed);
    println!("{name} {rate:.0}/s at {callers} callers, cpu {cpu_us:.1} us, slowest {slowest} us");
    Ok(())
}

fn audit_only(store: &Store, turn: u64) -> Transaction {
    Transaction::new().access(access(store, turn))
}

fn read_and_audit(store: &Store, turn: u64) -> Transaction {
    assert!(matches!(store.resources().get(KIND, &id(mix(turn) % 100_000)), Ok(Some(_))));
    Transaction::new().access(access(store, turn))
}

fn put_again(store: &Store, turn: u64) -> Transaction {
    let mut put = person(mix(turn) % 100_000);
    put.expect = Expect::Any;
    for term in &mut put.terms {
        term.value.extend_from_slice(&turn.to_be_bytes());
    }
    Transaction::new().put(put).access(access(store, turn))
}

fn access(store: &Store, turn: u64) -> Access {
    Access {
        at: Clock::System.now(),
        service: "personal-demographics".to_owned(),
        interaction: "read-patient".to_owned(),
        mode: "healthcare-worker".to_owned(),
        client: "client-17".to_owned(),
        organisation: "A83001".to_owned(),
        user: "555021935107".to_owned(),
        subjects: vec![store.audit().pseudonym(&id(mix(turn) % 100_000))],
        outcome: 200,
        request: format!("{:016x}-{:016x}", mix(turn), mix(!turn)),
        ..Access::default()
    }
}

fn id(person: u64) -> String {
    // 3^18 and 10^9 have no common factor: no two people share a number
    format!("9{:09}", person.wrapping_mul(387_420_489) % 1_000_000_000)
}

/// Scatters numbers, the same way each time (splitmix64).
fn mix(number: u64) -> u64 {
    let mut z = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// A made-up person: about 3 KB of JSON in the shape of a demographics record, three index rows.
fn person(number: u64) -> Put {
    const NAMES: [&str; 16] = [
        "Smith", "Jones", "Taylor", "Brown", "Williams", "Wilson", "Johnson", "Davies", "Patel",
        "Wright", "Walker", "White", "Edwards", "Green", "Hall", "Khan",
    ];
    let pick = |salt: u64| NAMES.get((mix(number ^ (salt << 40)) % 16) as usize).unwrap_or(&"Doe");
    let chance = |salt: u64, most: u64| mix(number.wrapping_mul(31) ^ (salt << 33)) % most;
    let (id, family, given) = (id(number), pick(1), pick(2));
    let born =
        format!("{}-{:02}-{:02}", 1930 + chance(3, 95), 1 + chance(4, 12), 1 + chance(5, 28));
    let postcode = format!("LS{} {}AB", chance(6, 29), chance(7, 10));
    let mut body = format!(
        r#"{{"resourceType":"Patient","id":"{id}","meta":{{"versionId":"1","security":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-Confidentiality","code":"U","display":"unrestricted"}}]}},"identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{id}","extension":[{{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus","valueCodeableConcept":{{"coding":[{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatus","code":"01","display":"Number present and verified"}}]}}}}]}}],"name":[{{"id":"{:x}","use":"usual","period":{{"start":"{born}"}},"family":"{family}","given":["{given}"],"prefix":["Mx"]}}],"gender":"female","birthDate":"{born}","multipleBirthInteger":1,"#,
        chance(8, 1 << 40)
    );
    body.push_str(r#""address":["#);
    for (turn, kind) in ["home", "temp", "billing"].iter().enumerate() {
        if turn > 0 {
            body.push(',');
        }
        let salt = 10 + turn as u64 * 10;
        body.push_str(&format!(
            r#"{{"id":"{:x}","use":"{kind}","period":{{"start":"20{:02}-0{}-1{}","end":"2035-12-31"}},"line":["{} {} Street","{} Grove","Leeds"],"postalCode":"{postcode}","extension":[{{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey","extension":[{{"url":"type","valueCoding":{{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType","code":"PAF"}}}},{{"url":"value","valueString":"{}"}}]}}]}}"#,
            chance(salt, 1 << 40),
            chance(salt + 1, 25),
            1 + chance(salt + 2, 9),
            chance(salt + 3, 10),
            chance(salt + 4, 300),
            pick(salt + 5),
            pick(salt + 6),
            chance(salt + 7, 100_000_000)
        ));
    }
    body.push_str(&format!(
        r#"],"telecom":[{{"id":"{:x}","period":{{"start":"2020-01-01"}},"system":"phone","value":"01632{:06}","use":"home"}}],"generalPractitioner":[{{"id":"{:x}","type":"Organization","identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y{:05}","period":{{"start":"2020-01-01"}}}}}}],"extension":[{{"url":"https://fhir.nhs.uk/England/StructureDefinition/Extension-England-NominatedPharmacy","valueReference":{{"identifier":{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"F{:05}"}}}}}}]}}"#,
        chance(50, 1 << 40),
        chance(51, 1_000_000),
        chance(52, 1 << 40),
        chance(53, 8_000),
        chance(54, 12_000)
    ));
    let term = |parameter, value: String| Term {
        parameter,
        value: value.into_bytes(),
        cover: born.clone().into_bytes(),
    };
    Put {
        key: Key::new(KIND, id.clone()),
        expect: Expect::Absent,
        version: None,
        body: Bytes::from(body),
        terms: vec![
            term("pds-family", format!("{family}|{given}|{born}")),
            term("pds-postcode", format!("{postcode}|{family}")),
            term("pds-born", format!("{born}|{family}")),
        ],
    }
}

/// Processor seconds that this process has used, in all its threads. Unlike a rate, it hardly
/// minds what else the machine is doing.
fn cpu_s() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").unwrap_or_default();
    let after_name = stat.rsplit(')').next().unwrap_or_default();
    let ticks = after_name.split_whitespace().skip(11).take(2);
    ticks.filter_map(|ticks| ticks.parse::<f64>().ok()).sum::<f64>() / 100.0
}

fn memory_mb() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    line.and_then(|line| line.split_whitespace().nth(1))
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

fn on_disk(folder: &Path) -> Result<u64, std::io::Error> {
    std::fs::read_dir(folder)?.map(|entry| Ok(entry?.metadata()?.len())).sum()
}
