//! What a worker has in hand, waiting for a place at its endpoint. It is in memory only: in the
//! ledger it is due all the while.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::Timestamp;
use store::messages::{DeliveryId, Mark};

use crate::handover::Job;

/// The most deliveries that wait in hand for one endpoint.
pub(crate) const QUEUE_MAX: usize = 512;
/// The most that wait in hand in all.
const QUEUES_MAX: usize = 16_384;
/// A queue that is shorter than this, where more was left in the ledger, is filled up again.
const QUEUE_LOW: usize = 128;

/// What waits for each endpoint, in the order in which it was due.
#[derive(Default)]
pub(crate) struct Queues {
    of: HashMap<String, Queue>,
    held: usize,
}

#[derive(Default)]
struct Queue {
    waiting: VecDeque<Job>,
    /// Where those begin that were left in the ledger, in each lane.
    left: BTreeMap<u16, Mark>,
}

impl Queues {
    /// Puts a delivery at the end of its endpoint's queue, or back into the ledger when that is
    /// full.
    pub(crate) fn join(&mut self, endpoint: &str, job: Job) {
        let queue = self.of.entry(endpoint.to_owned()).or_default();
        if queue.waiting.len() >= QUEUE_MAX || self.held >= QUEUES_MAX {
            let before = just_before(&job);
            let left = queue.left.entry(job.turn.lane).or_insert(before);
            *left = before.min(*left);
            return;
        }
        queue.waiting.push_back(job);
        self.held += 1;
    }

    /// Puts one back that was taken out and could not begin.
    pub(crate) fn rejoin(&mut self, endpoint: &str, job: Job) {
        self.of.entry(endpoint.to_owned()).or_default().waiting.push_front(job);
        self.held += 1;
    }

    /// Takes out the first of an endpoint's queue.
    pub(crate) fn next(&mut self, endpoint: &str) -> Option<Job> {
        let queue = self.of.get_mut(endpoint)?;
        let first = queue.waiting.pop_front();
        match first {
            Some(_) => self.held -= 1,
            None if queue.left.is_empty() => drop(self.of.remove(endpoint)),
            None => {}
        }
        first
    }

    /// From where on the lanes are to be looked through again, if an endpoint's queue should be
    /// filled up. Says so once.
    pub(crate) fn low(&mut self, endpoint: &str) -> BTreeMap<u16, Mark> {
        let queue = self.of.get_mut(endpoint).filter(|queue| queue.waiting.len() < QUEUE_LOW);
        queue.map(|queue| std::mem::take(&mut queue.left)).unwrap_or_default()
    }

    /// The endpoints that something waits for.
    pub(crate) fn endpoints(&self) -> Vec<String> {
        self.of.keys().cloned().collect()
    }
}

/// The place before a delivery. The ledger counts in microseconds, whoever accepts does not.
fn just_before(job: &Job) -> Mark {
    let wake = job.delivery.status.wake.unwrap_or_default().as_microsecond();
    let wake = Timestamp::from_microsecond(wake).unwrap_or_default();
    Mark { wake, delivery: DeliveryId(job.delivery.id.0.saturating_sub(1)) }
}
