//! What a worker has in hand, waiting for a place at its endpoint. It is in memory only: in the
//! ledger it is due all the while.

use std::collections::{HashMap, VecDeque};

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
    /// Whether more was left in the ledger.
    more: bool,
}

impl Queues {
    /// Puts a delivery at the end of its endpoint's queue, or back into the ledger when that is
    /// full.
    pub(crate) fn join(&mut self, endpoint: &str, job: Job) {
        let queue = self.of.entry(endpoint.to_owned()).or_default();
        if queue.waiting.len() >= QUEUE_MAX || self.held >= QUEUES_MAX {
            queue.more = true;
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
            None if !queue.more => drop(self.of.remove(endpoint)),
            None => {}
        }
        first
    }

    /// Whether an endpoint's queue should be filled up from the ledger. Says so once.
    pub(crate) fn is_low(&mut self, endpoint: &str) -> bool {
        let Some(queue) = self.of.get_mut(endpoint) else { return false };
        let low = queue.more && queue.waiting.len() < QUEUE_LOW;
        if low {
            queue.more = false;
        }
        low
    }

    /// The endpoints that something waits for.
    pub(crate) fn endpoints(&self) -> Vec<String> {
        self.of.keys().cloned().collect()
    }
}
