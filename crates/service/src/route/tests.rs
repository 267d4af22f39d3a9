use base::{Fault, Kind};
use http::{HeaderValue, StatusCode};
use security::{Mode, Tokens};
use serde_json::json;

use super::*;
use crate::{Status, Style, UploadLimit, handler};

/// An interaction that answers with its name and who called.
fn interaction(
    method: Method,
    path: &'static str,
    name: &'static str,
    access: &'static [Mode],
) -> Interaction {
    let work = handler(move |request| async move {
        let text = format!("{name} {}", request.caller.client);
        Ok(Reply::new(StatusCode::OK, "text/plain", text))
    });
    Interaction {
        name,
        summary: "Answers.",
        description: "",
        method,
        path,
        access,
        api_key: false,
        granted: &[],
        parameters: Vec::new(),
        body: None,
        upload: None,
        replies: Vec::new(),
        faults: Vec::new(),
        handler: work,
    }
}

fn style() -> Style {
    fn fault(code: &'static str) -> Fault {
        Fault::new(Kind::Incorrect, code, "")
    }
    Style {
        render: |fault, _| Reply::new(StatusCode::BAD_REQUEST, "text/plain", fault.code()),
        unauthenticated: |_| fault("token"),
        forbidden: |_, _| fault("access"),
        unknown_path: |_| fault("path"),
        unknown_method: |_| fault("method"),
        too_many: |excess| crate::too_many("many", excess),
        too_slow: |_| fault("slow"),
        too_large: |_| fault("large"),
        broken_off: |_| fault("broken"),
        mirrored: &[],
        cors_headers: "",
        media_types: &["text/plain"],
        schema: || json!({}),
    }
}

fn service(keeper: Keeper, interactions: Vec<Interaction>) -> Service {
    Service {
        name: "post",
        title: "Post",
        summary: "Carry post.",
        description: "",
        version: "1",
        status: Status::Alpha,
        standards: &[],
        technologies: &[],
        base: "/post",
        faults: &[],
        keeper,
        scopes: &[],
        style: style(),
        interactions,
        schemas: json!({}),
    }
}

fn incoming(method: &Method, path: &str, credentials: &str) -> Incoming {
    let mut headers = HeaderMap::new();
    if !credentials.is_empty() {
        headers.insert("authorization", HeaderValue::from_str(credentials).unwrap());
    }
    Incoming {
        method: method.clone(),
        path: format!("/post{path}"),
        query: Vec::new(),
        headers,
        body: Bytes::new(),
        upload: Upload::none(),
        origin: String::new(),
    }
}

/// What is answered to a method and path below the base, with credentials.
async fn ask(service: &Service, method: &Method, path: &str, credentials: &str) -> String {
    let tokens = "[[token]]\ntoken = \"t\"\nmode = \"worker\"\nclient = \"ward\"\n";
    let gate = Gate::closed(Tokens::from_toml(tokens).unwrap());
    let incoming = incoming(method, path, credentials);
    let body = service.call(&gate, incoming).await.reply.body;
    String::from_utf8(body.to_vec()).unwrap()
}

/// Lets in who names the box that the path names, for any interaction but `closed`.
fn own() -> Keeper {
    Keeper::own("`Box` and the name of the box.", |knock| {
        let wanted = format!("Box {}", knock.path_value("box"));
        if knock.header("authorization") != Some(&wanted) || knock.interaction == "closed" {
            return Err(Fault::new(Kind::Forbidden, "own words", ""));
        }
        let client = knock.path_value("box").to_owned();
        Ok(Caller { mode: Mode::Mailbox, ..Caller::application(client) }.into())
    })
}

#[tokio::test]
async fn the_more_particular_path_wins_whatever_the_order() {
    let mut interactions = vec![
        interaction(Method::GET, "/{box}/inbox/{letter}", "letter", &[]),
        interaction(Method::PUT, "/{box}/inbox/{letter}", "put", &[]),
        interaction(Method::GET, "/{box}/inbox/count", "count", &[]),
        interaction(Method::HEAD, "/{box}/inbox/{letter}", "head", &[]),
        interaction(Method::GET, "/all/inbox/{letter}", "all", &[]),
    ];
    for _ in 0..interactions.len() {
        interactions.rotate_left(1);
        let service = service(Keeper::Bearer, interactions.clone());
        for (method, path, heard) in [
            (Method::GET, "/a/inbox/1", "letter open"),
            (Method::PUT, "/a/inbox/1", "put open"),
            (Method::HEAD, "/a/inbox/1", "head open"),
            (Method::GET, "/a/inbox/count", "count open"),
            (Method::GET, "/all/inbox/count", "all open"),
        ] {
            assert_eq!(ask(&service, &method, path, "").await, heard, "{method} {path}");
        }
        let bearer = async |method, path| ask(&service, &method, path, "Bearer t").await;
        // The particular path is asked for, and it has no such method.
        assert_eq!(bearer(Method::PUT, "/a/inbox/count").await, "method");
        assert_eq!(bearer(Method::DELETE, "/a/inbox/1").await, "method");
        assert_eq!(bearer(Method::GET, "/a/inbox/1/").await, "path");
    }
}

#[tokio::test]
async fn an_api_may_judge_its_callers_itself() {
    let boxes = &[Mode::Mailbox];
    let workers = &[Mode::Worker];
    let interactions = vec![
        interaction(Method::GET, "/{box}", "read", boxes),
        interaction(Method::GET, "/{box}/closed", "closed", boxes),
        interaction(Method::GET, "/{box}/ward", "ward", workers),
        interaction(Method::GET, "/_ping", "ping", &[]),
    ];
    let service = service(own(), interactions);
    for (path, credentials, heard) in [
        ("/a", "Box a", "read a"),
        ("/a", "Box b", "own words"),
        ("/a", "", "own words"),
        ("/a", "Bearer t", "own words"),
        ("/a/closed", "Box a", "own words"),
        ("/a/ward", "Box a", "access"),
        ("/_ping", "", "ping open"),
        ("/a/nowhere", "", "path"),
    ] {
        let answer = ask(&service, &Method::GET, path, credentials).await;
        assert_eq!(answer, heard, "{path} as {credentials:?}");
    }
    assert_eq!(ask(&service, &Method::PUT, "/a", "").await, "method");
}

#[tokio::test]
async fn bearer_tokens_are_looked_at_before_the_path() {
    let read = interaction(Method::GET, "/{box}", "read", &[Mode::Worker]);
    let service = service(Keeper::Bearer, vec![read]);
    assert_eq!(ask(&service, &Method::GET, "/a/nowhere", "").await, "token");
    assert_eq!(ask(&service, &Method::GET, "/a", "Box a").await, "token");
    assert_eq!(ask(&service, &Method::GET, "/a", "Bearer t").await, "read ward");
}

#[test]
fn the_specification_says_what_kind_of_credentials_and_that_an_upload_is_binary() {
    let upload = Interaction {
        upload: Some(UploadLimit { bytes_max: 1_000 }),
        ..interaction(Method::POST, "/{box}", "send", &[Mode::Mailbox])
    };
    let document = service(own(), vec![upload]).openapi("http://x");
    let scheme = &document["components"]["securitySchemes"]["own"];
    assert_eq!(
        *scheme,
        json!({
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": "`Box` and the name of the box.",
        })
    );
    let operation = &document["paths"]["/{box}"]["post"];
    assert_eq!(operation["security"], json!([{ "own": [] }]));
    let body = &operation["requestBody"];
    let binary = json!({ "type": "string", "format": "binary" });
    assert_eq!(body["content"]["application/octet-stream"]["schema"], binary);
    assert!(body["description"].as_str().unwrap().contains("1000 bytes"));
}

#[test]
fn a_path_fits_its_pattern_part_by_part() {
    assert_eq!(match_path("/", "").map(|values| values.len()), Some(0), "the base itself");
    assert!(match_path("/", "/").is_some() && match_path("/{id}", "").is_none());
    let values = |pattern, path| match_path(pattern, path);
    assert_eq!(values("/Patient", "/Patient"), Some(vec![]));
    assert_eq!(values("/Patient/{id}", "/Patient/9%30"), Some(vec![("id", "90".to_owned())]));
    assert_eq!(values("/Patient/{id}", "/Patient"), None);
    assert_eq!(values("/Patient/{id}", "/Patient/9/RelatedPerson"), None);
    assert_eq!(values("/Patient", "/patient"), None);
}

#[tokio::test]
async fn a_certificate_lets_in_the_system_that_it_stands_for() {
    let interactions = vec![
        interaction(Method::GET, "/letters", "letters", &[Mode::System]),
        interaction(Method::GET, "/private", "private", &[Mode::Worker]),
    ];
    let service = service(Keeper::Certificate, interactions);
    let gate = Gate::closed(Tokens::default());
    let (known, unknown) = (certificate(1), certificate(2));
    gate.know_certificates(vec![security::Certified {
        fingerprint: Some(known.fingerprint),
        client: "ward".into(),
        ..security::Certified::default()
    }]);
    for (path, shown, heard) in [
        ("/letters", Some(&known), "letters ward"),
        ("/letters", Some(&unknown), "token"),
        ("/letters", None, "token"),
        ("/nowhere", None, "token"),
        ("/nowhere", Some(&known), "path"),
        ("/private", Some(&known), "access"),
    ] {
        let incoming = incoming(&Method::GET, path, "Bearer t");
        let whence = Whence { certificate: shown, ..Whence::default() };
        let body = service.call_with(&gate, incoming, whence).await.reply.body;
        assert_eq!(String::from_utf8_lossy(&body), heard, "{path} {shown:?}");
    }
}

fn certificate(number: u8) -> Certificate {
    Certificate { common_name: "x".into(), serial: "01".into(), fingerprint: [number; 32] }
}

#[tokio::test]
async fn api_keys_that_fail_are_counted_and_good_ones_are_let_in() {
    let keyed = Interaction { api_key: true, ..interaction(Method::GET, "/status", "status", &[]) };
    let service = service(Keeper::Bearer, vec![keyed]);
    let keys = "[[api_key]]\nkey = \"a-key-of-a-good-length\"\nclient = \"ward\"\n";
    let failures = security::Failures::new(base::Clock::System, 2);
    let failures = Some(Arc::new(failures));
    let gate = Gate::closed(Tokens::from_toml(keys).unwrap()).with_failures(failures);
    let ask = async |key: &'static str, address: [u8; 4]| {
        let mut incoming = incoming(&Method::GET, "/status", "");
        if !key.is_empty() {
            incoming.headers.insert(API_KEY, HeaderValue::from_static(key));
        }
        let whence = Whence { address: Some(address.into()), ..Whence::default() };
        let reply = service.call_with(&gate, incoming, whence).await.reply;
        String::from_utf8(reply.body.to_vec()).unwrap()
    };
    let (here, there) = ([192, 0, 2, 1], [192, 0, 2, 2]);
    for heard in ["token", "token", "many", "many"] {
        assert_eq!(ask("guess", here).await, heard);
        assert_eq!(ask("", here).await, "token", "no key is no guess");
        assert_eq!(ask("a-key-of-a-good-length", here).await, "status ward");
    }
    assert_eq!(ask("guess", there).await, "token");
}
