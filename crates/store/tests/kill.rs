//! Whatever was acknowledged is there after a sudden end.
//!
//! The test starts itself again as a child that writes and tells what was acknowledged, and kills
//! it at some moment. `STORE_KILL_ROUNDS` and `STORE_KILL_SEED` set how often, and which moments.

#![expect(clippy::unwrap_used, clippy::panic, clippy::print_stdout, reason = "all of it is a test")]

use std::collections::HashMap;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use base::{Clock, Dice};
use bytes::Bytes;
use store::contents::ContentId;
use store::messages::{Accept, DELIVERY_BITS, Message, MessageId, Opening, Repeat, Status, Step};
use store::{Access, Expect, Key, Put, Store, Term, Transaction};

const FOLDER: &str = "STORE_KILL_FOLDER";
const TASKS: u32 = 8;

#[expect(clippy::disallowed_methods, reason = "a test that runs itself again has no other way")]
fn setting(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

fn open(folder: &Path) -> Store {
    Store::open(folder, Clock::System, &Dice::System).unwrap()
}

fn text(id: &str, version: u64) -> String {
    format!("{id} at {version}, {}", "and so on ".repeat(version as usize % 50))
}

fn put(id: &str, version: u64) -> Put {
    Put {
        key: Key::new("thing", id),
        expect: if version == 1 { Expect::Absent } else { Expect::Version(version - 1) },
        version: Some(version),
        body: Bytes::from(text(id, version)),
        terms: vec![
            Term { parameter: "id", value: id.into(), cover: Vec::new() },
            Term { parameter: "version", value: version.to_be_bytes().into(), cover: id.into() },
        ],
    }
}

fn access(id: &str) -> Access {
    Access {
        at: Clock::System.now(),
        service: "kill".to_owned(),
        interaction: "put".to_owned(),
        subjects: vec![id.to_owned()],
        outcome: 200,
        ..Access::default()
    }
}

/// Tells the parent, past the test harness, which would keep it to itself.
fn tell(id: &str, version: u64) {
    let mut out = std::io::stdout().lock();
    writeln!(out, "acknowledged {id} {version}").unwrap();
    out.flush().unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the child of the tests below; it never ends by itself"]
async fn child_that_commits() {
    let store = open(Path::new(&setting(FOLDER).unwrap()));
    let tasks: Vec<_> = (0..TASKS)
        .map(|task| {
            let store = store.clone();
            tokio::spawn(async move {
                for turn in 0.. {
                    let id = format!("{task}-{}", turn % 7);
                    let current = store.resources().get("thing", &id).unwrap();
                    let version = current.map_or(1, |stored| stored.version + 1);
                    let transaction = Transaction::new().put(put(&id, version)).access(access(&id));
                    store.commit(transaction).await.unwrap();
                    tell(&id, version);
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

#[test]
#[ignore = "the child of the tests below; it never ends by itself"]
fn child_that_loads() {
    let store = open(Path::new(&setting(FOLDER).unwrap()));
    let resources = store.resources();
    let mut next = resources.count("thing").unwrap();
    for turn in 1_u64.. {
        if turn % 8 == 1 {
            resources.begin_load().unwrap();
        }
        let ids: Vec<String> = (next..next + 300).map(|number| format!("{number:09}")).collect();
        resources.load(ids.iter().map(|id| put(id, 1)).collect()).unwrap();
        for id in &ids {
            tell(id, 1);
        }
        next += 300;
        if turn % 8 == 0 {
            resources.finish_load().unwrap();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the child of the tests below; it never ends by itself"]
async fn child_that_spends() {
    let store = open(Path::new(&setting(FOLDER).unwrap()));
    let tasks = (0..TASKS).map(|task| {
        let store = store.clone();
        tokio::spawn(async move {
            let name = format!("{task}-{}", std::process::id());
            for turn in 1.. {
                let until = Clock::System.in_s(7_200);
                let used = store.spent().spend("kill", &format!("{name}-{turn}"), until).await;
                assert!(used.unwrap());
                tell(&name, turn);
            }
        })
    });
    for task in tasks.collect::<Vec<_>>() {
        task.await.unwrap();
    }
}

/// A delivery in a state, which is over in state 3.
fn status(state: u8) -> Status {
    Status {
        recipient: "box".to_owned(),
        topic: String::new(),
        lane: 1,
        state,
        listed: state < 3,
        wake: (state < 3).then(|| Clock::System.in_s(60)),
        detail: Bytes::from(vec![state; 20]),
    }
}

/// A message with a name of its sender's; every fourth has a content of one part.
fn message(store: &Store, id: MessageId) -> Transaction {
    let mut name = [0; 32];
    name[..8].copy_from_slice(&id.0.to_be_bytes());
    let mut transaction = Transaction::new();
    let content = large(id).then_some(ContentId(id.0));
    if let Some(content) = content {
        let mut writer = store.contents().write(content, 1).unwrap();
        writer.write(text(&id.0.to_string(), 49).repeat(600).as_bytes()).unwrap();
        let part = writer.finish(String::new()).unwrap();
        transaction = transaction.begin_content(content, 1).part(part);
    }
    transaction.accept(Accept {
        message: Message { id, envelope: Bytes::new(), body: text("m", id.0).into(), content },
        deliveries: vec![Opening { status: status(1), event: "accepted".into() }],
        labels: vec![id.0 % 7],
        repeat: Some(Repeat { label: id.0, key: name, digest: name }),
    })
}

/// Whether a message has a content.
fn large(id: MessageId) -> bool {
    (id.0 >> DELIVERY_BITS).is_multiple_of(4)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "the child of the tests below; it never ends by itself"]
async fn child_that_mails() {
    let store = open(Path::new(&setting(FOLDER).unwrap()));
    let newest = store.messages().recent(MessageId(u64::MAX), 1).unwrap();
    let next = newest.first().map_or(0, |message| message.id.0 >> DELIVERY_BITS);
    let next = Arc::new(AtomicU64::new(next + 1));
    let tasks: Vec<_> = (0..TASKS)
        .map(|_| {
            let (store, next) = (store.clone(), Arc::clone(&next));
            tokio::spawn(async move {
                for _ in 0_u64.. {
                    let id = MessageId(next.fetch_add(1, Ordering::SeqCst) << DELIVERY_BITS);
                    store.commit(message(&store, id)).await.unwrap();
                    tell(&id.0.to_string(), 1);
                    for expect in 1..3 {
                        let (delivery, event) = (id.delivery(1), Some("stepped".into()));
                        let status = status(expect as u8 + 1);
                        let step = Step { delivery, expect, status, event };
                        let mut transaction = Transaction::new().step(step);
                        if expect == 2 && id.0.is_multiple_of(3) {
                            transaction = transaction.erase(id);
                        }
                        store.commit(transaction).await.unwrap();
                        tell(&id.0.to_string(), u64::from(expect) + 1);
                    }
                }
            })
        })
        .collect();
    for task in tasks {
        task.await.unwrap();
    }
}

/// Starts a child, kills it after a while, and returns what was acknowledged.
fn start_and_kill(child: &str, folder: &Path, after: Duration) -> HashMap<String, u64> {
    let mut process = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", child, "--ignored", "--nocapture"])
        .env(FOLDER, folder)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let out = BufReader::new(process.stdout.take().unwrap());
    let reader = std::thread::spawn(move || {
        let mut acknowledged = HashMap::new();
        for line in out.lines().map_while(Result::ok) {
            // The last line may be cut short: a number only counts with its whole line, and a
            // shorter number is a smaller one, which holds as well.
            let words: Vec<&str> = line.split(' ').collect();
            if let ["acknowledged", id, version] = words.as_slice()
                && let Ok(version) = version.parse()
            {
                acknowledged.insert((*id).to_owned(), version);
            }
        }
        acknowledged
    });
    std::thread::sleep(after);
    assert!(process.try_wait().unwrap().is_none(), "the child ended by itself");
    process.kill().unwrap();
    process.wait().unwrap();
    reader.join().unwrap()
}

fn verify(folder: &Path, acknowledged: &HashMap<String, u64>) {
    let store = open(folder);
    for (id, version) in acknowledged {
        let stored = store.resources().version("thing", id, *version).unwrap();
        let body = stored.unwrap_or_else(|| panic!("{id} at {version} is lost")).body;
        assert_eq!(body, text(id, *version));
    }
    let report = store.check(&mut |_, _| ()).unwrap();
    assert!(report.is_clean(), "{report:?}");
}

fn verify_spent(folder: &Path, acknowledged: &HashMap<String, u64>) {
    let store = open(folder);
    for (id, turns) in acknowledged {
        for turn in 1..=*turns {
            assert!(store.spent().is_spent("kill", &format!("{id}-{turn}")), "{id} {turn} is lost");
        }
    }
    let report = store.check(&mut |_, _| ()).unwrap();
    assert!(report.is_clean(), "{report:?}");
}

fn verify_mail(folder: &Path, acknowledged: &HashMap<String, u64>) {
    let store = open(folder);
    let messages = store.messages();
    for (id, version) in acknowledged {
        let id = MessageId(id.parse().unwrap());
        let kept = messages.get(id).unwrap().unwrap_or_else(|| panic!("{} is lost", id.0));
        let delivery = messages.delivery(id.delivery(1)).unwrap().unwrap();
        assert!(u64::from(delivery.version) >= *version, "{} went back", id.0);
        assert_eq!(delivery.status.wake.is_none(), delivery.version == 3, "over or woken");
        let states: Vec<u8> =
            messages.history(delivery.id).unwrap().iter().map(|event| event.state).collect();
        assert_eq!(states, (1..=delivery.version as u8).collect::<Vec<_>>());
        let erased = delivery.version == 3 && id.0.is_multiple_of(3);
        assert_eq!(kept.body.is_empty(), erased);
        let content = store.contents().get(ContentId(id.0)).unwrap();
        assert_eq!(content.is_some_and(|content| content.is_whole()), large(id) && !erased);
    }
    store.contents().sweep().unwrap();
    let report = store.check(&mut |_, _| ()).unwrap();
    assert!(report.is_clean(), "{report:?}");
    assert!(report.messages >= acknowledged.len() as u64);
    assert_eq!(store.contents().sweep().unwrap(), 0);
}

fn rounds(child: &str, usual: u32, verify: fn(&Path, &HashMap<String, u64>)) {
    let seed = setting("STORE_KILL_SEED")
        .map_or_else(|| Dice::System.bits(), |seed| seed.parse().unwrap());
    let rounds = setting("STORE_KILL_ROUNDS").map_or(usual, |rounds| rounds.parse().unwrap());
    println!("STORE_KILL_SEED={seed}");
    let dice = Dice::seeded(seed);
    let folder = tempfile::TempDir::new().unwrap();
    let mut acknowledged = HashMap::new();
    for round in 0..rounds {
        let after = Duration::from_millis(150 + dice.bits() % 500);
        acknowledged.extend(start_and_kill(child, folder.path(), after));
        println!("round {round}: {} acknowledged", acknowledged.len());
        verify(folder.path(), &acknowledged);
    }
    assert!(rounds == 0 || !acknowledged.is_empty(), "no child ever got anywhere");
}

#[test]
fn acknowledged_commits_survive() {
    rounds("child_that_commits", 5, verify);
}

#[test]
fn acknowledged_loads_survive() {
    rounds("child_that_loads", 3, verify);
}

#[test]
fn acknowledged_messages_survive() {
    rounds("child_that_mails", 5, verify_mail);
}

#[test]
fn acknowledged_uses_survive() {
    rounds("child_that_spends", 4, verify_spent);
}
