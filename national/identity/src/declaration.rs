//! The declaration of the API: what it is and what can be asked of it.

use std::future::Future;

use http::Method;
use serde_json::{Value, json};
use service::form::FORM;
use service::{
    Answer, BodyDoc, Interaction, Keeper, Parameter, Place, ReplyDoc, Request, Service, Status,
    handler,
};

use crate::authorize::authorize;
use crate::callback::callback;
use crate::log_out::log_out;
use crate::smart_configuration::smart_configuration;
use crate::style::JSON;
use crate::token::token;
use crate::userinfo::userinfo;
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
        standards: &[
            "OAuth 2.0",
            "OpenID Connect",
            "RFC 7523",
            "RFC 8693",
            "SMART Backend Services",
        ],
        technologies: &["REST", "OAuth"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[],
        style: style::STYLE,
        interactions: vec![
            authorization(house),
            coming_back(house),
            tokens(house),
            user_info(house),
            logout(house),
            discovery(house),
            ping(house),
            well(house),
        ],
        schemas: schemas(),
    }
}

fn authorization(house: &House) -> Interaction {
    let query = |name, required, summary| parameter(name, Place::Query, required, summary);
    Interaction {
        description: "Send a person here, in a browser. They sign in, and come back to the \
            `redirect_uri` with a `code`, which `/token` takes within five minutes.",
        parameters: vec![
            query("response_type", true, "`code`"),
            query("client_id", true, "The client."),
            query("redirect_uri", true, "Where the person comes back to, as it is registered."),
            query("state", true, "What the answer repeats, so that nobody can pass off another."),
            query("scope", false, "`nhs-login` for patients; anything else for staff."),
            query("code_challenge", false, "The SHA-256 of a secret (RFC 7636)."),
            query("code_challenge_method", false, "`S256`"),
        ],
        replies: vec![sent()],
        faults: may_fail(&["INVALID_REQUEST", "UNPROVED", "TOO_LARGE", "TOO_SLOW"]),
        ..interaction(house, "authorize", "/authorize", "Have a person signed in.", authorize)
    }
}

fn coming_back(house: &House) -> Interaction {
    let query = |name, summary| parameter(name, Place::Query, false, summary);
    let summary = "Come back from a sign-in service.";
    Interaction {
        parameters: vec![
            query("state", "What the sign-in service was given."),
            query("code", "What it gave."),
            query("error", "Why it gave none."),
            query("iss", "Which sign-in service it was."),
        ],
        replies: vec![sent()],
        faults: may_fail(&["INVALID_REQUEST", "TOO_LARGE", "TOO_SLOW"]),
        ..interaction(house, "callback", "/callback", summary, callback)
    }
}

fn user_info(house: &House) -> Interaction {
    Interaction {
        description: "The access token must be of a health worker whom `/authorize` signed in.",
        parameters: vec![parameter(
            "Authorization",
            Place::Header,
            true,
            "`Bearer` and the access token.",
        )],
        replies: vec![reply("Who it is, and their roles.", json!({ "type": "object" }))],
        faults: may_fail(&["INVALID_REQUEST", "ACCESS_TOKEN", "TOO_LARGE", "TOO_SLOW"]),
        ..interaction(house, "userinfo", "/userinfo", "Look up who signed in.", userinfo)
    }
}

fn logout(house: &House) -> Interaction {
    let text = json!({ "type": "string" });
    let summary = "Tell that somebody signed out.";
    Interaction {
        description: "For sign-in services. Every token that came of the session counts no more.",
        method: Method::POST,
        body: Some(BodyDoc {
            media_types: &[FORM],
            schema: json!({
                "type": "object",
                "required": ["logout_token"],
                "properties": { "logout_token": text },
            }),
            example: json!({ "logout_token": "<a signed JWT>" }),
        }),
        replies: vec![ReplyDoc { media_type: "", ..reply("It is done.", json!({})) }],
        faults: may_fail(&["INVALID_REQUEST", "UNKNOWN_SID", "TOO_LARGE", "TOO_SLOW", "NO_FORM"]),
        ..interaction(house, "log-out", "/backchannel_logout", summary, log_out)
    }
}

fn tokens(house: &House) -> Interaction {
    Interaction {
        description: "Sign a JWT with a private key whose public half is registered, and hand it \
            over as `client_assertion`. It is good once, for at most five minutes. For a person \
            who signed in: a `code`, a `refresh_token`, or an ID token as `subject_token`.",
        method: Method::POST,
        body: Some(BodyDoc {
            media_types: &[FORM],
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
            "INVALID_GRANT",
            "REFUSED_GRANT",
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

/// A person is sent somewhere else.
fn sent() -> ReplyDoc {
    ReplyDoc {
        status: 302,
        media_type: "",
        headers: &[("Location", "Where the person goes, with the answer.")],
        ..reply("The person is sent on.", json!({}))
    }
}

fn parameter(name: &'static str, place: Place, required: bool, summary: &'static str) -> Parameter {
    Parameter { name, place, required, summary, schema: json!({ "type": "string" }), example: None }
}

fn named(name: &str) -> Value {
    json!({ "$ref": format!("#/components/schemas/{name}") })
}

fn schemas() -> Value {
    let text = json!({ "type": "string" });
    json!({
        "TokenRequest": {
            "type": "object",
            "required": ["grant_type"],
            "properties": {
                "grant_type": { "type": "string", "enum": [
                    "client_credentials",
                    "authorization_code",
                    "refresh_token",
                    "urn:ietf:params:oauth:grant-type:token-exchange",
                ] },
                "client_id": text,
                "client_secret": text,
                "code": text,
                "code_verifier": text,
                "redirect_uri": text,
                "refresh_token": text,
                "subject_token": text,
                "subject_token_type": text,
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
                "issued_token_type": text,
                "refresh_token": text,
                "refresh_token_expires_in": { "type": ["integer", "string"] },
                "refresh_count": text,
                "sid": text,
            },
        },
        "Error": {
            "type": "object",
            "required": ["error", "error_description", "message_id"],
            "properties": { "error": text, "error_description": text, "message_id": text },
        },
    })
}
