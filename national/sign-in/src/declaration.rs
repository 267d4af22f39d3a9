//! The declaration of an issuer: what it is and what can be asked of it.

use std::future::Future;

use http::Method;
use serde_json::{Value, json};
use service::form::FORM;
use service::{
    Answer, BodyDoc, Interaction, Keeper, Parameter, Place, ReplyDoc, Request, Service, Status,
    handler,
};

use crate::authorize::authorize;
use crate::discovery::{configuration, jwks};
use crate::log_out::log_out;
use crate::page::{self, HTML};
use crate::sign_in::sign_in;
use crate::style::JSON;
use crate::token::token;
use crate::userinfo::userinfo;
use crate::{House, faults, style};

/// An issuer, ready to be called.
pub fn service(house: &House) -> Service {
    let issuer = house.given.issuer;
    Service {
        name: issuer.name(),
        title: issuer.title(),
        summary: "Sign people of the demonstration nation in.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["OpenID Connect", "OAuth 2.0"],
        technologies: &["REST", "OAuth"],
        base: issuer.base(),
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[],
        style: style::STYLE,
        interactions: vec![
            discovery(house),
            keys(house),
            authorization(house),
            submission(house),
            tokens(house),
            user_info(house),
            logout(house),
            style_sheet(house),
        ],
        schemas: schemas(),
    }
}

fn discovery(house: &House) -> Interaction {
    let (path, summary) = ("/.well-known/openid-configuration", "Look up where everything is.");
    interaction(house, "openid-configuration", path, summary, configuration)
}

fn keys(house: &House) -> Interaction {
    interaction(house, "jwks", "/jwks", "Get the public keys that prove signatures.", jwks)
}

fn authorization(house: &House) -> Interaction {
    let query = |name, required, summary| parameter(name, Place::Query, required, summary);
    Interaction {
        parameters: vec![
            query("client_id", true, "Who wants somebody signed in."),
            query("redirect_uri", true, "Where the answer goes, as it is registered."),
            query("response_type", true, "`code`"),
            query("scope", true, "`openid`, and what else is wanted."),
            query("state", false, "What the answer repeats."),
            query("nonce", false, "What the ID token repeats."),
            query("code_challenge", false, "The SHA-256 of a secret (RFC 7636)."),
            query("code_challenge_method", false, "`S256`"),
        ],
        replies: pages(&[200, 400], 302),
        ..interaction(house, "authorize", "/authorize", "Show the sign-in page.", authorize)
    }
}

fn submission(house: &House) -> Interaction {
    Interaction {
        method: Method::POST,
        body: Some(form(&["request", "sign_in", "secret", "level"])),
        replies: pages(&[400, 401, 403, 429], 303),
        ..interaction(house, "sign-in", "/authorize", "Send the sign-in page off.", sign_in)
    }
}

fn tokens(house: &House) -> Interaction {
    let fields =
        ["grant_type", "code", "redirect_uri", "client_id", "client_secret", "code_verifier"];
    Interaction {
        method: Method::POST,
        body: Some(form(&fields)),
        faults: may_fail(&[
            "INVALID_REQUEST",
            "INVALID_GRANT",
            "UNSUPPORTED_GRANT",
            "INVALID_CLIENT",
            "NO_FORM",
        ]),
        ..interaction(house, "token", "/token", "Redeem a code for an ID token.", token)
    }
}

fn user_info(house: &House) -> Interaction {
    let summary = "Get what is known of the person who signed in.";
    Interaction {
        parameters: vec![parameter(
            "Authorization",
            Place::Header,
            true,
            "`Bearer` and the access token that came with the ID token.",
        )],
        faults: may_fail(&["INVALID_TOKEN"]),
        ..interaction(house, "userinfo", "/userinfo", summary, userinfo)
    }
}

fn logout(house: &House) -> Interaction {
    Interaction {
        parameters: vec![parameter(
            "id_token_hint",
            Place::Query,
            true,
            "The ID token of the session that ends.",
        )],
        replies: pages(&[200, 400], 0),
        ..interaction(house, "log-out", "/log-out", "End a session.", log_out)
    }
}

fn style_sheet(house: &House) -> Interaction {
    Interaction {
        replies: vec![document(200, "text/css")],
        ..interaction(house, "style", "/style.css", "Get how the page looks.", page::style)
    }
}

/// An interaction with nothing but its essentials.
fn interaction<W, F>(
    house: &House,
    name: &'static str,
    path: &'static str,
    summary: &'static str,
    work: W,
) -> Interaction
where
    W: Fn(House, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let house = house.clone();
    Interaction {
        name,
        summary,
        description: summary,
        method: Method::GET,
        path,
        access: &[],
        api_key: false,
        granted: &[],
        parameters: Vec::new(),
        body: None,
        upload: None,
        replies: vec![document(200, JSON)],
        faults: may_fail(&[]),
        handler: handler(move |request| work(house.clone(), request)),
    }
}

/// The faults that any interaction may end in, and these.
fn may_fail(own: &[&'static str]) -> Vec<&'static str> {
    ["BROKEN", "UNAVAILABLE", "TOO_LARGE", "TOO_SLOW"].iter().chain(own).copied().collect()
}

/// Pages, and where a person is sent; nowhere when that is nought.
fn pages(statuses: &[u16], sent: u16) -> Vec<ReplyDoc> {
    let pages = statuses.iter().map(|&status| document(status, HTML));
    let sent = (sent > 0).then(|| ReplyDoc {
        summary: "To the client, with a code or with an error.",
        headers: &[("Location", "The place of the client, with the answer.")],
        ..document(sent, "")
    });
    pages.chain(sent).collect()
}

fn document(status: u16, media_type: &'static str) -> ReplyDoc {
    let schema = json!({ "type": if media_type == JSON { "object" } else { "string" } });
    ReplyDoc { status, summary: "What was asked for.", media_type, schema, headers: &[] }
}

fn form(fields: &[&str]) -> BodyDoc {
    let text = json!({ "type": "string" });
    let properties: serde_json::Map<String, Value> =
        fields.iter().map(|&name| (name.to_owned(), text.clone())).collect();
    BodyDoc {
        media_types: &[FORM],
        schema: json!({ "type": "object", "properties": properties }),
        example: json!({}),
    }
}

fn parameter(name: &'static str, place: Place, required: bool, summary: &'static str) -> Parameter {
    Parameter { name, place, required, summary, schema: json!({ "type": "string" }), example: None }
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "Error": {
            "type": "object",
            "required": ["error", "error_description"],
            "properties": { "error": text, "error_description": text },
        },
    })
}
