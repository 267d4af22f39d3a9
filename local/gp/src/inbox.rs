//! What arrived: noted before it is acknowledged, and worked on from the note, one after the
//! other, until that is done. A program that was started anew goes on where the last one stopped.

use std::io::ErrorKind;
use std::sync::Arc;
use std::time::Duration;

use base::limit::LOCAL_RECORDS_MAX;
use bytes::Bytes;
use desk::Stop;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use tokio::sync::mpsc;

use crate::gp2gp::{self, Partner};
use crate::system::System;

/// The kind of the records of messages that arrived, and of the files that hold them.
pub(crate) const KIND: &str = "message";
/// How often work on one is begun before it is given up.
const ATTEMPTS_MAX: u32 = 5;
/// How long to wait before it is begun again, in seconds.
const AGAIN_S: u64 = 2;
/// How long it is known that a message came, in hours: longer than it can come again.
const KNOWN_HOURS: i64 = 24;

/// A message that arrived.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub(crate) struct Arrival {
    /// The name of its record: empty in one from before it had another than `id`.
    #[serde(default)]
    pub(crate) name: String,
    /// The id in its envelope.
    pub(crate) id: String,
    /// The interaction.
    pub(crate) action: String,
    /// When it came.
    pub(crate) at: Timestamp,
    /// From whom.
    pub(crate) from: Partner,
    /// How it is to be read.
    pub(crate) content_type: String,
    /// Whether nothing is to be done about it any more.
    pub(crate) done: bool,
}

/// A message to be worked on, by the name of its record, and how often that was begun.
pub(crate) type Turn = (String, u32);

impl System {
    /// Notes a message that arrived, unless it did before. It is on disk when this returns.
    ///
    /// # Errors
    /// When it cannot be kept.
    pub(crate) async fn note(&self, arrival: Arrival, body: Bytes) -> std::io::Result<()> {
        let folder = &self.desk.folder;
        if folder.get::<Arrival>(KIND, &arrival.name).await?.is_some() {
            return Ok(());
        }
        if !arrival.done {
            folder.put_file(KIND, &arrival.name, move |to| to.write_all(&body)).await?;
        }
        if let Err(error) = self.keep_arrival(&arrival).await {
            folder.remove_file(KIND, &arrival.name).await?;
            return Err(error);
        }
        // Whoever stops has no use for it now; the note is there when it starts again.
        let _ = self.inbox.send((arrival.name, 0));
        Ok(())
    }

    /// Keeps the note; where there are too many, those of messages that were done long since go.
    async fn keep_arrival(&self, arrival: &Arrival) -> std::io::Result<()> {
        let folder = &self.desk.folder;
        match folder.put(KIND, &arrival.name, arrival).await {
            Err(error) if error.kind() == ErrorKind::StorageFull => {
                self.forget_arrivals(LOCAL_RECORDS_MAX / 2).await?;
                folder.put(KIND, &arrival.name, arrival).await
            }
            kept => kept,
        }
    }

    /// Forgets messages that were done long ago, and the oldest of those that were done, so that
    /// no more than `most` of these are known.
    ///
    /// # Errors
    /// When one cannot be forgotten.
    pub(crate) async fn forget_arrivals(&self, most: usize) -> std::io::Result<()> {
        let folder = &self.desk.folder;
        let mut done: Vec<Arrival> = folder.all(KIND).await?;
        done.retain(|arrival| arrival.done);
        done.sort_by_key(|arrival| std::cmp::Reverse(arrival.at));
        let long_ago = self.desk.clock.now() - SignedDuration::from_hours(KNOWN_HOURS);
        for (place, arrival) in done.iter().enumerate() {
            if place >= most || arrival.at < long_ago {
                folder.remove(KIND, arrival.name()).await?;
            }
        }
        Ok(())
    }
}

impl Arrival {
    /// The name of the record of a message: that of its sender counts, since others may use the
    /// same id, and ids are no names of files.
    pub(crate) fn named(party: &str, id: &str) -> String {
        gp2gp::id_of(&["message", party, id])
    }

    fn name(&self) -> &str {
        if self.name.is_empty() { &self.id } else { &self.name }
    }
}

/// Works on what arrived until told to stop; first on what was left from before.
pub(crate) async fn run(
    system: Arc<System>,
    mut waiting: mpsc::UnboundedReceiver<Turn>,
    stop: Stop,
) {
    match left(&system).await {
        Ok(left) => {
            for name in left {
                let _ = system.inbox.send((name, 0));
            }
        }
        Err(error) => tracing::error!(%error, "what arrived before cannot be read"),
    }
    let working = async {
        while let Some(turn) = waiting.recv().await {
            attend(&system, turn).await;
        }
    };
    tokio::select! {
        () = working => {}
        () = stop.cancelled() => {}
    }
}

/// What was not done, oldest first.
async fn left(system: &System) -> std::io::Result<Vec<String>> {
    let mut left: Vec<Arrival> = system.desk.folder.all(KIND).await?;
    left.retain(|arrival| !arrival.done);
    left.sort_by_key(|arrival| arrival.at);
    Ok(left.iter().map(|arrival| arrival.name().to_owned()).collect())
}

/// Works on one. What cannot be done now is begun again later, but not for ever.
async fn attend(system: &Arc<System>, (name, attempt): Turn) {
    match worked(system, &name, attempt + 1 == ATTEMPTS_MAX).await {
        Ok(()) => {}
        Err(why) if attempt + 1 < ATTEMPTS_MAX => {
            tracing::warn!(why, "a message that arrived has to wait");
            let inbox = system.inbox.clone();
            tokio::spawn(async move {
                tokio::time::sleep(Duration::from_secs(AGAIN_S)).await;
                let _ = inbox.send((name, attempt + 1));
            });
        }
        Err(why) => tracing::error!(why, "a record transfer is stuck"),
    }
}

async fn worked(system: &Arc<System>, name: &str, last: bool) -> Result<(), String> {
    let folder = &system.desk.folder;
    let failed = |error: std::io::Error| format!("the folder: {error}");
    let arrival = folder.get::<Arrival>(KIND, name).await.map_err(failed)?;
    let Some(mut arrival) = arrival.filter(|arrival| !arrival.done) else { return Ok(()) };
    let body = folder.read_file(KIND, name, 0, u64::MAX).await.map_err(failed)?;
    gp2gp::work(system, &arrival, &body, last).await?;
    arrival.done = true;
    folder.put(KIND, name, &arrival).await.map_err(failed)?;
    folder.remove_file(KIND, name).await.map_err(failed)
}
