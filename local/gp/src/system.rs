//! The system itself: its desk, its doors, and what is on its way.

use std::sync::Arc;
use std::time::Duration;

use desk::control::{self, Done, Refusal};
use desk::{Desk, Door, Doors, Reply, Request, Stop};
use jiff::Timestamp;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, Notify, mpsc, watch};

use crate::gp2gp;
use crate::partners::Partners;
use crate::patience::{self, Patience};
use crate::{admit, inbox, outbox, record, registration, trace, transfer};

/// What may be looked at, at the control door.
const KINDS: &[&str] = &[registration::KIND, record::KIND, transfer::KIND];
/// The longest that it can be told to be away, in seconds.
const SECONDS_MAX: u64 = 120;
/// The most bytes of a message that the broker takes, as the practices of the country count them.
const MESSAGE_BYTES_MAX: usize = 4_500_000;

/// How the system exchanges messages: its own party, where the broker is, and how.
#[derive(Clone, Debug)]
pub struct Handler {
    /// Its own party key.
    pub party: String,
    /// Where the broker is: `https://host:port`, without a path.
    pub broker: String,
    /// The most bytes of a message: what is larger goes in several.
    pub message_bytes_max: usize,
    /// How long it waits for others.
    pub patience: Patience,
    /// Whether it exchanges no records now.
    pub disabled: bool,
}

impl Handler {
    /// How a party exchanges messages by way of a broker, as usual in the country.
    pub fn new(party: String, broker: String) -> Self {
        let patience = Patience::default();
        Self { party, broker, message_bytes_max: MESSAGE_BYTES_MAX, patience, disabled: false }
    }
}

/// The system of a practice.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) desk: Desk,
    pub(crate) handler: Handler,
    /// Whom the directory named.
    pub(crate) partners: Partners,
    present: watch::Sender<bool>,
    /// Until when it takes messages and does nothing about them.
    pub(crate) silent: Mutex<Option<Timestamp>>,
    /// Told whenever a transfer changes.
    pub(crate) changed: Notify,
    /// Held by who changes one.
    pub(crate) changing: Mutex<()>,
    /// What arrived and is to be worked on.
    pub(crate) inbox: mpsc::UnboundedSender<inbox::Turn>,
    /// What is to be sent.
    pub(crate) outbox: mpsc::UnboundedSender<String>,
}

/// Opens the doors of a practice's system: gives where they are, and what runs it until told to
/// stop.
///
/// # Errors
/// When no door can be had.
pub async fn open(
    desk: Desk,
    handler: Handler,
    stop: Stop,
) -> Result<(Doors, impl Future<Output = ()>), String> {
    let control = Door::open(&desk.folder, "control").await?;
    let systems = Door::open(&desk.folder, "systems").await?;
    let doors = Doors { control: control.url(), systems: systems.url() };
    let (present, here) = watch::channel(true);
    let ((inbox, arrived), (outbox, going)) =
        (mpsc::unbounded_channel(), mpsc::unbounded_channel());
    let system = Arc::new(System {
        desk,
        handler,
        partners: Partners::default(),
        present,
        silent: Mutex::default(),
        changed: Notify::new(),
        changing: Mutex::default(),
        inbox,
        outbox,
    });
    let running = async move {
        let (_always, always) = watch::channel(true);
        let (inside, outside) = (system.clone(), system.clone());
        let ordered = move |request| inside.clone().ordered(request);
        let asked = move |request| gp2gp::arrive(outside.clone(), request);
        tokio::join!(
            control.serve(ordered, always, stop.clone()),
            systems.serve(asked, here, stop.clone()),
            inbox::run(system.clone(), arrived, stop.clone()),
            outbox::run(system.clone(), going, stop.clone()),
            patience::run(system, stop),
        );
    };
    Ok((doors, running))
}

/// For how long.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Seconds {
    seconds: u64,
}

impl System {
    /// A person says what to do.
    async fn ordered(self: Arc<Self>, request: Request) -> Reply {
        control::answer(&self.desk, &request, KINDS, |act, told| self.act(act, told)).await
    }

    async fn act(&self, act: String, told: Value) -> Result<Done, Refusal> {
        match act.as_str() {
            "trace" => trace::trace(self, control::told(&told)?).await,
            "admit" => admit::admit(self, control::told(&told)?).await,
            "transfer" => transfer::transfer(self, control::told(&told)?).await,
            "away" => self.away(&control::told(&told)?),
            "silent" => self.silent(control::told(&told)?).await,
            other => Err(Refusal::unknown(other)),
        }
    }

    /// Shuts the door to other systems for a while.
    fn away(&self, told: &Seconds) -> Result<Done, Refusal> {
        if told.seconds > SECONDS_MAX {
            return Err(Refusal::incorrect(format!("seconds: at most {SECONDS_MAX}")));
        }
        let (present, length) = (self.present.clone(), Duration::from_secs(told.seconds));
        present.send_replace(false);
        tokio::spawn(async move {
            tokio::time::sleep(length).await;
            present.send_replace(true);
        });
        let says = format!("{} does not answer for {} s", self.desk.card.title, told.seconds);
        Ok(Done::new(&self.desk.begin(), "away", says))
    }

    /// Takes messages and does nothing about them, for a while.
    async fn silent(&self, told: Seconds) -> Result<Done, Refusal> {
        if told.seconds > SECONDS_MAX {
            return Err(Refusal::incorrect(format!("seconds: at most {SECONDS_MAX}")));
        }
        *self.silent.lock().await = Some(self.desk.clock.in_s(told.seconds.cast_signed()));
        let says = format!("{} does nothing for {} s", self.desk.card.title, told.seconds);
        Ok(Done::new(&self.desk.begin(), "silent", says))
    }
}
