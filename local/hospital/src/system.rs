//! The system itself: its desk, its doors, and how it is today.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use desk::bars::Receiver;
use desk::control::{self, Done, Refusal};
use desk::{Desk, Door, Doors, Reply, Request, Stop};
use http::StatusCode;
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, watch};

use crate::referral::{self, Referral};
use crate::{feedback, take};

/// What may be looked at, at the control door.
const KINDS: &[&str] = &[referral::KIND];
/// The longest that it can be told to be away, or to take over a referral, in seconds.
const SECONDS_MAX: u64 = 120;

/// The system of a hospital.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) desk: Desk,
    pub(crate) receiver: Receiver,
    /// Held by who changes the inbox.
    pub(crate) inbox: Mutex<()>,
    present: watch::Sender<bool>,
    slow_s: AtomicU64,
}

/// Opens the doors of a hospital's system, which answers for the service of an id: gives where
/// they are, and what runs it until told to stop.
///
/// # Errors
/// When no door can be had.
pub async fn open(
    desk: Desk,
    service: &str,
    stop: Stop,
) -> Result<(Doors, impl Future<Output = ()>), String> {
    let control = Door::open(&desk.folder, "control").await?;
    let systems = Door::open(&desk.folder, "systems").await?;
    let doors = Doors { control: control.url(), systems: systems.url() };
    let (present, here) = watch::channel(true);
    let system = Arc::new(System {
        desk,
        receiver: Receiver::new(service),
        inbox: Mutex::default(),
        present,
        slow_s: AtomicU64::default(),
    });
    let running = async move {
        let (_always, always) = watch::channel(true);
        let (inside, outside) = (system.clone(), system);
        let ordered = move |request| inside.clone().ordered(request);
        let asked = move |request| outside.clone().asked(request);
        tokio::join!(
            control.serve(ordered, always, stop.clone()),
            systems.serve(asked, here, stop)
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
    /// Another system asks. What it asks is done to the end, even if it hangs up.
    async fn asked(self: Arc<Self>, request: Request) -> Reply {
        let work = tokio::spawn(async move {
            let system = &self;
            let take = |bundle, arrival| async move { take::take(system, &bundle, arrival).await };
            let read = |id| async { self.read(id).await };
            self.receiver.answer(&self.desk, &request, take, read).await
        });
        work.await.unwrap_or_else(|_| Reply::new(StatusCode::INTERNAL_SERVER_ERROR))
    }

    /// A person says what to do.
    async fn ordered(self: Arc<Self>, request: Request) -> Reply {
        control::answer(&self.desk, &request, KINDS, |act, told| self.act(act, told)).await
    }

    async fn act(&self, act: String, told: Value) -> Result<Done, Refusal> {
        match act.as_str() {
            "feedback" => feedback::feedback(self, control::told(&told)?).await,
            "away" => Ok(self.away(seconds(&told)?)),
            "slow" => {
                self.slow_s.store(seconds(&told)?.as_secs(), Ordering::Relaxed);
                let says = format!("{} will take its time", self.desk.card.title);
                Ok(Done::new(&self.desk.begin(), "slow", says))
            }
            other => Err(Refusal::unknown(other)),
        }
    }

    /// Shuts the door to other systems for a while.
    fn away(&self, time: Duration) -> Done {
        let present = self.present.clone();
        present.send_replace(false);
        tokio::spawn(async move {
            tokio::time::sleep(time).await;
            present.send_replace(true);
        });
        let says = format!("{} does not answer for {} s", self.desk.card.title, time.as_secs());
        Done::new(&self.desk.begin(), "away", says)
    }

    /// Takes the time that it was told to take over the next referral.
    pub(crate) async fn dawdle(&self) {
        let slow_s = self.slow_s.swap(0, Ordering::Relaxed);
        tokio::time::sleep(Duration::from_secs(slow_s)).await;
    }

    async fn read(&self, id: String) -> Result<Value, desk::bars::Refusal> {
        let known: Option<Referral> = self.desk.folder.get(referral::KIND, &id).await?;
        let none = || desk::bars::Refusal::not_found("there is no such referral");
        Ok(take::described(&self.desk, &known.ok_or_else(none)?))
    }
}

fn seconds(told: &Value) -> Result<Duration, Refusal> {
    let told: Seconds = control::told(told)?;
    if told.seconds > SECONDS_MAX {
        return Err(Refusal::incorrect(format!("seconds: at most {SECONDS_MAX}")));
    }
    Ok(Duration::from_secs(told.seconds))
}
