//! Where a delivery can stand.
//!
//! A held delivery: `available` → `collected` → `acknowledged`. A pushed one: `ready` → `leased` →
//! `sent` → `acknowledged` or `refused`, and `answered` when the answer comes. Beside them: what is
//! still being received, what waits for another try, and the five bad ends.

/// The state of a delivery. The numbers are kept for ever.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[repr(u8)]
pub enum State {
    /// Its body is still coming in.
    Receiving = 1,
    /// It waits in a mailbox.
    Available = 2,
    /// It was fetched from a mailbox, and may be fetched again until it is acknowledged.
    Collected = 3,
    /// It shall be pushed now.
    Ready = 4,
    /// A worker is pushing it.
    Leased = 5,
    /// It arrived, and the receiver has yet to say what it thinks of it.
    Sent = 6,
    /// A push failed; there will be another.
    Waiting = 7,
    /// Its endpoint is paused or not well; it waits without losing attempts.
    Parked = 8,
    /// An earlier one with the same ordering key has to go first.
    Blocked = 9,
    /// Workers came to a bad end on it again and again: a person should look.
    Quarantined = 10,
    /// The receiver has it, and said so.
    Acknowledged = 20,
    /// The receiver has answered it.
    Answered = 21,
    /// The receiver does not want it.
    Refused = 22,
    /// Nobody fetched it, or could be given it, in time.
    Expired = 23,
    /// It cannot be delivered.
    Dead = 24,
    /// Its sender or an operator took it back.
    Cancelled = 25,
}

impl State {
    /// Every state.
    pub const ALL: [Self; 16] = [
        Self::Receiving,
        Self::Available,
        Self::Collected,
        Self::Ready,
        Self::Leased,
        Self::Sent,
        Self::Waiting,
        Self::Parked,
        Self::Blocked,
        Self::Quarantined,
        Self::Acknowledged,
        Self::Answered,
        Self::Refused,
        Self::Expired,
        Self::Dead,
        Self::Cancelled,
    ];

    /// The state that a number in the ledger stands for.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|state| *state as u8 == number)
    }

    /// The word that people and scripts use.
    pub fn name(self) -> &'static str {
        match self {
            Self::Receiving => "receiving",
            Self::Available => "available",
            Self::Collected => "collected",
            Self::Ready => "ready",
            Self::Leased => "leased",
            Self::Sent => "sent",
            Self::Waiting => "waiting",
            Self::Parked => "parked",
            Self::Blocked => "blocked",
            Self::Quarantined => "quarantined",
            Self::Acknowledged => "acknowledged",
            Self::Answered => "answered",
            Self::Refused => "refused",
            Self::Expired => "expired",
            Self::Dead => "dead",
            Self::Cancelled => "cancelled",
        }
    }

    /// The state with a name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.name() == name)
    }

    /// Whether nothing more can happen to it, but that an acknowledged one is answered.
    pub fn is_end(self) -> bool {
        self as u8 >= Self::Acknowledged as u8
    }

    /// Whether a delivery may go from here to there in one step.
    pub fn may_become(self, next: Self) -> bool {
        use State::{
            Acknowledged, Answered, Available, Blocked, Cancelled, Collected, Dead, Expired,
            Leased, Parked, Quarantined, Ready, Receiving, Refused, Sent, Waiting,
        };
        match self {
            Receiving => matches!(next, Available | Ready | Expired | Cancelled),
            Available => matches!(next, Collected | Expired | Cancelled | Dead | Acknowledged),
            Collected => matches!(next, Acknowledged | Refused | Expired | Cancelled),
            // A receiver may say of one that it has it, or does not want it, of which we only
            // know that the call broke off.
            // A new one is pushed without a lease.
            Ready | Waiting | Parked | Blocked => matches!(
                next,
                Ready
                    | Leased
                    | Sent
                    | Waiting
                    | Parked
                    | Blocked
                    | Acknowledged
                    | Answered
                    | Refused
                    | Expired
                    | Cancelled
                    | Dead
            ),
            Leased => matches!(
                next,
                Sent | Acknowledged
                    | Answered
                    | Refused
                    | Waiting
                    | Parked
                    | Blocked
                    | Ready
                    | Quarantined
                    | Dead
                    | Expired
                    | Leased
            ),
            // Nobody said anything: it is pushed again, where its sender asked for that.
            Sent => matches!(
                next,
                Acknowledged | Refused | Answered | Leased | Parked | Blocked | Expired | Dead
            ),
            Quarantined => matches!(next, Expired | Cancelled | Dead),
            Acknowledged => matches!(next, Answered),
            Answered | Refused | Expired | Dead | Cancelled => false,
        }
    }
}

#[cfg(test)]
mod tests;
