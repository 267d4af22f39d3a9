//! The search itself: through the index, then through the records that are left.

use std::collections::BTreeSet;
use std::ops::ControlFlow;

use base::Fault;
use base::limit::SEARCH_ENTRIES_MAX;
use store::{Resources, StoreError};

use super::criteria::Criteria;
use super::likeness;
use super::plan::{self, Range};
use super::score::score;
use crate::{Record, faults};

/// The most records that one search reads. Whoever leaves more than these after all that the
/// index tells has more matches than anybody may have, but for searches that lean on a phone
/// number, an e-mail address, a practice or a date of death: they need a narrower birth date.
pub(crate) const RECORDS_MAX: usize = 2_000;

/// A patient who was found.
#[derive(Clone, Debug)]
pub(crate) struct Match {
    /// The NHS number.
    pub id: String,
    /// The record, whole.
    pub record: Record,
    /// How well it fits: see [`score`].
    pub score: f64,
}

/// What a search finds.
#[derive(Clone, Debug)]
pub(crate) enum Found {
    /// These patients, the best match first; the NHS number decides between equals.
    These(Vec<Match>),
    /// More than may be answered, or more than one search may look at.
    TooMany,
}

/// Finds the patients that the criteria describe.
///
/// # Errors
/// When the store fails.
pub(crate) fn find(
    resources: &Resources<'_>,
    criteria: &Criteria,
    sees_where: bool,
) -> Result<Found, Fault> {
    let rows = candidates(resources, criteria, sees_where).map_err(faults::from_store)?;
    let Some(rows) = rows else { return Ok(Found::TooMany) };
    let mut matches = Vec::new();
    for row in rows {
        let stored = resources.by_row(row).map_err(faults::from_store)?;
        let Some(stored) = stored else { continue };
        let record = Record::decode(&stored.body)?;
        let Some(flaws) = likeness::flaws(criteria, &record, sees_where) else { continue };
        if criteria.exact && !flaws.is_empty() {
            continue;
        }
        if matches.len() == criteria.most {
            return Ok(Found::TooMany);
        }
        matches.push(Match { id: stored.id, record, score: score(&flaws) });
    }
    matches.sort_by(|one, other| {
        other.score.total_cmp(&one.score).then_with(|| one.id.cmp(&other.id))
    });
    Ok(Found::These(matches))
}

/// The rows of the records that may match; nothing when they are too many.
fn candidates(
    resources: &Resources<'_>,
    criteria: &Criteria,
    sees_where: bool,
) -> Result<Option<BTreeSet<i64>>, StoreError> {
    let mut rows = BTreeSet::new();
    let mut seen = 0;
    for Range { parameter, from, to } in plan::ranges(criteria) {
        resources.scan(parameter, &from, &to, &mut |entry| {
            seen += 1;
            if plan::may_match(criteria, parameter, entry.value, entry.cover, sees_where) {
                rows.insert(entry.row);
            }
            if seen > SEARCH_ENTRIES_MAX || rows.len() > RECORDS_MAX {
                return ControlFlow::Break(());
            }
            ControlFlow::Continue(())
        })?;
        if seen > SEARCH_ENTRIES_MAX || rows.len() > RECORDS_MAX {
            return Ok(None);
        }
    }
    Ok(Some(rows))
}
