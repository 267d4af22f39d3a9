//! Scenarios: a message in, its acknowledgement out, and what the broker has then.

use base::{Clock, Dice};
use broker::{BodyReader, Broker, MAILBOX, Mailbox, Settings, Tracked, WORKFLOW, Workflow, record};
use hl7v2::Message;
use security::{Caller, Mode};
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::House;

struct Trial {
    house: House,
    clock: Clock,
    _folder: TempDir,
}

impl Trial {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped("2026-11-22T10:00:00Z".parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        let mut transaction = Transaction::new();
        for (id, organisation) in [("ALPHA", "A1"), ("BETA", "B2")] {
            let mailbox = Mailbox {
                id: id.into(),
                name: String::new(),
                organisation: organisation.into(),
                closed: false,
            };
            transaction = transaction.record(record(MAILBOX, id, &mailbox));
        }
        let closed = Workflow {
            id: "ADT^A99".into(),
            name: String::new(),
            senders: vec!["BETA".into()],
            receivers: vec![],
        };
        transaction = transaction.record(record(WORKFLOW, "ADT^A99", &closed));
        store.commit(transaction).await.unwrap();
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let broker = Broker::new(store, clock.clone(), Dice::seeded(2), settings).unwrap();
        Self { house: House::new(broker, clock.clone()), clock, _folder: folder }
    }

    /// What is answered to a system of an organisation; `-` when nothing is.
    async fn say(&self, organisation: &str, message: &str) -> String {
        let caller = Caller {
            mode: Mode::System,
            organisation: organisation.into(),
            ..Caller::application("lab".into())
        };
        let caller = (!organisation.is_empty()).then_some(&caller);
        let answer = self.house.receive(caller, message.as_bytes().to_vec().into()).await;
        answer.map_or("-".into(), |answer| String::from_utf8(answer).unwrap().replace('\r', "\n"))
    }
}

/// The code of an acknowledgement, and of its first error: `AR 204`.
fn verdict(answer: &str) -> String {
    let text = answer.replace('\n', "\r");
    let Ok(message) = Message::read(text.as_bytes()) else { return answer.into() };
    let code = message.segment("MSA").unwrap().field(1).text();
    match message.segment("ERR") {
        Some(error) => format!("{code} {}", error.field(3).component(1).text()),
        None => code,
    }
}

fn admit(from: &str, to: &str, id: &str, rest: &str) -> String {
    format!("MSH|^~\\&|LAB|{from}|GP|{to}|2026||ADT^A01|{id}|P|2.5{rest}\rPID|1||9999999999\r")
}

#[tokio::test]
async fn each_message_has_its_answer() {
    let trial = Trial::new().await;
    let rows = [
        ("A1", admit("A1", "BETA", "1", ""), "AA"),
        ("A1", admit("alpha", "beta", "2", ""), "AA"),
        ("A1", admit("ALPHA", "BETA", "3", "|||AL|NE"), "CA"),
        ("A1", admit("ALPHA", "BETA", "4", "|||NE|NE"), "-"),
        ("A1", admit("B2", "BETA", "5", ""), "AR 204"),
        ("A1", admit("BETA", "ALPHA", "6", ""), "AR 204"),
        ("A1", admit("", "BETA", "7", ""), "AR 204"),
        ("A1", admit("ALPHA", "GAMMA", "8", ""), "AR 204"),
        ("A1", admit("ALPHA", "", "9", "|||AL"), "CR 204"),
        ("", admit("ALPHA", "BETA", "10", ""), "AR 207"),
        ("A1", admit("ALPHA", "BETA", "", ""), "AR 101"),
        ("A1", admit("ALPHA", "BETA", "11", "").replace("A01", "A99"), "AR 200"),
        ("A1", "hello".into(), "-"),
        ("A1", String::new(), "-"),
    ];
    for (organisation, message, wanted) in rows {
        assert_eq!(verdict(&trial.say(organisation, &message).await), wanted, "{message}");
    }
    let waiting = trial.house.broker.find(&broker::Query { most: 100, ..Default::default() });
    assert_eq!(waiting.unwrap().messages.len(), 4, "what is refused is not kept");
}

#[tokio::test]
async fn a_repeat_is_answered_the_same() {
    let trial = Trial::new().await;
    let message = admit("ALPHA", "BETA", "77", "");
    let first = trial.say("A1", &message).await;
    trial.clock.advance_ms(60_000);
    assert_eq!(trial.say("A1", &message).await, first);
    assert_eq!(verdict(&trial.say("A1", &format!("{message}NTE|1\r")).await), "AE 205");
    let other = message.replace("LAB", "WARD");
    let other = trial.say("A1", &other).await;
    assert_eq!(verdict(&other), "AA", "another application counts for itself");
    assert_ne!(other, first);
}

#[tokio::test]
async fn bodies_are_kept_byte_for_byte() {
    let trial = Trial::new().await;
    for (id, bytes) in [("1", 10), ("2", 200_000)] {
        let message =
            format!("{}OBX|1|{}\n\r\n", admit("ALPHA", "BETA", id, ""), "x".repeat(bytes));
        assert_eq!(verdict(&trial.say("A1", &message).await), "AA");
        let found = trial.house.broker.track_local("ALPHA", &format!("LAB/{id}")).unwrap();
        assert_eq!(found[0].envelope.bytes, message.len() as u64);
        let kept = kept(&trial, &found[0]);
        assert_eq!(kept, message.as_bytes());
    }
}

/// The body of a message.
fn kept(trial: &Trial, message: &Tracked) -> Vec<u8> {
    let store = trial.house.broker.store();
    let found = store.messages().get(message.id).unwrap().unwrap();
    let Some(content) = found.content else { return found.body.to_vec() };
    let mut reader = BodyReader::open(store, content).unwrap().unwrap();
    let mut kept = Vec::new();
    while let Some(block) = reader.next_block().unwrap() {
        kept.extend_from_slice(&block);
    }
    kept
}

#[tokio::test]
async fn an_answer_joins_the_conversation_of_what_it_answers() {
    let trial = Trial::new().await;
    trial.say("A1", &admit("ALPHA", "BETA", "5", "")).await;
    let asked = trial.house.broker.track_local("ALPHA", "LAB/5").unwrap().remove(0);
    let answer =
        |msa: &str| format!("MSH|^~\\&|GP|BETA|LAB|ALPHA|||ACK^A01|8{msa}|P|2.5\rMSA|AA|{msa}\r");
    trial.say("B2", &answer("5")).await;
    let answered = trial.house.broker.track_local("BETA", "GP/85").unwrap().remove(0);
    assert_eq!(answered.envelope.in_reply_to, Some(asked.id.into()));
    assert_eq!(answered.envelope.refuses, "");
    let error = answer("5").replace("|85|", "|7|").replace("AA|5", "AE|5\rERR|||204|E");
    trial.say("B2", &error).await;
    let refused = trial.house.broker.track_local("BETA", "GP/7").unwrap().remove(0);
    assert_eq!(refused.envelope.refuses, "AE 204, Unknown key identifier");
    trial.say("B2", &answer("6")).await;
    let stray = trial.house.broker.track_local("BETA", "GP/86").unwrap().remove(0);
    assert_eq!(stray.envelope.in_reply_to, None);
}
