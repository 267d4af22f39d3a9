//! Finding messages by who, what, when and how they fare.

use jiff::Timestamp;
use store::messages::MessageId;

use crate::broker::Broker;
use crate::id;
use crate::refused::Refused;
use crate::state::State;
use crate::track::Tracked;

/// The most messages that one search looks at.
const LOOKED_AT_MAX: usize = 100_000;
/// How many are read at once.
const READ_AT_ONCE: usize = 500;

/// What to look for. What is left empty does not matter.
#[derive(Clone, Debug, Default)]
pub struct Query {
    /// Sender or recipient.
    pub party: String,
    /// The kind of message.
    pub kind: String,
    /// A state that one of its deliveries is in.
    pub state: Option<State>,
    /// Only those accepted since.
    pub since: Option<Timestamp>,
    /// Only those older than this one; for the next page.
    pub before: Option<MessageId>,
    /// How many at most.
    pub most: usize,
}

/// What was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// The messages, newest first.
    pub messages: Vec<Tracked>,
    /// Where to go on, if there may be more.
    pub next: Option<MessageId>,
}

impl Broker {
    /// Finds messages, newest first.
    ///
    /// # Errors
    /// When the store fails.
    pub fn find(&self, query: &Query) -> Result<Found, Refused> {
        let mut found = Found::default();
        let mut before = query.before.unwrap_or(MessageId(i64::MAX as u64));
        let mut looked_at = 0;
        loop {
            let some = self.inner.store.messages().recent(before, READ_AT_ONCE)?;
            let last = some.len() < READ_AT_ONCE;
            for message in some {
                if query.since.is_some_and(|since| id::named_at(message.id) < since) {
                    return Ok(found);
                }
                if found.messages.len() == query.most || looked_at == LOOKED_AT_MAX {
                    found.next = Some(before);
                    return Ok(found);
                }
                before = message.id;
                looked_at += 1;
                let tracked = self.track(message.id)?;
                if query.fits(&tracked) {
                    found.messages.push(tracked);
                }
            }
            if last {
                return Ok(found);
            }
        }
    }
}

impl Query {
    fn fits(&self, tracked: &Tracked) -> bool {
        let envelope = &tracked.envelope;
        let party = |name: &str| name.eq_ignore_ascii_case(&self.party);
        let recipient = |name: &str| party(crate::plan::endpoint_of(name).0);
        (self.party.is_empty()
            || party(&envelope.from)
            || party(&envelope.to)
            || tracked.deliveries.iter().any(|one| recipient(&one.recipient)))
            && (self.kind.is_empty() || envelope.kind == self.kind)
            && self.state.is_none_or(|state| tracked.deliveries.iter().any(|d| d.state == state))
    }
}
