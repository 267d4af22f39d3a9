//! Bodies as they arrive. They are gathered in memory, so a system has few places for large ones,
//! and none may take its time.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use base::Fault;
use base::limit::{
    EBXML_BYTES_MAX, EBXML_LARGE_AT_ONCE_MAX, EBXML_MESSAGE_S_MAX, EBXML_SMALL_BYTES_MAX,
};
use bytes::{Bytes, BytesMut};
use service::{BodyStream, Request};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::timeout;

use super::style::STYLE;

const LONGEST: Duration = Duration::from_secs(EBXML_MESSAGE_S_MAX);

/// The places for large bodies, by the system that sends them.
#[derive(Debug, Default)]
pub(super) struct Places {
    of: Mutex<HashMap<String, Arc<Semaphore>>>,
}

/// A body, and the place that it takes as long as somebody works on it.
pub(super) struct Arrived {
    pub(super) body: Bytes,
    _place: Option<OwnedSemaphorePermit>,
}

impl Places {
    /// The whole body of a request, within the limit that its interaction declares.
    ///
    /// # Errors
    /// When it breaks off, or takes too long.
    pub(super) async fn whole(&self, request: &Request) -> Result<Arrived, Fault> {
        let Some(stream) = request.upload.take() else {
            return Ok(Arrived { body: request.body.clone(), _place: None });
        };
        let announced = request.header("content-length").and_then(|bytes| bytes.parse().ok());
        let gathered = self.gather(&request.caller.system, stream, announced.unwrap_or(0));
        timeout(LONGEST, gathered).await.unwrap_or_else(|_| Err(too_slow()))
    }

    async fn gather(
        &self,
        system: &str,
        mut stream: BodyStream,
        announced: usize,
    ) -> Result<Arrived, Fault> {
        let (mut body, mut place) = (BytesMut::new(), None);
        while let Some(piece) = stream.next().await.map_err(|error| STYLE.interrupted(error))? {
            if place.is_none() && body.len() + piece.len() > EBXML_SMALL_BYTES_MAX {
                place = self.of(system).acquire_owned().await.ok();
                // What was announced is within the limit: a large body is gathered in one place.
                body.reserve(announced.min(EBXML_BYTES_MAX).saturating_sub(body.len()));
            }
            body.extend_from_slice(&piece);
        }
        Ok(Arrived { body: body.freeze(), _place: place })
    }

    /// The places of a system.
    fn of(&self, system: &str) -> Arc<Semaphore> {
        let mut of = self.of.lock().unwrap_or_else(PoisonError::into_inner);
        // Who holds or waits for a place of it keeps it.
        of.retain(|_, places| Arc::strong_count(places) > 1);
        let all = || Arc::new(Semaphore::new(EBXML_LARGE_AT_ONCE_MAX));
        Arc::clone(of.entry(system.to_owned()).or_insert_with(all))
    }
}

fn too_slow() -> Fault {
    (STYLE.too_slow)("it came too slowly, or too many large ones of this system came at once")
}

#[cfg(test)]
mod tests;
