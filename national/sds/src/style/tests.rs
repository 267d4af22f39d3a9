use std::fmt::Write;

use base::{Fault, Kind};

use super::render;
use crate::faults::TABLE;

/// Every error as callers see it. A change here is a change that callers see.
#[test]
fn every_fault_as_it_is_worded() {
    let mut text = String::new();
    for row in TABLE {
        let reply = render(&Fault::new(Kind::Incorrect, row.id, "Why"));
        assert_eq!(reply.status.as_u16(), row.status, "{}", row.id);
        assert_eq!(reply.headers["content-type"], fhir::MEDIA_TYPE);
        let body = String::from_utf8_lossy(&reply.body);
        writeln!(text, "{} {}\n  {body}", row.status, row.id).unwrap();
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_fault_of_another_room_says_nothing() {
    let reply = render(&Fault::broken("ELSEWHERE", "a secret"));
    assert_eq!(reply.status, 500);
    assert!(!String::from_utf8_lossy(&reply.body).contains("secret"));
}
