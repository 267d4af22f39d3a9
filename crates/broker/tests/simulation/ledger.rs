//! What the outside world did, and what it was told.

use std::collections::{BTreeMap, BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use broker::Outcome;
use store::messages::{DeliveryId, MessageId};

/// How much of the story is shown when something is wrong.
const STORY_LINES: usize = 80;

/// What somebody wants delivered. Its token is its content.
#[derive(Clone, Debug)]
pub(crate) struct Letter {
    pub(crate) token: u64,
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) local_id: String,
    pub(crate) named: bool,
    pub(crate) key: String,
    /// 0 for a body that comes with its envelope.
    pub(crate) parts: u32,
}

impl Letter {
    /// The body, or what is in a part of it.
    pub(crate) fn text(&self, part: u32) -> String {
        format!("letter {} part {part};", self.token)
    }

    /// All of the body.
    pub(crate) fn whole(&self) -> String {
        if self.parts == 0 {
            self.text(0)
        } else {
            (1..=self.parts).map(|n| self.text(n)).collect()
        }
    }
}

/// What came of handing over a letter.
#[derive(Clone, Debug, Default)]
pub(crate) struct Fate {
    /// How often it was tried with an outcome that nobody knows.
    pub(crate) unknown: u32,
    /// The messages that its sender got a receipt for.
    pub(crate) receipts: BTreeSet<MessageId>,
}

/// A push as its endpoint saw it.
#[derive(Clone, Debug)]
pub(crate) struct Arrival {
    pub(crate) worker: &'static str,
    /// How often the lane of its worker had changed hands when it came, if that is known.
    pub(crate) epoch: Option<u64>,
    /// Whether the lane had changed hands again when the endpoint answered.
    pub(crate) stale: bool,
    /// What the endpoint said; nothing yet, or never.
    pub(crate) outcome: Option<Outcome>,
}

/// What the outside world did, and what it was told.
#[derive(Default)]
pub(crate) struct Ledger {
    pub(crate) letters: BTreeMap<u64, (Letter, Fate)>,
    /// What was accepted under a name, once that was told: the message and its token.
    pub(crate) names: HashMap<(String, String), (MessageId, u64)>,
    /// Every message that somebody was told of.
    pub(crate) known: Vec<MessageId>,
    /// Letters whose parts are being handed over.
    pub(crate) uploads: Vec<(MessageId, u64)>,
    /// Messages whose sender was told that all parts are there.
    pub(crate) whole: BTreeSet<MessageId>,
    pub(crate) acknowledged: BTreeSet<(String, MessageId)>,
    pub(crate) cancelled: BTreeSet<DeliveryId>,
    pub(crate) judged: BTreeMap<DeliveryId, bool>,
    /// Deliveries that an endpoint may have judged, whatever it was told.
    pub(crate) maybe_judged: BTreeSet<DeliveryId>,
    pub(crate) resent: BTreeMap<DeliveryId, DeliveryId>,
    /// Deliveries that an operator may have let others pass.
    pub(crate) passable: BTreeSet<DeliveryId>,
    /// The pushes of each delivery, by attempt.
    pub(crate) arrivals: BTreeMap<(DeliveryId, u32), Arrival>,
    /// The messages of each ordering key that somebody was told of.
    pub(crate) lines: HashMap<(String, String), BTreeSet<MessageId>>,
    /// Mailboxes and endpoints that were closed at some time.
    pub(crate) ever_closed: BTreeSet<String>,
    /// Events that were told, perhaps.
    pub(crate) events: Vec<u64>,
    /// Ordering keys that somebody is sending a message with just now.
    pub(crate) busy: BTreeSet<(String, String)>,
    /// What is wrong, if anything is.
    pub(crate) wrong: Vec<String>,
    story: VecDeque<String>,
    next: u64,
}

impl Ledger {
    /// A number that was not there before.
    pub(crate) fn number(&mut self) -> u64 {
        self.next += 1;
        self.next
    }

    pub(crate) fn tell(&mut self, line: String) {
        if self.story.len() == STORY_LINES {
            self.story.pop_front();
        }
        self.story.push_back(line);
    }

    pub(crate) fn story(&self) -> String {
        self.story.iter().fold(String::new(), |story, line| story + line + "\n")
    }

    /// Notes a receipt.
    pub(crate) fn receipt(&mut self, letter: &Letter, id: MessageId) {
        self.known.push(id);
        if let Some((_, fate)) = self.letters.get_mut(&letter.token) {
            fate.receipts.insert(id);
        }
        if letter.named {
            let name = (letter.from.clone(), letter.local_id.clone());
            let (first, token) = *self.names.entry(name).or_insert((id, letter.token));
            if (first, token) != (id, letter.token) {
                self.wrong.push(format!("law 4: {letter:?} is {id:?}, and was {first:?}"));
            }
        }
        if !letter.key.is_empty() && letter.parts == 0 {
            self.line(&letter.to, &letter.key).insert(id);
        }
    }

    pub(crate) fn line(&mut self, to: &str, key: &str) -> &mut BTreeSet<MessageId> {
        self.lines.entry((to.to_owned(), key.to_owned())).or_default()
    }
}

/// The ledger, for everybody.
#[derive(Clone, Default)]
pub(crate) struct Shared(Arc<Mutex<Ledger>>);

impl Shared {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Ledger> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
