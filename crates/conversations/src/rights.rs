//! Who may see a conversation: the organisations that take part in it, operators, and in a house
//! that is open, anybody.

use security::Caller;
use travel::Leg;

use crate::house::House;

/// The permission to operate: to see what travelled between others.
pub const OPERATE: &str = "operate-messages";

impl House {
    /// Whether the caller may see what travelled between others.
    pub(crate) fn sees_all(&self, caller: &Caller) -> bool {
        self.open || caller.has(OPERATE)
    }

    /// Whether the caller may see a conversation: it is their own, or they may see all.
    pub(crate) fn may_see<'a>(
        &self,
        caller: &Caller,
        mut legs: impl Iterator<Item = &'a Leg>,
    ) -> bool {
        let own = &caller.organisation;
        let theirs = |leg: &Leg| leg.from.organisation == *own || leg.to.organisation == *own;
        self.sees_all(caller) || (!own.is_empty() && legs.any(theirs))
    }
}
