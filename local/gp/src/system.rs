//! The system itself: its desk and its doors.

use std::sync::Arc;

use desk::control::{self, Done, Refusal};
use desk::{Desk, Door, Reply, Request, Stop};
use serde_json::Value;
use tokio::sync::watch;

use crate::{registration, trace};

/// What may be looked at, at the control door.
const KINDS: &[&str] = &[registration::KIND];

/// The system of a practice.
#[derive(Debug)]
pub struct System {
    pub(crate) desk: Desk,
}

/// Opens the doors of a practice's system: gives where its control door is, and what runs it until
/// told to stop.
///
/// # Errors
/// When no door can be had.
pub async fn open(desk: Desk, stop: Stop) -> Result<(String, impl Future<Output = ()>), String> {
    let control = Door::open(&desk.folder, "control").await?;
    let url = control.url();
    let system = Arc::new(System { desk });
    let running = async move {
        // Nobody sends it away: people can always reach it.
        let (_always, here) = watch::channel(true);
        let answer = move |request| {
            let system = system.clone();
            async move { system.answer(request).await }
        };
        control.serve(answer, here, stop).await;
    };
    Ok((url, running))
}

impl System {
    async fn answer(&self, request: Request) -> Reply {
        control::answer(&self.desk, &request, KINDS, |act, told| self.act(act, told)).await
    }

    async fn act(&self, act: String, told: Value) -> Result<Done, Refusal> {
        match act.as_str() {
            "trace" => trace::trace(self, control::told(&told)?).await,
            other => Err(Refusal::unknown(other)),
        }
    }
}
