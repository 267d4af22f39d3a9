//! What changed between two looks.

use serde_json::json;

use super::*;

fn message(id: &str, states: &[&str]) -> Value {
    let numbered = states.iter().zip(1..);
    let deliveries: Vec<_> = numbered
        .map(|(state, number)| json!({ "number": number, "recipient": "B", "state": state }))
        .collect();
    json!({ "id": id, "from": "A", "deliveries": deliveries })
}

fn told(seen: &mut Seen, messages: &[Value]) -> Vec<String> {
    let changes = seen.changes(messages).into_iter();
    changes.map(|one| format!("{} {} {}", one.message, one.delivery, one.state)).collect()
}

#[test]
fn only_changes_are_told() {
    let mut seen = Seen::default();
    assert_eq!(told(&mut seen, &[message("M1", &["ready"])]), ["M1 1 ready"]);
    assert_eq!(told(&mut seen, &[message("M1", &["ready"])]), [""; 0]);
    let now = [message("M1", &["dead", "ready"]), message("M2", &["available"])];
    assert_eq!(told(&mut seen, &now), ["M1 1 dead", "M1 2 ready", "M2 1 available"]);
    assert_eq!(told(&mut seen, &now), [""; 0]);
}
