//! `GET /AuditEvent`: who looked at a patient's record.

use base::Fault;
use http::StatusCode;
use security::Mode;
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use tokio::task::spawn_blocking;

use crate::page::{Page, look};
use crate::query::{BEFORE, COUNT, DATE, PATIENT, Query, read};
use crate::{BASE, House, event, faults};

/// The name of the interaction.
pub(crate) const NAME: &str = "search-audit-event";

/// Finds who looked at a record. The look is on the chain before the answer leaves.
///
/// # Errors
/// What is wrong with the search, or that the caller may not see this.
pub(crate) async fn search_audit_event(house: House, request: Request) -> Answer {
    let query = read(&request)?;
    let pseudonym = query.patient.as_deref().map(|patient| house.store.audit().pseudonym(patient));
    let subjects: Vec<String> = pseudonym.iter().cloned().collect();
    if let Err(fault) = may_ask(&request, &query) {
        house.note(&request, NAME, subjects, 403).await?;
        return Err(fault);
    }
    let (store, asked, name) = (house.store.clone(), query.clone(), pseudonym.clone());
    let looked = spawn_blocking(move || look(&store, &asked, name.as_deref())).await;
    let page = looked.map_err(faults::broken)?.map_err(faults::from_store)?;
    house.note(&request, NAME, subjects, 200).await?;
    let bundle = bundle(&house, &request, &query, pseudonym.as_deref(), &page);
    Ok(Reply::new(StatusCode::OK, fhir::MEDIA_TYPE, bundle.to_string()))
}

/// A patient may ask for their own record and for nothing else.
fn may_ask(request: &Request, query: &Query) -> Result<(), Fault> {
    let caller = &request.caller;
    if caller.mode == Mode::Patient && (query.patient.is_none() || query.patient != caller.patient)
    {
        return Err(faults::forbidden("a patient may ask who looked at their own record only"));
    }
    Ok(())
}

/// The page as a searchset. It says nothing of a total, which nobody has counted.
fn bundle(
    house: &House,
    request: &Request,
    query: &Query,
    pseudonym: Option<&str>,
    page: &Page,
) -> Value {
    let base = format!("{}{BASE}", request.origin);
    let asked = pseudonym.zip(query.patient.as_deref());
    let found = page.found.iter().map(|(number, access)| fhir::bundle::Found {
        full_url: format!("{base}/AuditEvent/{number}"),
        score: None,
        resource: event::resource(*number, access, asked),
    });
    let mut bundle = fhir::bundle::searchset(found.collect(), house.clock.now());
    let mut links = vec![link("self", &base, request, None)];
    links.extend(page.next.map(|before| link("next", &base, request, Some(before))));
    if let Some(members) = bundle.as_object_mut() {
        members.shift_remove("total");
        members.insert("link".into(), Value::Array(links));
    }
    bundle
}

/// A link to a page of the same search.
fn link(relation: &str, base: &str, request: &Request, before: Option<u64>) -> Value {
    // What the parameters hold was read, and needs no escaping but for an instant's offset.
    let said = |(name, value): &(String, String)| {
        let kept = [PATIENT, DATE, COUNT].contains(&name.as_str());
        let here = name == BEFORE && before.is_none();
        (kept || here).then(|| format!("{name}={}", value.replace('+', "%2B")))
    };
    let mut parts: Vec<String> = request.query.iter().filter_map(said).collect();
    parts.extend(before.map(|before| format!("{BEFORE}={before}")));
    let query = if parts.is_empty() { String::new() } else { format!("?{}", parts.join("&")) };
    json!({ "relation": relation, "url": format!("{base}/AuditEvent{query}") })
}
