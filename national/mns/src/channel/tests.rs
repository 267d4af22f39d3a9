use super::*;

#[test]
fn endpoints_are_told_apart() {
    let mesh = |mailbox: &str, workflow: &str| {
        Ok(Channel { kind: "MESH", deliver: mailbox.into(), workflow: workflow.into() })
    };
    let push =
        |name: &str| Ok(Channel { kind: "webhook", deliver: name.into(), workflow: String::new() });
    let long = format!("mesh://A?workflow_id={}", "w".repeat(TOPIC_BYTES_MAX + 1));
    for (text, expected) in [
        ("mesh://X26ABC1?workflow_id=MY_WORKFLOW_1.1-A", mesh("X26ABC1", "MY_WORKFLOW_1.1-A")),
        ("mesh://x26abc1?workflow_id=w", mesh("X26ABC1", "w")),
        ("webhook:ward-7", push("ward-7")),
        ("mesh://X26ABC1", Err(FORMS)),
        ("mesh://?workflow_id=w", Err(FORMS)),
        ("mesh://X26 ABC1?workflow_id=w", Err(FORMS)),
        ("mesh://X26ABC1?workflow_id=", Err(FORMS)),
        ("mesh://X26ABC1?workflow_id=a b", Err(FORMS)),
        ("mesh://X26ABC1/?workflow_id=w", Err(FORMS)),
        (&long, Err(FORMS)),
        ("webhook:", Err(FORMS)),
        ("https://example.org/", Err(FORMS)),
        ("", Err(FORMS)),
        ("arn:aws:sqs:eu-west-2:123456789012:queue1", Err(NO_QUEUES)),
    ] {
        assert_eq!(Channel::parse(text), expected, "{text}");
    }
}
