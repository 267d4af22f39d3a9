//! One history, from its first letter to the end of time.

use broker::State;
use jiff::Timestamp;
use tokio::task::JoinSet;

use crate::chance::cut_off;
use crate::deeds::Hand;
use crate::far::Mood;
use crate::laws::{self, Memory};
use crate::ledger::Letter;
use crate::world::{ENDPOINTS, World};

/// How many things happen in a history, at most.
const DEEDS_MAX: u64 = 400;
/// How many rounds it may take until everything is over.
const ROUNDS_MAX: u32 = 20_000;
/// How many rounds an endpoint that is well may wait for its message, a minute each.
const WELL_ROUNDS_MAX: u32 = 60;

/// A law was broken.
pub(crate) struct Wrong {
    pub(crate) first: String,
    /// What happened just before.
    pub(crate) story: String,
}

type Held = Result<(), Wrong>;

/// What happens, and what is going on meanwhile.
struct History {
    seed: u64,
    world: World,
    going_on: JoinSet<()>,
    memory: Memory,
    /// Whether the store of this life may fail.
    faults: bool,
}

pub(crate) async fn history(seed: u64) -> Held {
    let world = World::new(seed).await;
    let mut history =
        History { seed, world, going_on: JoinSet::new(), memory: Memory::default(), faults: false };
    let deeds = 50 + history.world.chance.below(DEEDS_MAX);
    history.world.far.let_go(true);
    for _ in 0..deeds {
        history.deed();
        for _ in 0..history.world.chance.below(4) {
            history.moment().await;
        }
        history.ended();
        if history.world.chance.percent(4) {
            history.glance()?;
        }
        if history.world.chance.percent(4) {
            history.look().await?;
        }
        if history.world.chance.percent(2) {
            history.crash(true).await?;
        }
    }
    history.look().await?;
    if history.faults || history.world.chance.percent(30) {
        history.crash(false).await?;
    }
    let hopeless = history.world.chance.percent(15);
    history.world.far.fair_weather();
    if hopeless {
        for name in ENDPOINTS {
            history.world.far.mood(name, Mood::Down);
        }
    } else {
        history.all_is_well().await?;
    }
    history.rest().await
}

impl History {
    /// Begins something.
    fn deed(&mut self) {
        let hand = Hand::of(&self.world);
        let chance = self.world.chance.clone();
        match chance.below(100) {
            0..25 => self.go(hand.send()),
            25..33 => self.go(hand.upload()),
            33..43 => self.go(hand.collect()),
            43..58 => self.work(),
            58..61 => self.go(hand.cancel()),
            61 => self.go(hand.withdraw()),
            62..66 => self.go(hand.resend()),
            66..68 => self.go(hand.release()),
            68..71 => self.go(hand.judge()),
            71..73 => self.go(hand.publish()),
            73 => self.go(hand.park()),
            74 if chance.percent(20) => self.go(hand.close()),
            75..77 => self.go(hand.reply()),
            77..81 => hand.weather(),
            81..84 => self.world.far.let_go(true),
            _ => hand.pass(),
        }
    }

    fn go(&mut self, deed: impl Future<Output = ()> + Send + 'static) {
        self.going_on.spawn(deed);
    }

    /// Lets a worker do what is due; sometimes it is cut off.
    fn work(&mut self) {
        let (life, chance) = (self.world.life(), &self.world.chance);
        let (broker, carry) = if chance.percent(60) {
            (life.front.clone(), life.front_carries.clone())
        } else {
            (life.back.clone(), life.back_carries.clone())
        };
        let cut = chance.percent(15).then(|| 1 + chance.below(12));
        self.go(async move {
            cut_off(broker.work_once(&carry), cut).await;
        });
    }

    /// As long as the store takes to answer everybody who asks now.
    async fn moment(&self) {
        let nothing = broker::record("moment", "moment", &self.seed);
        let nothing = store::Transaction::new().record(nothing);
        self.world.life().truth.commit(nothing).await.unwrap();
    }

    /// Takes note of what has ended.
    fn ended(&mut self) {
        while let Some(ended) = self.going_on.try_join_next() {
            ended.unwrap();
        }
    }

    /// Looks at a moment at which pushes are under way.
    fn glance(&self) -> Held {
        let ledger = self.world.ledger.lock();
        match laws::glance(&self.world.life().truth, &ledger).into_iter().next() {
            Some(first) => Err(Wrong { first, story: ledger.story() }),
            None => Ok(()),
        }
    }

    /// Lets everything come to its end that is going on, and looks whether the laws hold.
    async fn look(&mut self) -> Held {
        self.world.far.let_go(false);
        while let Some(ended) = self.going_on.join_next().await {
            ended.unwrap();
        }
        self.world.far.let_go(true);
        self.judge(false).await
    }

    /// The tasks of a worker that was cut off may be about to see that.
    async fn judge(&mut self, end: bool) -> Held {
        for _ in 0..20 {
            tokio::task::yield_now().await;
        }
        self.moment().await;
        let truth = self.world.life().truth.clone();
        let mut ledger = self.world.ledger.lock();
        let mut wrong = std::mem::take(&mut ledger.wrong);
        wrong.extend(laws::check(&truth, &ledger, &mut self.memory, end));
        match wrong.into_iter().next() {
            Some(first) => Err(Wrong { first, story: ledger.story() }),
            None => Ok(()),
        }
    }

    async fn crash(&mut self, faults: bool) -> Held {
        self.going_on.shutdown().await;
        self.world.ledger.lock().tell("crash".to_owned());
        self.world.ledger.lock().busy.clear();
        self.faults = faults;
        self.world.crash(faults).await;
        self.judge(false).await
    }

    async fn work_through(&self) {
        let life = self.world.life();
        life.front.work_once(&life.front_carries).await;
        life.back.work_once(&life.back_carries).await;
    }

    /// An endpoint that is well gets what is sent to it, whatever happened before.
    async fn all_is_well(&mut self) -> Held {
        let hand = Hand::of(&self.world);
        let mut sent = Vec::new();
        for name in ENDPOINTS {
            hand.front.unpark(name).await.unwrap();
            hand.back.unpark(name).await.unwrap();
            hand.open(name).await;
            let token = self.world.ledger.lock().number();
            let letter = Letter {
                token,
                from: "STRANGER".into(),
                to: name.into(),
                local_id: String::new(),
                named: false,
                key: String::new(),
                parts: 0,
            };
            sent.push(hand.must_send(&letter).await);
        }
        for _ in 0..WELL_ROUNDS_MAX {
            self.work_through().await;
            self.world.clock.advance_ms(60_000);
        }
        for id in sent {
            let tracked = hand.front.track(id).unwrap();
            let arrived = [State::Acknowledged, State::Sent];
            let arrived = tracked.deliveries.iter().all(|one| arrived.contains(&one.state));
            if !arrived {
                hand.wrong(format!("progress: {tracked:?} though its endpoint is well"));
            }
        }
        self.judge(false).await
    }

    /// Time passes until nobody has to look at anything any more.
    async fn rest(&mut self) -> Held {
        let stride_ms = 600_000 + self.world.chance.below(6 * 3_600_000) as i64;
        for round in 0..ROUNDS_MAX {
            self.work_through().await;
            let messages = self.world.life().truth.messages();
            let wakes = (0..3).filter_map(|lane| messages.next_wake(lane).unwrap());
            let Some(next) = wakes.min() else { break };
            let now: Timestamp = self.world.clock.now();
            let until_ms = next.as_millisecond() - now.as_millisecond();
            self.world.clock.advance_ms(until_ms.max(stride_ms));
            if round % 200 == 199 {
                self.judge(false).await?;
            }
        }
        self.judge(true).await?;
        let report = self.world.life().truth.check(&mut |_, _| ()).unwrap();
        assert!(report.is_clean(), "{:?}", report.problems);
        Ok(())
    }
}
