//! The system itself: its desk and its doors.

use std::sync::Arc;

use desk::bars::{self, Receiver};
use desk::control::{self, Done, Refusal};
use desk::{Desk, Door, Doors, Reply, Request, Stop};
use http::StatusCode;
use serde_json::Value;
use tokio::sync::watch;

use crate::{amend, hand_over, handover, take, trace};

/// What may be looked at, at the control door.
const KINDS: &[&str] = &[handover::KIND];

/// The system of an ambulance trust.
#[derive(Debug)]
pub(crate) struct System {
    pub(crate) desk: Desk,
    pub(crate) receiver: Receiver,
}

/// Opens the doors of a trust's system, which answers for the service of an id: gives where they
/// are, and what runs it until told to stop.
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
    let system = Arc::new(System { desk, receiver: Receiver::new(service) });
    let running = async move {
        let (_always, here) = watch::channel(true);
        let (inside, outside) = (system.clone(), system);
        let ordered = move |request| inside.clone().ordered(request);
        let asked = move |request| outside.clone().asked(request);
        tokio::join!(
            control.serve(ordered, here.clone(), stop.clone()),
            systems.serve(asked, here, stop)
        );
    };
    Ok((doors, running))
}

impl System {
    /// Another system asks. What it asks is done to the end, even if it hangs up.
    async fn asked(self: Arc<Self>, request: Request) -> Reply {
        let work = tokio::spawn(async move {
            let system = &self;
            let take = |bundle, arrival| async move { take::take(system, &bundle, arrival).await };
            let read = |_| async { Err(bars::Refusal::not_implemented()) };
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
            "trace" => Ok(trace::trace(self, control::told(&told)?).await),
            "hand-over" => hand_over::hand_over(self, control::told(&told)?).await,
            "update" => amend::update(self, control::told(&told)?).await,
            "cancel" => amend::cancel(self, control::told(&told)?).await,
            other => Err(Refusal::unknown(other)),
        }
    }
}
