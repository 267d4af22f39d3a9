use base::{Fault, Kind};
use serde_json::Value;

use super::STYLE;
use crate::faults::TABLE;

#[test]
fn every_row_is_a_problem() {
    for row in TABLE {
        let reply = (STYLE.render)(&Fault::new(Kind::Incorrect, row.id, ""), "");
        assert_eq!(reply.status.as_u16(), row.status, "{}", row.id);
        assert_eq!(reply.headers["content-type"], "application/problem+json");
        let problem: Value = serde_json::from_slice(&reply.body).unwrap();
        let title = reply.status.canonical_reason().unwrap();
        assert_eq!(problem["type"], "about:blank");
        assert_eq!((&problem["title"], &problem["code"]), (&title.into(), &row.id.into()));
        assert_eq!(problem["detail"], row.display, "nothing else was said");
    }
}

#[test]
fn what_has_no_row_is_the_houses_fault_and_says_nothing() {
    let fault = Fault::broken("FROM_ANOTHER_ROOM", "the disk of bay 4");
    let reply = (STYLE.render)(&fault, "");
    assert_eq!(reply.status, 500);
    assert!(!String::from_utf8(reply.body.to_vec()).unwrap().contains("bay 4"));
}
