//! `GET /Patient`: who is it?
//!
//! The query becomes [`criteria`], these become ranges of the index ([`plan`]), what the index
//! leaves is read and compared ([`likeness`]) and gets a [`score`], and the answer shows a
//! [`subset`] of what the caller may see. Everything is bounded: see [`find`].
//!
//! A search of one day runs where it is called: it takes some ten microseconds, less than handing
//! it over. A search of more days may look at a hundred thousand entries; it goes to a thread for
//! blocking work, a few at once, so that nobody waits for it but who asked.

use std::sync::Arc;

use base::Fault;
use http::StatusCode;
use security::{Caller, Mode};
use serde_json::Value;
use service::{Answer, Reply, Request};
use store::Transaction;
use tokio::sync::Semaphore;
use tokio::task::spawn_blocking;

use crate::{BASE, House, door, faults, style, view};
use criteria::Criteria;
use find::{Found, Match};

mod criteria;
mod dates;
mod find;
mod likeness;
mod minimum;
mod pattern;
mod plan;
mod score;
mod subset;
mod wrong;

/// The most searches of many days that run at once; others wait for their turn.
const WIDE_AT_ONCE_MAX: usize = 2;

static WIDE: Semaphore = Semaphore::const_new(WIDE_AT_ONCE_MAX);

/// Answers `GET /Patient`. The access to every patient shown is on disk before the answer leaves.
pub(crate) async fn search_patient(house: House, request: Arc<Request>) -> Answer {
    door::check(&house, &request, "search-patient")?;
    let criteria = criteria::parse(&request.query, request.caller.mode)?;
    let found = find(&house, criteria, sees_where(&request.caller)).await?;
    let (shown, reply) = match found {
        Found::TooMany => (Vec::new(), too_many()),
        Found::These(matches) => {
            let body = searchset(&house, &request, &matches).to_string();
            (matches, Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, body))
        }
    };
    let patients: Vec<&str> = shown.iter().map(|found| found.id.as_str()).collect();
    let access = house.access(&request, "search-patient", &patients, reply.status.as_u16());
    house.store.commit(Transaction::new().access(access)).await.map_err(faults::from_store)?;
    Ok(reply)
}

/// The one patient whom a query describes, as a caller may see them.
///
/// # Errors
/// When there is none or more than one, or the query is not one that can be asked.
pub(crate) async fn only(
    house: &House,
    caller: &Caller,
    query: &[(String, String)],
) -> Result<Value, Fault> {
    let criteria = Criteria { most: 1, ..criteria::parse(query, caller.mode)? };
    match find(house, criteria, sees_where(caller)).await? {
        Found::TooMany => Err(faults::incorrect("TOO_MANY_MATCHES", "")),
        Found::These(matches) => {
            let found = matches.into_iter().next().ok_or_else(faults::not_found)?;
            Ok(subset::of(view::of(&found.record, caller)))
        }
    }
}

async fn find(house: &House, criteria: Criteria, sees_where: bool) -> Result<Found, Fault> {
    if criteria.born.count() <= 1 {
        return find::find(&house.store.resources(), &criteria, sees_where);
    }
    let broken = |why| Fault::broken("UNKNOWN_ERROR", why);
    let _turn = WIDE.acquire().await.map_err(|why| broken(why.to_string()))?;
    let store = house.store.clone();
    let work = spawn_blocking(move || find::find(&store.resources(), &criteria, sees_where));
    work.await.map_err(|why| broken(why.to_string()))?
}

/// Whether restricted patients are shown whole to a caller.
fn sees_where(caller: &Caller) -> bool {
    caller.mode == Mode::PrivilegedApplication
}

fn searchset(house: &House, request: &Request, matches: &[Match]) -> Value {
    let found = matches.iter().map(|found| fhir::bundle::Found {
        full_url: format!("{}{BASE}/Patient/{}", request.origin, found.id),
        score: Some(found.score),
        resource: subset::of(view::of(&found.record, &request.caller)),
    });
    fhir::bundle::searchset(found.collect(), house.clock.now())
}

/// Not a fault of the caller's, though it is worded like one.
fn too_many() -> Reply {
    style::render(&faults::incorrect("TOO_MANY_MATCHES", ""))
}

#[cfg(test)]
mod tests;
