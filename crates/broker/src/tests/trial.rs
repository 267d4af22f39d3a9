//! A broker to try things on: two mailboxes, two endpoints, a clock and dice in our hands.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use base::{Clock, Dice};
use bytes::Bytes;
use store::contents::{ContentId, WrittenPart};
use store::messages::{Delivery, MessageId};
use store::{Store, Transaction};
use tempfile::TempDir;

use crate::lane::Held;
use crate::push::Turn;
use crate::{
    Body, Broker, ENDPOINT, Endpoint, Envelope, MAILBOX, Mailbox, Outcome, Page, Push, Pusher,
    ROUTE, Receipt, Refused, Route, Settings, State, Submission, WORKFLOW, Workflow, pusher,
    record,
};

pub(crate) const START: &str = "2026-11-22T10:00:00Z";

/// A broker to try things on.
pub(crate) struct Trial {
    pub(crate) broker: Broker,
    pub(crate) clock: Clock,
    /// What the next pushes come to; delivered when empty.
    pub(crate) outcomes: Arc<Mutex<VecDeque<Outcome>>>,
    /// What was pushed.
    pub(crate) pushed: Arc<Mutex<Vec<Push>>>,
    pub(crate) carry: Pusher,
    _folder: TempDir,
}

impl Trial {
    pub(crate) async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let clock = Clock::stopped(START.parse().unwrap());
        let store = Store::open(folder.path(), clock.clone(), &Dice::seeded(1)).unwrap();
        store.commit(people()).await.unwrap();
        let settings = Settings { reserve_bytes: 0, ..Settings::default() };
        let broker = Broker::new(store, clock.clone(), Dice::seeded(2), settings).unwrap();
        let outcomes: Arc<Mutex<VecDeque<Outcome>>> = Arc::default();
        let pushed: Arc<Mutex<Vec<Push>>> = Arc::default();
        let (next, seen) = (Arc::clone(&outcomes), Arc::clone(&pushed));
        let carry = pusher(move |push| {
            let outcome = next.lock().unwrap().pop_front().unwrap_or(Outcome::Delivered);
            seen.lock().unwrap().push(push);
            async move { outcome }
        });
        Self { broker, clock, outcomes, pushed, carry, _folder: folder }
    }

    /// A broker over the same store, as after a restart.
    pub(crate) fn again(&self, owner: &str) -> Broker {
        let settings = Settings { owner: owner.to_owned(), ..self.broker.settings().clone() };
        let store = self.broker.store().clone();
        Broker::new(store, self.clock.clone(), Dice::seeded(3), settings).unwrap()
    }

    pub(crate) async fn send(&self, to: &str, body: &str) -> Receipt {
        self.try_send(letter("ALPHA", to), body).await.unwrap()
    }

    pub(crate) async fn try_send(
        &self,
        envelope: Envelope,
        body: &str,
    ) -> Result<Receipt, Refused> {
        self.broker.accept(submission(envelope, body)).await
    }

    pub(crate) fn waiting(&self, mailbox: &str) -> Vec<MessageId> {
        let page = Page { after: store::messages::DeliveryId(0), most: 100 };
        self.broker.waiting(mailbox, page, &|_| true).unwrap().messages
    }

    /// The state of a message's first delivery.
    pub(crate) fn state(&self, id: MessageId) -> State {
        self.broker.track(id).unwrap().deliveries[0].state
    }

    /// The states that a delivery went through.
    pub(crate) fn story(&self, id: MessageId, n: u64) -> Vec<&'static str> {
        let lines = self.broker.history(id.delivery(n)).unwrap();
        lines.iter().map(|line| line.state.name()).collect()
    }

    pub(crate) fn next(&self, outcome: Outcome) {
        self.outcomes.lock().unwrap().push_back(outcome);
    }

    pub(crate) async fn work(&self) {
        self.broker.work_once(&self.carry).await;
    }

    /// A worker's turn at a delivery.
    pub(crate) async fn turn(&self, delivery: &Delivery) -> Turn {
        let mut held = Held::new();
        self.broker.hold(&mut held).await.unwrap();
        let lane = delivery.status.lane;
        Turn { lane, epoch: held[&lane].0 }
    }

    pub(crate) fn pass_s(&self, seconds: i64) {
        self.clock.advance_ms(seconds * 1_000);
    }

    pub(crate) fn pushes(&self) -> usize {
        self.pushed.lock().unwrap().len()
    }
}

pub(crate) fn submission(envelope: Envelope, body: &str) -> Submission {
    let body = Bytes::from(body.to_owned());
    let envelope = Envelope { bytes: body.len() as u64, ..envelope };
    Submission { envelope, body: Body::Inline(body), named: false, with: Transaction::new() }
}

pub(crate) fn letter(from: &str, to: &str) -> Envelope {
    Envelope {
        wire: "test".into(),
        from: from.into(),
        to: to.into(),
        kind: "LETTER".into(),
        parts: 1,
        ..Envelope::default()
    }
}

/// A part of a message, on disk but of nothing yet.
pub(crate) fn part(broker: &Broker, id: MessageId, number: u32, text: &str) -> WrittenPart {
    let mut writer = broker.store().contents().write(ContentId(id.0), number).unwrap();
    writer.write(text.as_bytes()).unwrap();
    writer.finish(String::new()).unwrap()
}

/// Sends the first part of a message that has so many.
pub(crate) async fn begin(trial: &Trial, to: &str, of: u32) -> MessageId {
    let id = trial.broker.reserve();
    let first = part(&trial.broker, id, 1, "one");
    let body = Body::Parts { id, of, first };
    let envelope = letter("ALPHA", to);
    let submission = Submission { envelope, body, named: false, with: Transaction::new() };
    assert_eq!(trial.broker.accept(submission).await.unwrap().id, id);
    id
}

/// Carries nothing anywhere: whoever begins comes to a bad end.
pub(crate) fn deadly() -> Pusher {
    pusher(|_| async { std::panic::resume_unwind(Box::new("a push that dies")) })
}

pub(crate) fn failed(why: &str) -> Outcome {
    Outcome::Failed { why: why.into(), after_s: None }
}

fn people() -> Transaction {
    let mailbox = |id: &str| Mailbox {
        id: id.into(),
        name: String::new(),
        organisation: "Y12345".into(),
        closed: id == "CLOSED",
    };
    let endpoint = |name: &str| Endpoint {
        name: name.into(),
        url: "http://127.0.0.1:9".into(),
        wire: "plain".into(),
        organisation: String::new(),
        secrets: Vec::new(),
        acknowledges: name == "THINKS",
        in_order: false,
        pushes_max: 4,
        push_s_max: 30,
        private: true,
        closed: false,
    };
    let route = Route {
        name: "both".into(),
        to: "BOTH".into(),
        kind: String::new(),
        deliver: vec!["BETA".into(), "HOOK".into()],
        ordered: false,
        halt: false,
        deadline_s: 0,
    };
    let ordered = |name: &str, halt: bool| Route {
        name: name.into(),
        to: name.into(),
        deliver: vec!["HOOK".into()],
        ordered: true,
        halt,
        ..route.clone()
    };
    let thinking = Route { deliver: vec!["THINKS".into()], ..ordered("THINKING", false) };
    let workflow = Workflow {
        id: "CLOSED_SHOP".into(),
        name: String::new(),
        senders: vec!["ALPHA".into()],
        receivers: vec!["BETA".into()],
    };
    let mut transaction = Transaction::new();
    for id in ["ALPHA", "BETA", "CLOSED"] {
        transaction = transaction.record(record(MAILBOX, id, &mailbox(id)));
    }
    for name in ["HOOK", "THINKS"] {
        transaction = transaction.record(record(ENDPOINT, name, &endpoint(name)));
    }
    transaction
        .record(record(ROUTE, "both", &route))
        .record(record(ROUTE, "IN-ORDER", &ordered("IN-ORDER", false)))
        .record(record(ROUTE, "HALTING", &ordered("HALTING", true)))
        .record(record(ROUTE, "THINKING", &thinking))
        .record(record(WORKFLOW, "CLOSED_SHOP", &workflow))
}
