//! Lanes: the wake-ups of all deliveries, shared out among workers. A worker holds a lane for a
//! while and says so in the store; whoever takes it over raises its epoch, and the former holder's
//! commits fail from then on.

use std::collections::BTreeMap;

use jiff::Timestamp;
use store::messages::Lease;
use store::{StoreError, Transaction};

use crate::broker::{Broker, later};
use crate::refused::Refused;

/// A lease that ends later than after so many lease times cannot be right.
const WRONG_LEASES: i64 = 60;

/// The lanes that a worker holds, with their epochs and until when.
pub(crate) type Held = BTreeMap<u16, (u64, Timestamp)>;

/// A lease to be taken, and the epoch that the lane must have for it.
type Claim = (Lease, Option<u64>);

impl Broker {
    /// Takes the lanes that are free, and makes those that are held last longer.
    pub(crate) async fn hold(&self, held: &mut Held) -> Result<(), Refused> {
        let left_over = self.left_over()?;
        let lanes = self.inner.settings.lanes.max(1);
        held.retain(|lane, _| *lane < lanes || left_over.contains(lane));
        let mut claims = Vec::new();
        for lane in (0..lanes).chain(left_over) {
            claims.extend(self.claim(lane, held)?);
        }
        if claims.is_empty() {
            return Ok(());
        }
        if self.take(&claims, held).await? || claims.len() == 1 {
            return Ok(());
        }
        // Somebody else took one of them: take the others one by one.
        for claim in claims {
            self.take(&[claim], held).await?;
        }
        Ok(())
    }

    /// Lanes from when there were more of them, in which something waits still.
    fn left_over(&self) -> Result<Vec<u16>, Refused> {
        let (mut lanes, mut from) = (Vec::new(), Some(self.inner.settings.lanes.max(1)));
        while let Some(lane) = from.map(|from| self.inner.store.messages().next_lane(from)) {
            let Some(lane) = lane? else { break };
            lanes.push(lane);
            from = lane.checked_add(1);
        }
        Ok(lanes)
    }

    /// The claim to a lane, if it can be claimed and is not held for long yet.
    fn claim(&self, lane: u16, held: &Held) -> Result<Option<Claim>, Refused> {
        let now = self.now();
        let settings = &self.inner.settings;
        if let Some((epoch, until)) = held.get(&lane) {
            let left_s = until.as_second().saturating_sub(now.as_second());
            // One that lasts longer than any was taken by a clock that has gone back since.
            if left_s > settings.lease_s / 2 && left_s <= settings.lease_s {
                return Ok(None);
            }
            return Ok(Some((self.lease_of(lane, *epoch), Some(*epoch))));
        }
        let Some(lease) = self.inner.store.messages().lease(lane)? else {
            return Ok(Some((self.lease_of(lane, 1), None)));
        };
        // What this process held before it was restarted is still its own; only under a new epoch,
        // so that nothing of its former life can interfere.
        // One that ends in a far future was taken by a clock that was wrong.
        let wrong = lease.until > later(now, settings.lease_s.saturating_mul(WRONG_LEASES));
        let free = lease.until <= now || wrong || lease.owner == settings.owner;
        Ok(free.then(|| (self.lease_of(lane, lease.epoch + 1), Some(lease.epoch))))
    }

    fn lease_of(&self, lane: u16, epoch: u64) -> Lease {
        let owner = self.inner.settings.owner.clone();
        Lease { lane, owner, epoch, until: self.lease_end() }
    }

    async fn take(&self, claims: &[Claim], held: &mut Held) -> Result<bool, Refused> {
        let add = |transaction: Transaction, (lease, expect): &Claim| {
            transaction.lease(lease.clone(), *expect)
        };
        let transaction = claims.iter().fold(Transaction::new(), add);
        match self.inner.store.commit(transaction).await {
            Ok(()) => {
                held.extend(
                    claims.iter().map(|(lease, _)| (lease.lane, (lease.epoch, lease.until))),
                );
                Ok(true)
            }
            Err(StoreError::Conflict { .. }) => {
                if let [(lease, _)] = claims {
                    held.remove(&lease.lane);
                }
                Ok(false)
            }
            Err(error) => Err(error.into()),
        }
    }
}

#[cfg(test)]
mod tests;
