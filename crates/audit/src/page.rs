//! One page of a search: a bounded look back along the chain.

use base::limit::AUDIT_LINES_A_PAGE_MAX;
use jiff::SignedDuration;
use store::{Access, Store, StoreError};

use crate::query::Query;

/// By how much lines may be out of order: they stand in the order of their commits, and a request
/// may have begun a while before.
const OUT_OF_ORDER: SignedDuration = SignedDuration::from_mins(10);

/// One page of a search.
#[derive(Debug, Default)]
pub(crate) struct Page {
    /// What was found: the number of each line and what it says, the newest first.
    pub(crate) found: Vec<(u64, Access)>,
    /// Where the next page begins: before this line. Nothing at the end.
    pub(crate) next: Option<u64>,
}

/// Looks for accesses, to the record of the patient with this pseudonym if one is given. It blocks
/// for as long as a page takes.
///
/// # Errors
/// When the store fails, or the chain does not hold.
pub(crate) fn look(
    store: &Store,
    query: &Query,
    pseudonym: Option<&str>,
) -> Result<Page, StoreError> {
    let (mut page, mut looked, mut strange) = (Page::default(), 0, None);
    let (mut older, mut stopped) = (false, None);
    let visit = &mut |number, line: &str| {
        looked += 1;
        let Ok(access) = serde_json::from_str::<Access>(line) else {
            strange = Some(number);
            return false;
        };
        older = access.at.checked_add(OUT_OF_ORDER).is_ok_and(|at| at < query.from);
        if older {
            return false;
        }
        if wants(query, pseudonym, &access) {
            page.found.push((number, access));
        }
        let full = page.found.len() >= query.count || looked >= AUDIT_LINES_A_PAGE_MAX;
        stopped = full.then_some(number);
        !full
    };
    let left = if let Some(pseudonym) = pseudonym {
        store.audit().read_back_of(pseudonym, query.before, visit)?
    } else {
        store.audit().read_back(query.before, visit)?;
        stopped
    };
    page.next = left.filter(|left| *left > 0 && !older);
    match strange {
        Some(number) => Err(StoreError::Damaged(format!("line {number} is no access"))),
        None => Ok(page),
    }
}

fn wants(query: &Query, pseudonym: Option<&str>, access: &Access) -> bool {
    let of = |pseudonym: &str| access.subjects.iter().any(|subject| subject == pseudonym);
    (query.from..query.to).contains(&access.at) && pseudonym.is_none_or(of)
}
