//! From a client's assertion to an access token of its own.
//!
//! Clauses: RFC 6749 sections 4.4 and 5, RFC 7523 section 2.2.

use base::Fault;
use base::limit::{ACCESS_TOKEN_S_MAX, SMART_TOKEN_S_MAX};
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderName};
use security::{AccessToken, Mode};
use serde_json::json;
use service::{Answer, Form, Reply, Request};
use store::{Access, Transaction};

use crate::assertion::{self, Proved, as_smart, used_before};
use crate::client::Client;
use crate::faults::{from_store, invalid_request, invalid_scope, unauthorized_client};
use crate::style::JSON;
use crate::token::NAME;
use crate::{House, SERVICE, replay};

/// Answers a client that proves itself and stands for nobody else.
pub(crate) async fn client_credentials(house: &House, request: &Request, form: &Form) -> Answer {
    let proved = assertion::of_form(house, form).await?;
    // Only once it is proved: nobody shall use up the quota of another.
    house.count(&proved.client)?;
    let scopes = scopes(&proved.client, form.get("scope"))?;
    let life_s = life_s(&proved.client, form)?;
    issue(house, request, proved, scopes, life_s).await
}

/// What a token is good for: what the client is registered for, as far as that needs no person.
/// Clients of SMART say what of it they want.
fn scopes(client: &Client, wanted: Option<&str>) -> Result<Vec<String>, Fault> {
    let alone = |scope: &&String| scope.contains(":app:level3:") || scope.starts_with("system/");
    let registered = client.scopes.iter().filter(alone);
    if !client.smart {
        let scopes: Vec<String> = registered.cloned().collect();
        return if scopes.is_empty() {
            Err(unauthorized_client("the client is registered for no API that needs no user"))
        } else {
            Ok(scopes)
        };
    }
    let wanted = wanted.ok_or_else(|| invalid_scope("scope is missing"))?;
    let asked = |scope: &&String| wanted.split(' ').any(|one| one == scope.as_str());
    let scopes: Vec<String> = registered.filter(asked).cloned().collect();
    if scopes.is_empty() {
        return Err(invalid_scope("the client is registered for none of the scopes"));
    }
    Ok(scopes)
}

/// How long a token is good, in seconds. A client may ask for less, so that its tests need not
/// wait.
fn life_s(client: &Client, form: &Form) -> Result<i64, Fault> {
    let most = if client.smart { SMART_TOKEN_S_MAX } else { ACCESS_TOKEN_S_MAX };
    let Some(wanted) = form.get("_access_token_expiry_ms") else { return Ok(most) };
    let wanted: u32 = wanted
        .parse()
        .map_err(|_| invalid_request("_access_token_expiry_ms must be a whole number"))?;
    Ok(most.min(i64::from(wanted.div_ceil(1000))))
}

async fn issue(
    house: &House,
    request: &Request,
    proved: Proved,
    scopes: Vec<String>,
    life_s: i64,
) -> Answer {
    let Proved { client, id, until_s } = proved;
    let now = house.clock.now();
    let organisation = client.organisation(&house.store)?;
    let token = AccessToken {
        client: client.id.clone(),
        organisation: organisation.clone(),
        system: client.system.clone(),
        grants: client.grants.clone(),
        scopes,
        session: house.dice.uuid().simple().to_string(),
        issued_s: now.as_second(),
        expires_s: now.as_second() + life_s,
        ..AccessToken::default()
    };
    let sealed = house.tokens.issue(&token).ok_or_else(|| {
        Fault::broken("BROKEN", "the registration of a client is too long for a token")
    })?;
    if !replay::spend(&house.store, &client.id, &id, until_s).await? {
        // Somebody else was faster with the same assertion.
        return Err(if client.smart { as_smart(used_before()) } else { used_before() });
    }
    let access = Access {
        service: SERVICE.into(),
        interaction: NAME.into(),
        mode: Mode::Application.name().into(),
        client: client.id.clone(),
        organisation,
        user: String::new(),
        outcome: StatusCode::OK.as_u16(),
        request: request.header("x-request-id").unwrap_or(&token.session).to_owned(),
        ..request.access(&house.store.audit(), now)
    };
    if let Err(error) = house.store.commit(Transaction::new().access(access)).await {
        replay::give_back(&house.store, &client.id, &id);
        return Err(from_store(error));
    }
    Ok(success(&client, &token, &sealed, life_s, now.as_millisecond()))
}

fn success(client: &Client, token: &AccessToken, sealed: &str, life_s: i64, now_ms: i64) -> Reply {
    let expires_in = client.seconds(life_s);
    let mut body = json!({
        "access_token": sealed,
        "expires_in": expires_in,
        "token_type": "Bearer",
        "issued_at": now_ms.to_string(),
    });
    if let (true, Some(body)) = (client.smart, body.as_object_mut()) {
        body.insert("scope".into(), token.scopes.join(" ").into());
    }
    to_nobody_else(body.to_string())
}

/// An answer with a secret in it, which nothing on the way may keep.
pub(crate) fn to_nobody_else(body: String) -> Reply {
    Reply::new(StatusCode::OK, JSON, body)
        .with(CACHE_CONTROL, "no-store")
        .with(HeaderName::from_static("pragma"), "no-cache")
}
