//! The world: a house with two workers, its store, and the ends that they come to.

use std::path::Path;

use base::{Clock, Dice};
use broker::{
    Broker, ENDPOINT, Endpoint, MAILBOX, Mailbox, Pusher, ROUTE, Route, SUBSCRIPTION, Settings,
    Subscription, record,
};
use store::faulty::Script;
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::chance::Chance;
use crate::far::Far;
use crate::ledger::Shared;

const START: &str = "2026-11-22T10:00:00Z";
/// How many commits and reads of a life may fail.
const CUES: u64 = 4_000;
/// How often the store of a dead house is tried, until its last task is gone.
const OPENINGS_MAX: u32 = 10_000;

const TIMES: [(i64, i64, i64); 3] =
    [(5 * DAY_S, 30 * DAY_S, DAY_S), (5 * DAY_S, 5 * DAY_S, DAY_S), (DAY_S / 8, DAY_S / 6, 3_600)];
const DAY_S: i64 = 86_400;

pub(crate) const MAILBOXES: [&str; 3] = ["M0", "M1", "M2"];
pub(crate) const ENDPOINTS: [&str; 4] = ["E0", "E1", "E2", "E3"];
/// The endpoint that says afterwards what it thinks.
const THINKS: &str = "E1";

/// From a start to a crash.
pub(crate) struct Life {
    /// The store, which never fails.
    pub(crate) truth: Store,
    pub(crate) front: Broker,
    pub(crate) back: Broker,
    pub(crate) front_carries: Pusher,
    pub(crate) back_carries: Pusher,
}

pub(crate) struct World {
    pub(crate) chance: Chance,
    pub(crate) clock: Clock,
    pub(crate) ledger: Shared,
    pub(crate) far: Far,
    folder: TempDir,
    pub(crate) life: Option<Life>,
    lives: u64,
    /// Seconds until a message is given up, until it is erased, and until an upload is.
    times: (i64, i64, i64),
}

impl World {
    pub(crate) async fn new(seed: u64) -> Self {
        let chance = Chance::new(seed);
        let clock = Clock::stopped(START.parse().unwrap());
        let ledger = Shared::default();
        let far = Far::new(ledger.clone(), clock.clone(), seed);
        let memory = Path::new("/dev/shm");
        let folder = if memory.is_dir() { TempDir::new_in(memory) } else { TempDir::new() };
        let folder = folder.unwrap();
        let times = *chance.pick(&TIMES).unwrap();
        let mut world = Self { chance, clock, ledger, far, folder, life: None, lives: 0, times };
        let store = world.open().await;
        store.commit(people()).await.unwrap();
        world.live(store, false);
        world
    }

    pub(crate) fn life(&self) -> &Life {
        self.life.as_ref().unwrap()
    }

    /// Everything ends at once, and begins again on what is on disk. The tasks of the former life
    /// have been dropped.
    pub(crate) async fn crash(&mut self, faults: bool) {
        self.far.see(None);
        self.life = None;
        let store = self.open().await;
        self.live(store, faults);
    }

    async fn open(&mut self) -> Store {
        self.lives += 1;
        let dice = Dice::seeded(self.lives);
        let mut last = None;
        for _ in 0..OPENINGS_MAX {
            match Store::open(self.folder.path(), self.clock.clone(), &dice) {
                Ok(store) => return store,
                Err(error) => last = Some(error),
            }
            // The tasks of the former life are told to end, and let go of it when they have.
            tokio::task::yield_now().await;
        }
        panic!("something of the former life holds the store: {last:?}");
    }

    fn live(&mut self, truth: Store, faults: bool) {
        self.far.see(Some(truth.clone()));
        let owner = if self.chance.percent(70) { "one".into() } else { format!("{}", self.lives) };
        let (front, back) = loop {
            let script = if faults { self.script() } else { Script::new() };
            let store = Store::faulty(truth.clone(), script);
            let new = |owner: &str| {
                let settings = Settings {
                    deadline_s: self.times.0,
                    kept_s: self.times.1,
                    upload_s: self.times.2,
                    lanes: 3,
                    owner: owner.to_owned(),
                    reserve_bytes: 0,
                    ..Settings::default()
                };
                let dice = self.chance.apart().dice;
                Broker::new(store.clone(), self.clock.clone(), dice, settings)
            };
            if let (Ok(front), Ok(back)) = (new(&owner), new("two")) {
                break (front, back);
            }
        };
        let front_carries = self.far.pusher("front");
        let back_carries = self.far.pusher("back");
        self.life = Some(Life { truth, front, back, front_carries, back_carries });
    }

    fn script(&self) -> Script {
        let in_a_thousand = match self.chance.below(4) {
            0 => return Script::new(),
            1 => 10,
            2 => 40,
            _ => 100,
        };
        let mut script = Script::new();
        for nth in 1..CUES {
            match self.chance.below(1_000) {
                cue if cue < in_a_thousand / 2 => script = script.fail_commit(nth),
                cue if cue < in_a_thousand => script = script.lose_answer(nth),
                cue if cue < 2 * in_a_thousand => script = script.fail_read(nth),
                _ => {}
            }
        }
        if self.chance.percent(20) {
            script = script.stop_at_commit(1 + self.chance.below(CUES / 8));
        }
        script
    }
}

pub(crate) fn mailbox(id: &str, closed: bool) -> Mailbox {
    Mailbox { id: id.into(), name: String::new(), organisation: String::new(), closed }
}

pub(crate) fn endpoint(name: &str, closed: bool) -> Endpoint {
    Endpoint {
        name: name.into(),
        url: "http://127.0.0.1:9".into(),
        wire: "plain".into(),
        organisation: String::new(),
        secrets: Vec::new(),
        acknowledges: name == THINKS,
        in_order: false,
        pushes_max: if name == "E2" { 1 } else { 4 },
        push_s_max: 30,
        private: true,
        closed,
    }
}

fn people() -> Transaction {
    let route = |to: &str, deliver: &[&str]| Route {
        name: to.into(),
        to: to.into(),
        kind: String::new(),
        deliver: deliver.iter().map(|&name| name.into()).collect(),
        ordered: false,
        halt: false,
        deadline_s: 0,
    };
    let ordered = |to: &str, name: &str| Route { ordered: true, ..route(to, &[name]) };
    let routes = [
        route("BOTH", &["M1", "E0"]),
        Route { deadline_s: 600, ..route("SOON", &["M2", "E3"]) },
        ordered("KEYED", "E2"),
        ordered("JUDGED", THINKS),
        Route { halt: true, ..ordered("HALTS", "E0") },
    ];
    let subscription = |deliver: &str| Subscription {
        id: format!("to {deliver}"),
        owner: "somebody".into(),
        event: "born".into(),
        filters: Vec::new(),
        deliver: deliver.into(),
        kind: String::new(),
        media_type: String::new(),
        document: String::new(),
    };
    let mut all = Transaction::new();
    for id in MAILBOXES {
        all = all.record(record(MAILBOX, id, &mailbox(id, false)));
    }
    for name in ENDPOINTS {
        all = all.record(record(ENDPOINT, name, &endpoint(name, false)));
    }
    for one in routes {
        all = all.record(record(ROUTE, &one.name, &one));
    }
    for deliver in ["M0", "E2"] {
        let one = subscription(deliver);
        all = all.record(record(SUBSCRIPTION, &one.id, &one));
    }
    all
}
