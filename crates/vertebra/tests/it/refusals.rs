//! Every interaction of every API refuses who may not use it. Derived from the published
//! catalogue, which is made from the declarations: a new interaction is tested the day it is
//! declared.

use serde_json::Value;

use crate::{PDS, closed_demo, open_demo, token};

/// Where tokens come from. Who asks without proving who they are is refused all the same.
const TOKENS: &str = "/oauth2/token";
/// Where sign-in services say who signed out: they prove it by a signature.
const LOGOUT: &str = "/oauth2/backchannel_logout";
/// What people are sent to: it wants to know more before anything else.
const ASKS_FIRST: [&str; 3] = ["/authorize", "/callback", "/log-out"];
/// What asks nobody for a token, beside pings: who gets messages of a workflow is no secret.
const OPEN: [&str; 12] = [
    TOKENS,
    LOGOUT,
    "/oauth2/authorize",
    "/oauth2/callback",
    "/oauth2/userinfo",
    "/sign-in/",
    "/oauth2/.well-known/",
    "/messageexchange/deepping",
    "/messageexchange/endpointlookup/",
    "/messageexchange/workflowsearch/",
    "/sync-service",
    "/syncservice-pds/pds",
];

#[test]
fn every_interaction_refuses_who_may_not_use_it() {
    let exchange = closed_demo();
    let modes = ["application", "privileged-application", "worker", "patient"];
    let catalogue = exchange.client().get("/catalogue.json").unwrap().json();
    let mut refused = 0;
    for (credentials, interaction) in interactions(&catalogue) {
        let method = interaction["method"].as_str().unwrap();
        let path = filled(interaction["path"].as_str().unwrap());
        let access: Vec<&str> =
            interaction["access"].as_array().unwrap().iter().filter_map(Value::as_str).collect();
        if access.is_empty() {
            if path.contains("/admin/") || path.starts_with("/conversations") {
                // A demonstration's own controls; an exchange that is none has not one of them,
                // and asks for a token before it shows what travelled.
                continue;
            }
            let known = interaction["api_key"] == true
                || path.contains("/_")
                || OPEN.iter().any(|open| path.starts_with(open));
            assert!(known, "{method} {path} asks for no token");
            let answer = exchange.client().send(method, &path, &[], "").unwrap();
            let expected = match path.as_str() {
                _ if interaction["api_key"] == true => 401,
                path if path.ends_with("/userinfo") => 401,
                TOKENS | LOGOUT | "/sign-in/staff/token" | "/sign-in/patient/token" => 415,
                path if ASKS_FIRST.iter().any(|end| path.ends_with(end)) => 400,
                _ => 200,
            };
            assert_eq!(answer.status, expected, "{method} {path} without an API key");
            continue;
        }
        if credentials != "bearer" {
            // The house's own tokens are worth nothing to an API with its own kind, or with
            // certificates: of those there are none where TLS is not spoken.
            let worker = exchange.client().with_token(&token(&exchange, "worker"));
            for client in [exchange.client(), worker] {
                let answer = client.send(method, &path, &[], "").unwrap();
                let refusal = [400, 401, 403].contains(&answer.status);
                assert!(refusal, "{method} {path}: {} {}", answer.status, answer.text);
                refused += 1;
            }
            continue;
        }
        let nobody = exchange.client().send(method, &path, &[], "").unwrap();
        assert_eq!(nobody.status, 401, "{method} {path} without a token");
        for mode in modes.iter().filter(|mode| !access.contains(mode)) {
            let client = exchange.client().with_token(&token(&exchange, mode));
            let answer = client.send(method, &path, &[], "").unwrap();
            assert_eq!(answer.status, 403, "{method} {path} as {mode}: {}", answer.text);
            refused += 1;
        }
    }
    assert!(refused >= 10, "only {refused} refusals were tried");
}

/// Every interaction, with the kind of credentials that its API takes.
fn interactions(catalogue: &Value) -> Vec<(String, Value)> {
    let apis = catalogue["apis"].as_array().unwrap();
    let of = |api: &Value| {
        let credentials = api["credentials"].as_str().unwrap().to_owned();
        let interactions = api["interactions"].as_array().unwrap().clone();
        interactions.into_iter().map(move |interaction| (credentials.clone(), interaction))
    };
    apis.iter().flat_map(of).collect()
}

/// A path with something in each of its `{name}` parts.
fn filled(path: &str) -> String {
    let part = |part: &str| match part {
        "{id}" => "9000000009".to_owned(),
        part if part.starts_with('{') => "X26ABC1".to_owned(),
        part => part.to_owned(),
    };
    path.split('/').map(part).collect::<Vec<_>>().join("/")
}

#[test]
fn the_demonstration_has_an_api_key_for_what_asks_for_one() {
    let exchange = closed_demo();
    let credentials = exchange.credentials();
    let key = credentials["api_keys"][0].as_str().unwrap();
    let path = format!("{PDS}/_status");
    let ask = |key: &str| exchange.client().send("GET", &path, &[("apikey", key)], "").unwrap();
    assert_eq!(ask(key).json()["status"], "pass");
    let refused = ask("another");
    assert_eq!(refused.status, 401);
    assert_eq!(refused.json()["fault"]["detail"]["errorcode"], "oauth.v2.InvalidApiKey");
    let open = open_demo();
    assert_eq!(open.client().get(&path).unwrap().status, 200, "an open house asks for none");
}
