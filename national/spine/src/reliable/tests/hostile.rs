//! Parties with a good certificate and bad intentions.

use hl7v3::ebxml::{Header, Message, Package, Problem};

use super::trial::{NATIONAL, NEW, OLD, Trial, acknowledgment, related, request, text_of};

const AT: &str = "2026-11-22T10:00:05Z";

/// A message error of a party, about one of its messages and in a conversation.
fn error(from: &str, about: &Header, conversation: &str) -> Package {
    let mut signal = Message::refusing(about, "E-1", AT, vec![Problem::error("Unknown", "no")]);
    signal.header.from.id = from.to_owned();
    signal.header.conversation = conversation.to_owned();
    Package::alone(signal)
}

#[tokio::test]
async fn what_a_signal_names_is_as_short_and_as_plain_as_in_any_message() {
    type Change = fn(&mut Header);
    let changes: [Change; 6] = [
        |it| it.message_id = "M".repeat(300),
        |it| it.conversation = "C".repeat(300_000),
        |it| it.cpa = "S".repeat(300),
        |it| it.action = "Acknowledgment\n2026-11-22 forged".into(),
        |it| it.message_id = "M\u{9b}2J".into(),
        |it| it.ref_to = Some("R".repeat(300)),
    ];
    for (number, change) in changes.iter().enumerate() {
        let trial = Trial::new().await;
        trial.post("/forwardreliable", &request("M-1")).await;
        trial.work().await;
        trial.take_got();
        let (before, _) = trial.house.broker.store().audit().head().unwrap();
        let mut signal = acknowledgment(&request("M-1"));
        change(&mut signal.message.header);
        let reply = trial.post("/forwardreliable", &signal).await;
        assert_eq!(reply.status, 200, "{number}");
        let said = Package::read("text/xml", &reply.body).unwrap().message;
        assert!(matches!(said.content, hl7v3::ebxml::Content::Errors(_)), "{number}");
        assert_eq!(trial.house.broker.store().audit().head().unwrap().0, before, "{number}");
        trial.work().await;
        assert!(trial.take_got().is_empty(), "{number}");
    }
}

#[tokio::test]
async fn a_content_type_that_no_header_can_hold_is_refused() {
    let trial = Trial::new().await;
    let (_, body) = request("M-1").write(&related()).unwrap();
    let kind = format!("{}; x={}", related(), "y".repeat(1_000));
    let reply = trial.post_raw("/forwardreliable", &kind, body).await;
    assert_eq!(reply.status, 500);
    assert!(String::from_utf8_lossy(&reply.body).contains("content type is too long"));
}

#[tokio::test]
async fn who_got_a_message_of_one_conversation_has_no_say_in_another() {
    let trial = Trial::new().await;
    trial.add_party("Z99999-000009").await;
    let mut theirs = request("M-2");
    theirs.message.header.to.id = "Z99999-000009".to_owned();
    theirs.message.header.conversation = "0C0C".to_owned();
    for sent in [&request("M-1"), &theirs] {
        assert_eq!(trial.post("/forwardreliable", sent).await.status, 202);
    }
    trial.work().await;
    trial.take_got();
    let about = theirs.message.header;
    let between = &request("M-1").message.header.conversation;
    let reply = trial.post("/forwardreliable", &error("Z99999-000009", &about, between)).await;
    assert_eq!(reply.status, 200, "a message error, and not taken on");
    trial.work().await;
    assert!(trial.take_got().is_empty());
    // In its own it has, in whichever case it writes it.
    let reply = trial.post("/forwardreliable", &error("Z99999-000009", &about, "0c0c")).await;
    assert_eq!(reply.status, 202);
}

#[tokio::test]
async fn an_answer_that_says_it_is_from_somebody_else_is_not_passed_on() {
    type Change = fn(&mut Header);
    let changes: [Change; 3] = [
        |it| it.from.id = NATIONAL.into(),
        |it| it.to.id = NATIONAL.into(),
        |it| it.conversation = "0C0C".into(),
    ];
    for change in changes {
        let trial = Trial::new().await;
        let sent = request("M-1");
        let mut forged = acknowledgment(&sent);
        change(&mut forged.message.header);
        trial.says(200, &text_of(&forged));
        trial.post("/forwardreliable", &sent).await;
        trial.work().await;
        assert_eq!(trial.story(NEW, "M-1"), ["ready", "sent"]);
        trial.work().await;
        assert_eq!(trial.take_got().len(), 1, "the message, and nothing to its sender");
    }
}

#[tokio::test]
async fn only_a_uuid_goes_beside_a_message_as_its_conversation() {
    let named = "0C5A1B9E-6E4B-4C0B-9F4C-3F1B5B0A7A11";
    for (conversation, due) in [(named, Some(named)), ("6F1D", None)] {
        let trial = Trial::new().await;
        let mut sent = request("M-1");
        sent.message.header.conversation = conversation.to_owned();
        trial.post("/forwardreliable", &sent).await;
        trial.work().await;
        let got = trial.take_got();
        assert_eq!(got[0].correlation.as_deref(), due);
        assert_eq!(got[0].url, format!("http://{OLD}.example/in"));
    }
}
