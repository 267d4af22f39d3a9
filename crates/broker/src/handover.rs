//! What the worker is told without having to look into the ledger: in which lanes something is
//! due, and new deliveries, handed over with their messages by whoever accepted them.
//!
//! A delivery that is handed over is due in the ledger as well, so nothing is lost when the house
//! falls. Looking is what costs: whoever reads after a commit reads from the start.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use jiff::Timestamp;
use store::contents::ContentId;
use store::messages::{Delivery, DeliveryId, MessageId};
use tokio::sync::Notify;

use crate::envelope::Envelope;
use crate::lane::Held;
use crate::plan::endpoint_of;
use crate::push::Turn;

/// The most deliveries that are handed over and not ended yet.
const FIRSTS_MAX: usize = 4_096;
/// The most bytes that their messages have together, envelopes reckoned as a kilobyte each.
const BYTES_MAX: usize = 16 * 1024 * 1024;
const ENVELOPE_BYTES: usize = 1_024;

/// A message as it was accepted.
#[derive(Clone)]
pub(crate) struct Letter {
    pub(crate) envelope: Envelope,
    pub(crate) body: Bytes,
    pub(crate) content: Option<ContentId>,
}

impl Letter {
    fn bytes(&self) -> usize {
        self.body.len() + ENVELOPE_BYTES
    }
}

/// A delivery in a worker's hands. Nobody else takes it up until this is dropped.
pub(crate) struct Job {
    pub(crate) turn: Turn,
    pub(crate) delivery: Delivery,
    /// The message, if the delivery was handed over and not read from the ledger.
    pub(crate) letter: Option<Letter>,
    pub(crate) hold: Hold,
}

/// Takes a delivery out of hand when it is dropped, however the work on it ends.
pub(crate) struct Hold {
    id: DeliveryId,
    bytes: usize,
    of: Arc<Handover>,
}

impl Hold {
    pub(crate) fn id(&self) -> DeliveryId {
        self.id
    }
}

impl Drop for Hold {
    fn drop(&mut self) {
        let mut board = self.of.board();
        board.in_hand.remove(&self.id);
        if self.bytes > 0 {
            board.firsts -= 1;
            board.bytes -= self.bytes;
        }
    }
}

/// How a delivery is in hand.
enum Grip {
    /// As the ledger has it: a push begins with a lease.
    Ledger,
    /// As its acceptance left it: nobody can have pushed it before, so the push needs no lease.
    First,
    /// It is being pushed without a lease, and this is what the ledger has of it.
    Pushed(Delivery),
}

/// What the worker is told, and what is in hand.
#[derive(Default)]
pub(crate) struct Handover {
    board: Mutex<Board>,
    wake: Notify,
}

#[derive(Default)]
struct Board {
    /// The lanes that the worker of this process holds; none while it does not work.
    duty: Held,
    in_hand: HashMap<DeliveryId, Grip>,
    firsts: usize,
    bytes: usize,
    news: News,
}

/// What happened since the worker last asked.
#[derive(Default)]
pub(crate) struct News {
    /// Lanes in which something is due.
    pub(crate) lanes: BTreeSet<u16>,
    /// Whether something may be due in any.
    pub(crate) everywhere: bool,
    /// What was handed over.
    pub(crate) given: VecDeque<Job>,
}

impl Handover {
    fn board(&self) -> MutexGuard<'_, Board> {
        self.board.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Something is due in a lane.
    pub(crate) fn due_in(&self, lane: u16) {
        self.board().news.lanes.insert(lane);
        self.wake.notify_one();
    }

    /// Something may be due in any lane.
    pub(crate) fn due_somewhere(&self) {
        self.board().news.everywhere = true;
        self.wake.notify_one();
    }

    /// Ends when there are news.
    pub(crate) async fn told(&self) {
        self.wake.notified().await;
    }

    /// What happened since the last time.
    pub(crate) fn news(&self) -> News {
        std::mem::take(&mut self.board().news)
    }

    /// How many deliveries are in hand.
    #[cfg(test)]
    pub(crate) fn in_hand(&self) -> usize {
        self.board().in_hand.len()
    }

    /// A worker begins to work in these lanes, or goes on to.
    pub(crate) fn on_duty(&self, held: &Held) {
        self.board().duty.clone_from(held);
    }

    /// The worker ends.
    pub(crate) fn off_duty(&self) {
        self.board().duty.clear();
        // What it was given is due in the ledger: whoever comes next finds it there.
        drop(self.news());
    }

    /// Takes a delivery of the ledger in hand, unless it is already.
    pub(crate) fn take(self: &Arc<Self>, id: DeliveryId) -> Option<Hold> {
        let mut board = self.board();
        if board.in_hand.contains_key(&id) {
            return None;
        }
        board.in_hand.insert(id, Grip::Ledger);
        Some(Hold { id, bytes: 0, of: Arc::clone(self) })
    }

    /// Takes new deliveries in hand for the worker, before the commit that makes them: those in
    /// lanes that it holds, as far as there is room. Deliveries with an ordering key are left to
    /// the ledger, where those before them are.
    pub(crate) fn take_new(self: &Arc<Self>, new: &[Delivery], letter: &Letter) -> Vec<Job> {
        let mut board = self.board();
        let bytes = letter.bytes();
        let mut jobs = Vec::new();
        for delivery in new {
            let lane = delivery.status.lane;
            let Some((epoch, _)) = board.duty.get(&lane).copied() else { continue };
            let room = board.firsts < FIRSTS_MAX && board.bytes + bytes <= BYTES_MAX;
            if !room || endpoint_of(&delivery.status.recipient).1 {
                continue;
            }
            board.in_hand.insert(delivery.id, Grip::First);
            board.firsts += 1;
            board.bytes += bytes;
            jobs.push(Job {
                turn: Turn { lane, epoch },
                delivery: delivery.clone(),
                letter: Some(letter.clone()),
                hold: Hold { id: delivery.id, bytes, of: Arc::clone(self) },
            });
        }
        jobs
    }

    /// Gives the worker what was taken in hand for it, after the commit.
    pub(crate) fn give(&self, jobs: Vec<Job>) {
        if !jobs.is_empty() {
            self.board().news.given.extend(jobs);
            self.wake.notify_one();
        }
    }

    /// Whether a delivery may be pushed now without a lease: it is as its acceptance left it, and
    /// the lane is ours.
    pub(crate) fn begin(&self, turn: Turn, delivery: &Delivery, now: Timestamp) -> bool {
        let mut board = self.board();
        let ours = board.duty.get(&turn.lane);
        let ours = ours.is_some_and(|(epoch, until)| *epoch == turn.epoch && *until > now);
        match board.in_hand.get_mut(&delivery.id) {
            Some(grip @ Grip::First) if ours => {
                *grip = Grip::Pushed(delivery.clone());
                true
            }
            _ => false,
        }
    }

    /// The first delivery of a message as the ledger has it, if it is being pushed to an endpoint
    /// without a lease.
    pub(crate) fn pushed(&self, message: MessageId, endpoint: &str) -> Option<Delivery> {
        match self.board().in_hand.get(&message.delivery(1)) {
            Some(Grip::Pushed(delivery)) if delivery.status.recipient == endpoint => {
                Some(delivery.clone())
            }
            _ => None,
        }
    }

    /// Whether a delivery may still be taken back. From then on it is pushed as the ledger has it.
    pub(crate) fn recall(&self, id: DeliveryId) -> bool {
        match self.board().in_hand.get_mut(&id) {
            Some(Grip::Pushed(_)) => false,
            Some(grip) => {
                *grip = Grip::Ledger;
                true
            }
            None => true,
        }
    }
}

#[cfg(test)]
mod tests;
