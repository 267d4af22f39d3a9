//! `GET /authorize`: a client wants somebody signed in. The person gets a page.
//!
//! Clause: OpenID Connect Core section 3.1.2.

use http::StatusCode;
use http::header::SET_COOKIE;
use service::{Answer, Form, Request};

use crate::page::{SignIn, notice, send_to, show};
use crate::waiting::{Waiting, cookie, set_cookie};
use crate::{Client, House};

const REFUSED: &str = "Sign-in cannot start";

/// Answers `GET /authorize`.
pub(crate) async fn authorize(house: House, request: Request) -> Answer {
    let refused = |text: &str| notice(&house, StatusCode::BAD_REQUEST, REFUSED, text);
    let Ok(query) = Form::query(&request) else {
        return refused("The request has a parameter twice, or too many.");
    };
    let Some(client) = client(&house, query.get("client_id"))? else {
        return refused("The client_id is missing or not known.");
    };
    // Nothing is sent to a place that the client is not registered with, errors included.
    let Some(place) = query.get("redirect_uri").filter(|uri| client.may_return_to(uri)) else {
        return refused("The redirect_uri is missing or not one of the client's.");
    };
    let cookie = cookie(&house, &request);
    let waiting = match Waiting::read(&house, &query, &client, place, &cookie) {
        Ok(waiting) => waiting,
        Err(declined) => {
            return Ok(send_to(StatusCode::FOUND, &declined.place(&house, place, &query)));
        }
    };
    let Some(sealed) = waiting.seal(&house) else {
        return refused("The request is too long.");
    };
    let page = show(StatusCode::OK, &SignIn::new(&house, &client.id, &sealed))?;
    Ok(page.with(SET_COOKIE, &set_cookie(&house, &cookie)))
}

/// The client with an id: the house's own, or one of the directory's.
pub(crate) fn client(house: &House, id: Option<&str>) -> Result<Option<Client>, base::Fault> {
    match id {
        None => Ok(None),
        Some(id) if id == house.given.exchange.id => Ok(Some(house.given.exchange.clone())),
        Some(id) => Client::find(&house.given.store, id),
    }
}
