//! Chance that a seed decides, and work that is cut off in the middle.

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::task::Poll;

use base::Dice;

/// Chance that a seed decides.
#[derive(Clone)]
pub(crate) struct Chance {
    pub(crate) dice: Dice,
}

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self { dice: Dice::seeded(seed) }
    }

    /// Chance of its own, that nobody else can disturb.
    pub(crate) fn apart(&self) -> Self {
        Self::new(self.dice.bits())
    }

    /// A number below another.
    pub(crate) fn below(&self, end: u64) -> u64 {
        self.dice.bits() % end.max(1)
    }

    /// Whether something happens that happens so often in a hundred.
    pub(crate) fn percent(&self, often: u64) -> bool {
        self.below(100) < often
    }

    pub(crate) fn pick<'a, T>(&self, some: &'a [T]) -> Option<&'a T> {
        some.get(self.below(some.len() as u64) as usize)
    }
}

/// Does something, or drops it in the middle, after it was looked at so many times: as when a
/// caller hangs up, or a task is cancelled while its commit is under way.
pub(crate) async fn cut_off<T>(work: impl Future<Output = T>, after: Option<u64>) -> Option<T> {
    let mut work = pin!(work);
    let mut left = after;
    poll_fn(|context| {
        if left == Some(0) {
            return Poll::Ready(None);
        }
        left = left.map(|left| left - 1);
        match work.as_mut().poll(context) {
            Poll::Ready(done) => Poll::Ready(Some(done)),
            // Looked at for the last time: nobody would wake it to be dropped.
            Poll::Pending if left == Some(0) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    })
    .await
}
