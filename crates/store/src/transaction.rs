//! Everything that shall happen together.

pub(crate) mod bounds;

use std::sync::Arc;

use crate::audit::Access;
use crate::contents::{ContentId, WrittenPart};
use crate::directory::Record;
use crate::jobs::Job;
use crate::messages::{Accept, Lease, MessageId, Step};
use crate::resources::Put;
use crate::travels::Leg;

/// Everything that shall happen together, or not at all.
///
/// All expectations are looked at first. Then messages are accepted, steps taken, lanes leased,
/// contents begun, parts added and bodies erased, in this order, whatever the order of the calls;
/// within each, in the order of the calls, where a later one sees the earlier ones.
#[derive(Clone, Debug, Default)]
pub struct Transaction {
    pub(crate) puts: Vec<Put>,
    pub(crate) records: Vec<Record>,
    pub(crate) jobs: Vec<Job>,
    pub(crate) accesses: Vec<Access>,
    pub(crate) accepts: Vec<Accept>,
    pub(crate) steps: Vec<Step>,
    pub(crate) leases: Vec<(Lease, Option<u64>)>,
    pub(crate) guards: Vec<(u16, u64)>,
    pub(crate) contents: Vec<(ContentId, u32)>,
    /// Shared with clones of the transaction: a part is on disk only once.
    pub(crate) parts: Vec<Arc<WrittenPart>>,
    pub(crate) erasures: Vec<MessageId>,
    pub(crate) erasures_at_rest: Vec<MessageId>,
    pub(crate) legs: Vec<Leg>,
}

impl Transaction {
    /// A transaction that does nothing yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// What another transaction does as well, after what this one does.
    #[must_use]
    pub fn and(mut self, other: Self) -> Self {
        self.puts.extend(other.puts);
        self.records.extend(other.records);
        self.jobs.extend(other.jobs);
        self.accesses.extend(other.accesses);
        self.accepts.extend(other.accepts);
        self.steps.extend(other.steps);
        self.leases.extend(other.leases);
        self.guards.extend(other.guards);
        self.contents.extend(other.contents);
        self.parts.extend(other.parts);
        self.erasures.extend(other.erasures);
        self.erasures_at_rest.extend(other.erasures_at_rest);
        self.legs.extend(other.legs);
        self
    }

    /// Puts a new version of a resource.
    #[must_use]
    pub fn put(mut self, put: Put) -> Self {
        self.puts.push(put);
        self
    }

    /// Writes a directory record, whatever was there before.
    #[must_use]
    pub fn record(mut self, record: Record) -> Self {
        self.records.push(record);
        self
    }

    /// Writes a job, whatever state it was in before.
    #[must_use]
    pub fn job(mut self, job: Job) -> Self {
        self.jobs.push(job);
        self
    }

    /// Notes an access on the audit chain.
    #[must_use]
    pub fn access(mut self, access: Access) -> Self {
        self.accesses.push(access);
        self
    }

    /// Accepts a message with its first deliveries, labels and repeat key.
    /// [`StoreError::Repeated`](crate::StoreError::Repeated) when its sender's name for it was
    /// used before; a conflict of the `message` when its id was.
    #[must_use]
    pub fn accept(mut self, accept: Accept) -> Self {
        self.accepts.push(accept);
        self
    }

    /// Changes a delivery, or adds one to a message: the one with the next number. Its version
    /// grows by one. A conflict of the `delivery` when it is not at the version expected.
    #[must_use]
    pub fn step(mut self, step: Step) -> Self {
        self.steps.push(step);
        self
    }

    /// Takes or renews the lease of a lane, which must be at an epoch, or new for nothing. A
    /// conflict of the `lane` otherwise.
    #[must_use]
    pub fn lease(mut self, lease: Lease, expect_epoch: Option<u64>) -> Self {
        self.leases.push((lease, expect_epoch));
        self
    }

    /// Lets nothing of the transaction happen unless a lane is at an epoch before it: whoever
    /// lost the lane writes nothing. A conflict of the `lane` otherwise.
    #[must_use]
    pub fn guard_lane(mut self, lane: u16, epoch: u64) -> Self {
        self.guards.push((lane, epoch));
        self
    }

    /// Begins a content of so many parts. A conflict of the `content` when it was begun before.
    #[must_use]
    pub fn begin_content(mut self, id: ContentId, parts: u32) -> Self {
        self.contents.push((id, parts));
        self
    }

    /// Adds a part to a content, or replaces it. A conflict of the `content` when that was not
    /// begun, was erased, or has fewer parts.
    #[must_use]
    pub fn part(mut self, part: WrittenPart) -> Self {
        self.parts.push(Arc::new(part));
        self
    }

    /// Erases the body of a message, inline and content. Its envelope, labels, deliveries and
    /// repeat key stay, and so does the number of its content, which leads to nothing then. A
    /// message that is not there has no body to erase: nothing happens.
    #[must_use]
    pub fn erase(mut self, message: MessageId) -> Self {
        self.erasures.push(message);
        self
    }

    /// Does the same if none of the message's deliveries has a time to wake at any more, once the
    /// steps are taken: whichever comes to rest last, and at whatever moment, erases.
    #[must_use]
    pub fn erase_at_rest(mut self, message: MessageId) -> Self {
        self.erasures_at_rest.push(message);
        self
    }

    /// Notes what travelled.
    #[must_use]
    pub fn leg(mut self, leg: Leg) -> Self {
        self.legs.push(leg);
        self
    }

    /// Whether it would change nothing but the audit chain.
    pub fn only_audits(&self) -> bool {
        self.puts.is_empty()
            && self.records.is_empty()
            && self.jobs.is_empty()
            && self.accepts.is_empty()
            && self.steps.is_empty()
            && self.leases.is_empty()
            && self.guards.is_empty()
            && self.contents.is_empty()
            && self.parts.is_empty()
            && self.erasures.is_empty()
            && self.erasures_at_rest.is_empty()
            && self.legs.is_empty()
    }
}
