//! What the caller's own task does before the writer is troubled: everything that costs
//! processor time and needs no disk.

use std::sync::Arc;

use bytes::Bytes;

use super::bodies::{self, Packed};
use super::core::Core;
use super::index::Terms;
use super::subjects::{self, Line};
use super::words::intern;
use crate::audit::Access;
use crate::contents::{ContentId, WrittenPart};
use crate::directory::Record;
use crate::error::StoreError;
use crate::jobs::Job;
use crate::messages::{Accept, Lease, MessageId, Step};
use crate::resources::{Expect, Put};
use crate::transaction::Transaction;
use crate::transaction::bounds;
use crate::travels::Leg;

/// A transaction, ready to be written.
pub(super) struct Parcel {
    pub(super) puts: Vec<PackedPut>,
    pub(super) records: Vec<(i64, Record)>,
    pub(super) jobs: Vec<Job>,
    pub(super) accepts: Vec<Accept>,
    pub(super) steps: Vec<Step>,
    pub(super) leases: Vec<(Lease, Option<u64>)>,
    pub(super) guards: Vec<(u16, u64)>,
    pub(super) contents: Vec<(ContentId, u32)>,
    pub(super) parts: Vec<Arc<WrittenPart>>,
    pub(super) erasures: Vec<MessageId>,
    pub(super) erasures_at_rest: Vec<MessageId>,
    pub(super) legs: Vec<Leg>,
    /// Lines of the audit chain.
    pub(super) lines: Vec<Line>,
}

/// A put, ready to be written.
pub(super) struct PackedPut {
    /// The kind in words, for the error that may come of it.
    pub(super) kind: &'static str,
    pub(super) kind_id: i64,
    pub(super) id: String,
    pub(super) expect: Expect,
    pub(super) version: Option<u64>,
    pub(super) body: Packed,
    pub(super) terms: Terms,
}

impl Parcel {
    /// Whether there is nothing to write.
    pub(super) fn is_empty(&self) -> bool {
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
            && self.lines.is_empty()
    }
}

/// Makes a transaction ready to be written.
pub(super) fn prepare(core: &Core, transaction: Transaction) -> Result<Parcel, StoreError> {
    bounds::check(&transaction)?;
    let Transaction { puts, records, jobs, accesses, mut accepts, .. } = transaction;
    for accept in &mut accepts {
        accept.labels.extend(accept.repeat.as_ref().map(|repeat| repeat.label));
        accept.labels.sort_unstable();
        accept.labels.dedup();
    }
    let lines = accesses.iter().map(line).collect::<Result<_, _>>();
    Ok(Parcel {
        puts: puts.into_iter().map(|put| prepare_put(core, put)).collect::<Result<_, _>>()?,
        records: records
            .into_iter()
            .map(|record| Ok((intern(core, record.kind)?, record)))
            .collect::<Result<_, StoreError>>()?,
        jobs: jobs.into_iter().map(settle).collect(),
        accepts,
        steps: transaction.steps,
        leases: transaction.leases,
        guards: transaction.guards,
        contents: transaction.contents,
        parts: transaction.parts,
        erasures: transaction.erasures,
        erasures_at_rest: transaction.erasures_at_rest,
        legs: transaction.legs,
        lines: lines.map_err(|error| StoreError::Engine(error.to_string()))?,
    })
}

/// Makes a put ready to be written.
pub(super) fn prepare_put(core: &Core, put: Put) -> Result<PackedPut, StoreError> {
    let kind_id = intern(core, put.key.kind)?;
    Ok(PackedPut {
        kind: put.key.kind,
        kind_id,
        id: put.key.id,
        expect: put.expect,
        version: put.version,
        body: bodies::pack(core, kind_id, put.body)?,
        terms: Terms::encode(core, &put.terms)?,
    })
}

/// An access as a line of the chain.
fn line(access: &Access) -> Result<Line, serde_json::Error> {
    let keys = access.subjects.iter().map(|subject| subjects::key(subject)).collect();
    Ok(Line { text: serde_json::to_string(access)?, keys })
}

/// An answered job needs its request no more.
fn settle(job: Job) -> Job {
    if job.answer.is_some() { Job { request: Bytes::new(), ..job } } else { job }
}
