//! What is seen of a call that belongs to a conversation.

use std::time::Duration;

use http::HeaderMap;
use http::header::CONTENT_LENGTH;
use security::Caller;
use service::{Reply, Service, Witness, Witnessed};

/// The header that says to which conversation a call belongs.
const CORRELATION: &str = "x-correlation-id";

/// What is seen of a call on its way in, to be told once it is over.
pub(crate) struct Seen {
    conversation: String,
    client: String,
    organisation: String,
    sent_bytes: Option<u64>,
}

impl Seen {
    /// What the headers tell; nothing when the call belongs to no conversation.
    pub(crate) fn first(headers: &HeaderMap) -> Option<Self> {
        let text = |name: &str| headers.get(name)?.to_str().ok();
        Some(Self {
            conversation: text(CORRELATION)?.to_owned(),
            client: String::new(),
            organisation: String::new(),
            sent_bytes: text(CONTENT_LENGTH.as_str()).and_then(|length| length.parse().ok()),
        })
    }

    /// Notes who calls, once that is proved.
    pub(crate) fn by(&mut self, caller: &Caller) {
        self.client.clone_from(&caller.client);
        self.organisation.clone_from(&caller.organisation);
    }

    /// Tells a witness how the call ended.
    pub(crate) fn tell(
        self,
        witness: &Witness,
        service: &Service,
        interaction: &'static str,
        reply: &Reply,
        took: Duration,
    ) {
        witness(&Witnessed {
            conversation: &self.conversation,
            service,
            interaction,
            client: &self.client,
            organisation: &self.organisation,
            sent_bytes: self.sent_bytes,
            got_bytes: reply.download.is_none().then_some(reply.body.len() as u64),
            status: reply.status,
            took,
        });
    }
}
