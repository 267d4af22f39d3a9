//! What people read about messages.

use serde_json::json;

use super::*;

#[test]
fn a_message_reads_as_a_timeline() {
    let shown = json!({
        "id": "M1", "wire": "mesh", "conversation": "M1", "from": "A", "to": "B", "type": "W",
        "bytes": 5, "accepted": "2026-01-01T10:00:00.001Z", "erased": true,
        "deliveries": [
            { "number": 1, "recipient": "B", "state": "expired", "history": [
                { "at": "2026-01-01T10:00:00.001Z", "state": "available", "who": "A" },
                { "at": "2026-01-06T10:00:00Z", "state": "expired", "why": "too late" },
            ] },
            { "number": 2, "recipient": "B", "state": "waiting", "resend_of": 1,
              "problem": "503", "deadline": "2026-01-11T10:00:00Z", "history": [
                { "at": "2026-01-06T11:00:00Z", "state": "waiting", "took_ms": 12, "why": "503" },
            ] },
        ],
    });
    assert_eq!(
        message(&shown),
        [
            "message       M1",
            "type          W",
            "from          A",
            "to            B",
            "accepted      2026-01-01T10:00:00.001Z",
            "came by       mesh",
            "conversation  M1",
            "bytes         5, erased",
            "",
            "delivery 1 to B: expired",
            "  2026-01-01T10:00:00.001Z  available     by A",
            "  2026-01-06T10:00:00.000Z  expired       too late",
            "",
            "delivery 2 to B, delivery 1 again: waiting",
            "  2026-01-06T11:00:00.000Z  waiting       503  in 12 ms",
            "  last problem: 503",
            "  given up at: 2026-01-11T10:00:00Z",
        ]
    );
    assert_eq!(summary(&shown), "2026-01-01T10:00:00Z  M1  W  A -> B  expired, waiting");
}

#[test]
fn a_conversation_reads_in_order() {
    let shown = json!({
        "id": "C", "messages": [{}, {}],
        "events": [
            { "at": "2026-01-01T10:00:00Z", "state": "accepted", "who": "A", "message": "M1",
              "role": "request" },
            { "at": "2026-01-01T10:00:01Z", "state": "collected", "recipient": "B",
              "message": "M1", "role": "request", "delivery": 1 },
        ],
    });
    assert_eq!(
        conversation(&shown),
        [
            "conversation  C, 2 messages",
            "",
            "2026-01-01T10:00:00.000Z  request  M1  accepted  by A",
            "2026-01-01T10:00:01.000Z  request  M1  collected for B",
        ]
    );
}

#[test]
fn what_is_missing_is_no_trouble() {
    assert_eq!(summary(&json!({})), "      - -> -  for nobody");
    assert_eq!(message(&json!({})), ["bytes         0"]);
}
