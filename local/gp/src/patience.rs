//! How long a practice waits for others, and what it does when they do not come.

use std::sync::Arc;
use std::time::Duration;

use base::limit::LOCAL_RECORDS_MAX;
use desk::{Conversation, Stop};
use jiff::{SignedDuration, Timestamp};

use crate::gp2gp::{self, Reason};
use crate::system::System;
use crate::transfer::{KIND, Transfer, UNANSWERED, Way};

/// How long a practice waits for others.
///
/// The new practice waits for all of a record, from the extract on: `extract_weight` times the
/// time that an extract may take, and `fragment_weight` times that of each fragment.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Patience {
    /// How often the time of an extract.
    pub extract_weight: f64,
    /// How often the time of a fragment.
    pub fragment_weight: f64,
    /// How long a message may be under way, in seconds, where the directory does not say.
    pub persist_s: i64,
    /// How long the new practice waits for the extract that it asked for, in seconds.
    pub answer_s: i64,
    /// How long the old practice waits for the last word, in seconds.
    pub acknowledgement_s: i64,
    /// How long a message is offered to the broker, in seconds.
    pub posting_s: i64,
    /// How often somebody looks whether a time is over, in seconds.
    pub look_every_s: u64,
}

impl Default for Patience {
    /// As usual in the country: eight days for the last word, and a look every six hours. Nobody
    /// says how long an extract may take to come: as long.
    fn default() -> Self {
        Self {
            extract_weight: 1.0,
            fragment_weight: 1.0,
            persist_s: 300,
            answer_s: 8 * 24 * 3_600,
            acknowledgement_s: 8 * 24 * 3_600,
            posting_s: 3_600,
            look_every_s: 6 * 3_600,
        }
    }
}

impl Patience {
    /// Until when a record of so many fragments should be here whose extract came then.
    /// An extract and a fragment may be under way for so many seconds.
    pub(crate) fn complete_by(
        &self,
        at: Timestamp,
        fragments: usize,
        (extract_s, fragment_s): (i64, i64),
    ) -> Timestamp {
        let extract = self.extract_weight * extract_s as f64;
        let fragments = self.fragment_weight * fragments as f64 * fragment_s as f64;
        let length = SignedDuration::from_millis(((extract + fragments) * 1_000.0) as i64);
        at.checked_add(length).unwrap_or(Timestamp::MAX)
    }

    /// Until when the extract should be here that was asked for then.
    pub(crate) fn answered_by(&self, at: Timestamp) -> Timestamp {
        after(at, self.answer_s)
    }

    /// Until when the last word about a record should be here that was sent then.
    pub(crate) fn acknowledged_by(&self, at: Timestamp) -> Timestamp {
        after(at, self.acknowledgement_s)
    }
}

fn after(at: Timestamp, seconds: i64) -> Timestamp {
    at.checked_add(SignedDuration::from_secs(seconds)).unwrap_or(Timestamp::MAX)
}

/// Looks now and then whether the time of a transfer is over, until told to stop.
pub(crate) async fn run(system: Arc<System>, stop: Stop) {
    let every = Duration::from_secs(system.handler.patience.look_every_s.max(1));
    let looking = async {
        loop {
            if let Err(error) = look(&system).await {
                tracing::error!(%error, "transfers cannot be looked at");
            }
            if let Err(error) = system.forget_arrivals(LOCAL_RECORDS_MAX / 2).await {
                tracing::error!(%error, "what arrived long ago cannot be forgotten");
            }
            tokio::time::sleep(every).await;
        }
    };
    tokio::select! {
        () = looking => {}
        () = stop.cancelled() => {}
    }
}

async fn look(system: &System) -> std::io::Result<()> {
    let now = system.desk.clock.now();
    let all: Vec<Transfer> = system.desk.folder.all(KIND).await?;
    let late = all
        .into_iter()
        .filter(|transfer| transfer.is_open() && transfer.until.is_some_and(|until| until <= now));
    for transfer in late {
        match transfer.way {
            // Nothing came that could be refused.
            Way::In if transfer.extract.is_empty() => {
                system.ended(transfer.conversation, UNANSWERED).await?;
            }
            Way::In => refuse(system, &transfer, now).await?,
            // Nobody said what became of the record.
            Way::Out => system.ended(transfer.conversation, "unacknowledged-99").await?,
        }
    }
    Ok(())
}

/// Not all of a record came in time: tells the old practice so.
async fn refuse(system: &System, transfer: &Transfer, now: Timestamp) -> std::io::Result<()> {
    let conversation = Conversation::new(transfer.conversation);
    match system.partner_at(&conversation, &transfer.partner).await {
        Ok(Some(partner)) => gp2gp::too_late(system, &partner, transfer, now).await?,
        Ok(None) => {}
        // At the next look, perhaps.
        Err(_) => return Ok(()),
    }
    let state = format!("refused-{}", Reason::TimedOut.code());
    system.ended(transfer.conversation, &state).await
}
