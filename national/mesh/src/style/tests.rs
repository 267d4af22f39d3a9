use std::fmt::Write;

use base::{Fault, Kind};

use super::render;
use crate::faults::{TABLE, about};
use crate::validation::Wrong;
use crate::version::V2_JSON;

/// Every error as each version words it. A change here is a change that callers see.
#[test]
fn every_fault_in_every_dialect() {
    let mut text = String::new();
    for row in TABLE.iter().filter(|row| row.id != "VALIDATION") {
        let fault = Fault::new(Kind::Incorrect, row.id, "");
        writeln!(text, "{} {}", row.status, row.id).unwrap();
        for accept in ["", V2_JSON] {
            let reply = render(&fault, accept);
            assert_eq!(reply.status.as_u16(), row.status, "{}", row.id);
            let media_type = reply.headers["content-type"].to_str().unwrap();
            let body = String::from_utf8_lossy(&reply.body);
            writeln!(text, "  {media_type} {body}").unwrap();
        }
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_fault_about_a_message_names_it() {
    let fault = about("CHUNK_RANGE", "the-id");
    let body = |accept| String::from_utf8(render(&fault, accept).body.to_vec()).unwrap();
    assert!(body("").starts_with(r#"{"messageID":"the-id","errorEvent":"SEND","#));
    assert!(body(V2_JSON).starts_with(r#"{"message_id":"the-id","detail":[{"event":"SEND","#));
}

#[test]
fn what_is_wrong_with_a_request_is_listed_the_same_in_both_versions() {
    let mut wrong = Wrong::default();
    wrong.missing(("header", "mex-to"));
    wrong.length(("query", "continue_from"), "abc", 24, 1_000);
    wrong.length(("header", "mex-chunk-range"), &"1".repeat(21), 0, 20);
    wrong.number(("query", "max_results"), "x", 10, 5_000);
    wrong.number(("query", "max_results"), "9", 10, 5_000);
    wrong.number(("query", "max_results"), "5001", 10, 5_000);
    wrong.value(("query", "start_time"), "x", "this is no time");
    let fault = wrong.done().unwrap_err();
    let one = render(&fault, "");
    assert_eq!(one.status, 400);
    assert_eq!(one.headers["content-type"], "application/json");
    assert_eq!(one.body, render(&fault, V2_JSON).body);
    let body: serde_json::Value = serde_json::from_slice(&one.body).unwrap();
    insta::assert_json_snapshot!(body);
}

#[test]
fn a_fault_of_another_room_says_nothing() {
    let fault = Fault::broken("ELSEWHERE", "a secret");
    let reply = render(&fault, "");
    assert_eq!(reply.status, 500);
    assert!(!String::from_utf8_lossy(&reply.body).contains("secret"));
}
