//! The declaration of the API: what it is and what can be asked of it.

use std::future::Future;

use http::Method;
use serde_json::{Value, json};
use service::{Answer, BodyDoc, Interaction, Keeper, ReplyDoc, Request, Service, Status, handler};

use crate::smart_configuration::smart_configuration;
use crate::style::JSON;
use crate::token::token;
use crate::{BASE, House, SERVICE, faults, status, style, token as token_file};

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Identity Service",
        summary: "Get an access token for the other APIs.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["OAuth 2.0", "RFC 7523", "SMART Backend Services"],
        technologies: &["REST", "OAuth"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[],
        style: style::STYLE,
        interactions: vec![tokens(house), discovery(house), ping(house), well(house)],
        schemas: schemas(),
    }
}

fn tokens(house: &House) -> Interaction {
    Interaction {
        description: "Sign a JWT with a private key whose public half is registered, and hand it \
            over as `client_assertion`. It is good once, for at most five minutes.",
        method: Method::POST,
        body: Some(BodyDoc {
            media_types: &["application/x-www-form-urlencoded"],
            schema: named("TokenRequest"),
            example: json!({
                "grant_type": "client_credentials",
                "client_assertion_type":
                    "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
                "client_assertion": "<a signed JWT>",
            }),
        }),
        replies: vec![reply("An access token.", named("Token"))],
        faults: may_fail(&[
            "INVALID_REQUEST",
            "INVALID_CLIENT",
            "UNSUPPORTED_GRANT",
            "INVALID_SCOPE",
            "UNPROVED",
            "UNPROVED_CLIENT",
            "UNAUTHORIZED_CLIENT",
            "PUBLIC_KEY",
            "TOO_SLOW",
            "TOO_LARGE",
            "TOO_MANY",
            "NO_FORM",
        ]),
        ..interaction(house, token_file::NAME, "/token", "Get an access token.", token)
    }
}

fn discovery(house: &House) -> Interaction {
    let (path, summary) =
        ("/.well-known/smart-configuration", "Look up where and how SMART clients get tokens.");
    Interaction {
        replies: vec![reply("Where and how.", json!({ "type": "object" }))],
        ..interaction(house, "smart-configuration", path, summary, smart_configuration)
    }
}

fn ping(house: &House) -> Interaction {
    let summary = "Check that the API answers.";
    Interaction {
        replies: vec![reply("It answers.", json!({ "type": "object" }))],
        ..interaction(house, "ping", "/_ping", summary, status::ping)
    }
}

fn well(house: &House) -> Interaction {
    let summary = "Check that the API and its store work.";
    Interaction {
        api_key: true,
        replies: vec![reply("It answers.", json!({ "type": "object" }))],
        faults: may_fail(&["API_KEY", "TOO_LARGE", "TOO_SLOW"]),
        ..interaction(house, "status", "/_status", summary, status::status)
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
        replies: Vec::new(),
        faults: may_fail(&["TOO_LARGE", "TOO_SLOW"]),
        handler: handler(move |request| work(house.clone(), request)),
    }
}

/// The faults that any interaction may end in, and these.
fn may_fail(own: &[&'static str]) -> Vec<&'static str> {
    ["BROKEN", "UNAVAILABLE"].iter().chain(own).copied().collect()
}

fn reply(summary: &'static str, schema: Value) -> ReplyDoc {
    ReplyDoc { status: 200, summary, media_type: JSON, schema, headers: &[] }
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "TokenRequest": {
            "type": "object",
            "required": ["grant_type", "client_assertion_type", "client_assertion"],
            "properties": {
                "grant_type": { "type": "string", "enum": ["client_credentials"] },
                "client_assertion_type": text,
                "client_assertion": text,
                "scope": text,
                "_access_token_expiry_ms": text,
            },
        },
        "Token": {
            "type": "object",
            "required": ["access_token", "token_type", "expires_in"],
            "properties": {
                "access_token": text,
                "expires_in": { "type": ["integer", "string"] },
                "token_type": { "type": "string", "enum": ["Bearer"] },
                "issued_at": text,
                "scope": text,
            },
        },
        "Error": {
            "type": "object",
            "required": ["error", "error_description", "message_id"],
            "properties": { "error": text, "error_description": text, "message_id": text },
        },
    })
}
