//! What operators see of endpoints, and do about them: stop pushes for a while, and let them go on.

use base::Fault;
use broker::{Endpoint, Page};
use http::{StatusCode, Uri};
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use store::messages::DeliveryId;

use crate::BASE;
use crate::faults::{from_broker, not_found};
use crate::house::House;
use crate::resend_delivery::Because;
use crate::{query, show};

/// What waits for an endpoint is counted no further than this.
const COUNTED_MAX: u64 = 10_000;

/// Answers `GET /messages/endpoints`.
pub(crate) async fn list_endpoints(house: House, request: Request) -> Answer {
    house.operators_only(&request.caller)?;
    let table = house.broker.directory().table();
    let mut endpoints: Vec<&Endpoint> = table.endpoints().collect();
    endpoints.sort_by(|one, other| one.name.cmp(&other.name));
    let shown: Result<Vec<Value>, Fault> =
        endpoints.into_iter().map(|one| shown(&house, one)).collect();
    let body = json!({ "endpoints": shown? });
    Ok(Reply::new(StatusCode::OK, "application/json", body.to_string()))
}

/// Answers `GET /messages/endpoints/{name}/waiting`.
pub(crate) async fn list_waiting(house: House, request: Request) -> Answer {
    house.operators_only(&request.caller)?;
    query::only(&request, &["after", "most"])?;
    let name = request.path_value("name");
    house.broker.directory().table().endpoint(name).ok_or_else(not_found)?;
    let after = query::parsed(&request, "after", "as in the link of the page before", |text| {
        text.parse().ok()
    })?;
    let page = Page { after: DeliveryId(after.unwrap_or(0)), most: query::most(&request)? };
    let waiting = house.broker.waiting(name, page, &|_| true).map_err(from_broker)?;
    let mut messages = Vec::with_capacity(waiting.messages.len());
    for id in waiting.messages {
        let tracked = house.broker.track(id).map_err(from_broker)?;
        messages.push(show::message(&tracked, &request.origin));
    }
    let next = waiting.next.map(|DeliveryId(after)| {
        let (origin, name) = (&request.origin, show::encoded(name));
        format!("{origin}{BASE}/endpoints/{name}/waiting?after={after}&most={}", page.most)
    });
    let body = json!({ "messages": messages, "links": { "next": next } });
    Ok(Reply::new(StatusCode::OK, "application/json", body.to_string()))
}

/// Answers `POST /messages/endpoints/{name}/park`.
pub(crate) async fn park_endpoint(house: House, request: Request) -> Answer {
    let name = known(&house, &request)?;
    let because: Because = query::body(&request)?;
    query::reason(&because.why)?;
    house.broker.park(&name, &because.why).await.map_err(from_broker)?;
    house.note(&request, "park-endpoint").await?;
    as_it_stands(&house, &name)
}

/// Answers `POST /messages/endpoints/{name}/unpark`.
pub(crate) async fn unpark_endpoint(house: House, request: Request) -> Answer {
    let name = known(&house, &request)?;
    house.broker.unpark(&name).await.map_err(from_broker)?;
    house.note(&request, "unpark-endpoint").await?;
    as_it_stands(&house, &name)
}

/// The endpoint that the path of an operator's request names.
fn known(house: &House, request: &Request) -> Result<String, Fault> {
    house.operators_only(&request.caller)?;
    let name = request.path_value("name");
    house.broker.directory().table().endpoint(name).ok_or_else(not_found)?;
    Ok(name.to_owned())
}

fn as_it_stands(house: &House, name: &str) -> Answer {
    let table = house.broker.directory().table();
    let body = shown(house, table.endpoint(name).ok_or_else(not_found)?)?;
    Ok(Reply::new(StatusCode::OK, "application/json", body.to_string()))
}

fn shown(house: &House, endpoint: &Endpoint) -> Result<Value, Fault> {
    let waiting = house.broker.count_waiting(&endpoint.name, COUNTED_MAX).map_err(from_broker)?;
    Ok(json!({
        "name": endpoint.name,
        "url": address(&endpoint.url),
        "wire": endpoint.wire,
        "organisation": endpoint.organisation,
        "acknowledges": endpoint.acknowledges,
        "private": endpoint.private,
        "closed": endpoint.closed,
        "parked": house.broker.directory().table().is_parked(&endpoint.name),
        "waiting": waiting,
    }))
}

/// An address without what may be secret in it: a user, a password, a query.
fn address(url: &str) -> String {
    let Ok(uri) = url.parse::<Uri>() else { return String::new() };
    let host = uri.host().unwrap_or_default();
    let port = uri.port().map_or_else(String::new, |port| format!(":{port}"));
    format!("{}://{host}{port}{}", uri.scheme_str().unwrap_or_default(), uri.path())
}
