//! How much a search must say at least, so that it looks for somebody and not for anybody.

use base::Fault;

use super::criteria::Criteria;
use super::pattern::Pattern;
use super::wrong;

/// Checks that the criteria are among the combinations that may be searched for. All hold a
/// birth date, which has been seen to.
///
/// # Errors
/// When too little is said, or a fuzzy search has a wildcard.
pub(crate) fn check(criteria: &Criteria) -> Result<(), Fault> {
    if criteria.fuzzy && has_wildcard(criteria) {
        return Err(wrong::fuzzy_wildcard());
    }
    let family = criteria.family.is_some();
    let given = !criteria.given.is_empty();
    let gender_and_place = criteria.gender.is_some() && criteria.postcode.is_some();
    let enough = if criteria.fuzzy {
        (given && family) || ((given || family) && gender_and_place)
    } else {
        family
    };
    if enough { Ok(()) } else { Err(wrong::too_little()) }
}

fn has_wildcard(criteria: &Criteria) -> bool {
    let mut patterns = criteria.family.iter().chain(&criteria.given).chain(&criteria.postcode);
    patterns.any(Pattern::is_wild)
}
