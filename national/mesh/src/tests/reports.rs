//! Reports about what did not arrive, and what testers may do.

use http::Method;
use serde_json::{Value, json};

use super::trial::{Ask, Trial, V2};

const FIVE_DAYS_S: i64 = 5 * 24 * 3600;

#[tokio::test]
async fn a_message_that_nobody_acknowledges_is_reported_once() {
    for fetched in [false, true] {
        let trial = Trial::new().await;
        let ask = Ask::send("ALPHA", "BETA", b"hello")
            .with("mex-localid", "mine-1")
            .with("mex-subject", "A letter")
            .with("mex-filename", "letter.txt")
            .with("mex-content-checksum", "abc");
        let id = trial.sent(ask).await;
        if fetched {
            trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await;
        }
        trial.pass_s(FIVE_DAYS_S - 1);
        trial.work().await;
        assert_eq!(trial.waiting("BETA").await, std::slice::from_ref(&id));
        trial.pass_s(1);
        trial.work().await;
        trial.work().await;
        assert!(trial.waiting("BETA").await.is_empty());
        assert_eq!(trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await.status, 410);
        assert_eq!(trial.acknowledge("BETA", &id).await.status, 410);

        let reports = trial.waiting("ALPHA").await;
        assert_eq!(reports.len(), 1);
        let target = format!("/inbox/{}", reports[0]);
        for method in [Method::GET, Method::HEAD] {
            let ask = Ask::new(method, "ALPHA", &target).with("accept", V2);
            let report = trial.ask(ask).await;
            assert_eq!((report.status.as_u16(), report.bytes.len()), (200, 0));
            for (name, value) in [
                ("mex-messagetype", "REPORT"),
                ("mex-statuscode", "14"),
                ("mex-statusevent", "SEND"),
                ("mex-statussuccess", "ERROR"),
                ("mex-statusdescription", "Message not collected by recipient after 5 days"),
                ("mex-linkedmsgid", &id),
                ("mex-to", "ALPHA"),
                ("mex-from", ""),
                ("mex-workflowid", "LETTER"),
                ("mex-localid", "mine-1"),
                ("mex-filename", "letter.txt"),
                ("mex-subject", "NDR: A letter"),
                ("mex-statustimestamp", "20261127100000"),
                ("mex-content-checksum", ""),
                ("mex-in-reply-to", ""),
            ] {
                assert_eq!(report.header(name), value, "{name}");
            }
        }
        let tracked = format!("/outbox/tracking?messageID={id}");
        let tracked = trial.ask(Ask::get("ALPHA", &tracked)).await.body;
        assert_eq!(
            (&tracked["status"], &tracked["status_success"]),
            (&json!("undeliverable"), &json!(false))
        );
        assert_eq!(trial.acknowledge("ALPHA", &reports[0]).await.status, 200);
        // Nobody reports on a report.
        trial.pass_s(2 * FIVE_DAYS_S);
        trial.work().await;
        assert!(trial.waiting("ALPHA").await.is_empty());
    }
}

#[tokio::test]
async fn bodies_go_after_thirty_days() {
    let trial = Trial::new().await;
    let id = trial.sent(Ask::send("ALPHA", "BETA", &vec![b'x'; 100_000])).await;
    trial.acknowledge("BETA", &id).await;
    trial.pass_s(30 * 24 * 3600 + 1);
    trial.work().await;
    assert_eq!(trial.ask(Ask::get("BETA", &format!("/inbox/{id}"))).await.status, 410);
    let tracked = format!("/outbox/tracking?messageID={id}");
    assert_eq!(trial.ask(Ask::get("ALPHA", &tracked)).await.body["status"], "acknowledged");
}

fn verb(method: Method, target: &str, body: &Value) -> Ask {
    let ask = Ask::new(method, "", target).token(None);
    if body.is_null() { ask } else { ask.bytes(body.to_string().as_bytes()) }
}

#[tokio::test]
async fn testers_make_up_reports() {
    let trial = Trial::with(|house| house.demonstration(true)).await;
    let linked = trial.sent(Ask::send("ALPHA", "BETA", b"x")).await;
    let body = json!({
        "mailbox_id": "ALPHA",
        "code": "21",
        "description": "Made up",
        "workflow_id": "LETTER",
        "subject": "s",
        "local_id": "l",
        "file_name": "f.txt",
        "linked_message_id": linked,
    });
    let id = trial.ask(verb(Method::POST, "/admin/report", &body)).await.id();
    assert_eq!(trial.waiting("ALPHA").await, std::slice::from_ref(&id));
    let report = trial.ask(Ask::get("ALPHA", &format!("/inbox/{id}"))).await;
    for (name, value) in [
        ("mex-messagetype", "REPORT"),
        ("mex-statuscode", "21"),
        ("mex-statusdescription", "Made up"),
        ("mex-linkedmsgid", linked.as_str()),
        ("mex-localid", "l"),
        ("mex-subject", "NDR: s"),
        ("mex-filename", "f.txt"),
        ("mex-total-chunks", "0"),
    ] {
        assert_eq!(report.header(name), value, "{name}");
    }
    let wrong = trial.ask(verb(Method::POST, "/admin/report", &json!({ "code": "21" }))).await;
    assert_eq!(wrong.body["detail"].as_array().unwrap().len(), 3);
    let nobody = json!({ "mailbox_id": "X", "code": "1", "description": "", "workflow_id": "" });
    assert_eq!(trial.ask(verb(Method::POST, "/admin/report", &nobody)).await.status, 404);
    let numbers = json!({ "mailbox_id": 1, "code": 2, "description": 3, "workflow_id": 4 });
    assert_eq!(trial.ask(verb(Method::POST, "/admin/report", &numbers)).await.status, 400);
}

#[tokio::test]
async fn testers_empty_mailboxes() {
    let trial = Trial::with(|house| house.demonstration(true)).await;
    let (old, new) = (
        trial.sent(Ask::send("ALPHA", "BETA", b"x")).await,
        trial.sent(Ask::send("ALPHA", "BETA", b"y")).await,
    );
    trial.ask(Ask::get("BETA", &format!("/inbox/{old}"))).await;
    let kept = trial.sent(Ask::send("ALPHA", "GAMMA", b"z")).await;
    let heard = trial.ask(verb(Method::DELETE, "/admin/reset/beta", &Value::Null)).await;
    assert_eq!(heard.body["message"], "mailbox BETA reset");
    assert!(trial.waiting("BETA").await.is_empty());
    assert_eq!(trial.waiting("GAMMA").await, [kept]);
    for id in [old, new] {
        let tracked = format!("/outbox/tracking?messageID={id}");
        assert_eq!(trial.ask(Ask::get("ALPHA", &tracked)).await.body["status"], "error");
    }
    assert!(trial.waiting("ALPHA").await.is_empty(), "nobody is told");
    let nobody = trial.ask(verb(Method::DELETE, "/admin/reset/NOBODY", &Value::Null)).await;
    assert_eq!(nobody.status, 404);
    assert_eq!(trial.ask(verb(Method::DELETE, "/admin/reset", &Value::Null)).await.status, 200);
    assert!(trial.waiting("GAMMA").await.is_empty());
}

#[tokio::test]
async fn testers_look_at_anything_and_say_what_happened() {
    let trial = Trial::with(|house| house.demonstration(true)).await;
    let id = trial.sent(Ask::send("ALPHA", "BETA", b"x")).await;
    let shown = trial.ask(verb(Method::GET, "/admin/mailbox/beta", &Value::Null)).await.body;
    assert_eq!((&shown["mailbox_id"], &shown["active"]), (&json!("BETA"), &json!(true)));
    let look = async || {
        trial.ask(verb(Method::GET, &format!("/admin/message/{id}"), &Value::Null)).await.body
    };
    assert_eq!(
        (&look().await["status"], &look().await["file_size"]),
        (&json!("Accepted"), &json!(1))
    );
    let event = async |status: &str| {
        let target = format!("/admin/message/{id}/event");
        trial.ask(verb(Method::POST, &target, &json!({ "status": status }))).await.status.as_u16()
    };
    assert_eq!(event("accepted").await, 200);
    assert_eq!(look().await["status"], "Accepted");
    assert_eq!(event("acknowledged").await, 200);
    assert_eq!(look().await["status"], "Acknowledged");
    assert_eq!(event("error").await, 200, "an end is an end");
    assert_eq!(look().await["status"], "Acknowledged");
    let other = trial.sent(Ask::send("ALPHA", "BETA", b"x")).await;
    let target = format!("/admin/message/{other}/event");
    trial.ask(verb(Method::POST, &target, &json!({ "status": "undeliverable" }))).await;
    assert!(trial.waiting("BETA").await.is_empty());
    for target in ["/admin/message/nonsense", "/admin/mailbox/NOBODY"] {
        assert_eq!(trial.ask(verb(Method::GET, target, &Value::Null)).await.status, 404);
    }
}

#[test]
fn only_a_demonstration_has_verbs() {
    let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
    let trial = runtime.block_on(Trial::new());
    assert!(crate::controls(&trial.house).is_none());
    let demonstration = trial.house.clone().demonstration(true);
    assert_eq!(crate::controls(&demonstration).unwrap().base, "/admin");
}
