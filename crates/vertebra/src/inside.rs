//! Calls from one API of the house to another, as if they came over the wire, without one. The
//! demonstration's sign-in services are reached so: nothing knows that they are in the same house.

use std::sync::{Arc, OnceLock};

use bytes::Bytes;
use security::{Gate, Tokens};
use service::onward::relay;
use service::route::{Incoming, decode};
use service::{BodyStream, Missed, Onward, Registry, Relay, Returned, Upload};

/// The APIs of the house, for calls from within, once they are wired.
#[derive(Clone, Default)]
pub(crate) struct Inside {
    registry: Arc<OnceLock<Registry>>,
}

impl Inside {
    /// Lets calls in to these APIs.
    pub(crate) fn open(&self, registry: &Registry) {
        // Wired once: whoever comes second has the same.
        let _ = self.registry.set(registry.clone());
    }

    /// Carries calls to the house at `http://host:port`, and nowhere else.
    pub(crate) fn relay(&self, origin: &str) -> Relay {
        let (inside, origin) = (self.clone(), origin.to_owned());
        relay(move |onward| {
            let (inside, origin) = (inside.clone(), origin.clone());
            async move { inside.call(&origin, onward).await }
        })
    }

    async fn call(&self, origin: &str, mut onward: Onward) -> Result<Returned, Missed> {
        let nobody = || Missed::Unreachable("it is not in this house".to_owned());
        let target = onward.url.strip_prefix(origin).ok_or_else(nobody)?;
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let service = self.registry.get().and_then(|registry| registry.find(path));
        let service = service.ok_or_else(nobody)?;
        let mut body = Vec::new();
        while let Some(piece) = onward.body.next().await.map_err(Missed::Body)? {
            body.extend_from_slice(&piece);
        }
        let pair = |pair: &str| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (decode(name), decode(value))
        };
        let incoming = Incoming {
            method: onward.method,
            path: path.to_owned(),
            query: query.split('&').filter(|pair| !pair.is_empty()).map(pair).collect(),
            headers: onward.headers,
            body: Bytes::from(body),
            upload: Upload::none(),
            origin: origin.to_owned(),
        };
        let reply = service.call(&Gate::closed(Tokens::default()), incoming).await.reply;
        Ok(Returned {
            status: reply.status,
            headers: reply.headers,
            body: BodyStream::from(reply.body),
        })
    }
}
