//! What senders, receivers and operators do, and how they note what they are told.

use base::Clock;
use broker::{
    Body, Broker, ENDPOINT, Envelope, Form, MAILBOX, Page, Publication, Reason, Refused, State,
    Submission, record,
};
use bytes::Bytes;
use store::contents::{ContentId, WrittenPart};
use store::messages::{DeliveryId, MessageId};
use store::{Store, Transaction};

use crate::chance::{Chance, cut_off};
use crate::far::{self, Far, Mood};
use crate::ledger::{Fate, Letter, Shared};
use crate::world::{ENDPOINTS, MAILBOXES, World, endpoint, mailbox};

const SENDERS: [&str; 5] = ["M0", "M1", "M2", "E3", "STRANGER"];
const PLACES: [&str; 17] = [
    "M0", "M1", "M2", "E0", "E1", "E2", "E3", "BOTH", "BOTH", "SOON", "KEYED", "KEYED", "JUDGED",
    "JUDGED", "HALTS", "HALTS", "NOBODY",
];
const MOODS: [Mood; 4] = [Mood::Well, Mood::Moody, Mood::Moody, Mood::Down];

/// One who does something.
#[derive(Clone)]
pub(crate) struct Hand {
    pub(crate) front: Broker,
    pub(crate) back: Broker,
    pub(crate) truth: Store,
    pub(crate) ledger: Shared,
    pub(crate) far: Far,
    pub(crate) chance: Chance,
    pub(crate) clock: Clock,
}

impl Hand {
    pub(crate) fn of(world: &World) -> Self {
        let life = world.life();
        Self {
            front: life.front.clone(),
            back: life.back.clone(),
            truth: life.truth.clone(),
            ledger: world.ledger.clone(),
            far: world.far.clone(),
            chance: world.chance.apart(),
            clock: world.clock.clone(),
        }
    }

    /// After how many looks at it a call is given up, if it is.
    fn cut(&self) -> Option<u64> {
        self.chance.percent(12).then(|| 1 + self.chance.below(3))
    }

    fn tell(&self, line: String) {
        self.ledger.lock().tell(line);
    }

    pub(crate) fn wrong(&self, what: String) {
        self.ledger.lock().wrong.push(what);
    }

    fn known(&self) -> Option<MessageId> {
        self.chance.pick(&self.ledger.lock().known).copied()
    }

    /// A delivery of a message that somebody was told of.
    fn delivery(&self) -> Option<store::messages::Delivery> {
        let deliveries = self.truth.messages().deliveries(self.known()?).unwrap();
        self.chance.pick(&deliveries).cloned()
    }

    /// A letter that is new, or one that was sent before, or one with the name of another.
    fn letter(&self) -> Letter {
        let mut ledger = self.ledger.lock();
        let sent = self.chance.below(ledger.letters.len() as u64) as usize;
        let again = ledger.letters.values().nth(sent).map(|(letter, _)| letter.clone());
        if let Some(letter) = again.filter(|letter| letter.named && self.chance.percent(50)) {
            if self.chance.percent(70) {
                return letter;
            }
            return Letter { token: ledger.number(), key: String::new(), ..letter };
        }
        let token = ledger.number();
        let to = *self.chance.pick(&PLACES).unwrap();
        let ordered = matches!(to, "KEYED" | "JUDGED" | "HALTS") && self.chance.percent(90);
        let key = if ordered { format!("key {}", self.chance.below(2)) } else { String::new() };
        let parts = if self.chance.percent(20) { 1 + self.chance.below(3) as u32 } else { 0 };
        Letter {
            token,
            from: (*self.chance.pick(&SENDERS).unwrap()).to_owned(),
            to: to.to_owned(),
            local_id: format!("local {token}"),
            named: self.chance.percent(50),
            key,
            parts,
        }
    }

    /// Sends a letter. One after the other where order matters: what is sent at the same time has
    /// none.
    pub(crate) async fn send(self) {
        let letter = self.letter();
        let busy = (letter.to.clone(), letter.key.clone());
        if !letter.key.is_empty() && !self.ledger.lock().busy.insert(busy.clone()) {
            return;
        }
        self.hand_over(&letter, None).await;
        self.ledger.lock().busy.remove(&busy);
    }

    /// Answers a message that was acknowledged.
    pub(crate) async fn reply(self) {
        let acknowledged: Vec<_> = self.ledger.lock().acknowledged.iter().cloned().collect();
        let Some((from, id)) = self.chance.pick(&acknowledged).cloned() else { return };
        let token = self.ledger.lock().number();
        let letter = Letter {
            token,
            from,
            to: "M0".to_owned(),
            local_id: String::new(),
            named: false,
            key: String::new(),
            parts: 0,
        };
        self.hand_over(&letter, Some(id)).await;
    }

    async fn hand_over(&self, letter: &Letter, reply: Option<MessageId>) {
        let Some(submission) = self.submission(letter, reply) else { return };
        {
            let mut ledger = self.ledger.lock();
            let begin = || (letter.clone(), Fate::default());
            ledger.letters.entry(letter.token).or_insert_with(begin).1.unknown += 1;
            ledger.tell(format!("{letter:?} is sent"));
        }
        let nowhere = letter.to == "NOBODY" && self.chance.percent(70);
        let cut = self.cut();
        let told = if nowhere {
            let reason = Reason::NoRecipient(letter.to.clone());
            let call = self.front.accept_undeliverable(submission, reason, "nobody is there");
            cut_off(call, cut).await
        } else {
            cut_off(self.front.accept(submission), cut).await
        };
        self.tell(format!("letter {} came to {told:?}", letter.token));
        let mut ledger = self.ledger.lock();
        let unknown = matches!(&told, None | Some(Err(Refused::Store(_))));
        if let Some((_, fate)) = ledger.letters.get_mut(&letter.token).filter(|_| !unknown) {
            fate.unknown -= 1;
        }
        match told {
            Some(Ok(receipt)) => {
                ledger.receipt(letter, receipt.id);
                if letter.parts > 1 && !nowhere {
                    ledger.uploads.push((receipt.id, letter.token));
                }
            }
            Some(Err(Refused::OtherContent(id))) => {
                let name = (letter.from.clone(), letter.local_id.clone());
                let first = ledger.names.get(&name).copied();
                let same = first.is_some_and(|(first, token)| first != id || token == letter.token);
                if !letter.named || same {
                    ledger.wrong.push(format!("law 4: {letter:?} is not other than {first:?}"));
                }
            }
            _ => {}
        }
    }

    fn submission(&self, letter: &Letter, reply: Option<MessageId>) -> Option<Submission> {
        let envelope = Envelope {
            wire: "test".into(),
            from: letter.from.clone(),
            to: letter.to.clone(),
            kind: "LETTER".into(),
            local_id: letter.local_id.clone(),
            ordering_key: letter.key.clone(),
            in_reply_to: reply.map(Into::into),
            bytes: letter.whole().len() as u64,
            parts: 1,
            extra: vec![("token".into(), letter.token.to_string())],
            ..Envelope::default()
        };
        let body = if letter.parts == 0 {
            Body::Inline(Bytes::from(letter.text(0)))
        } else {
            let id = self.front.reserve();
            Body::Parts { id, of: letter.parts, first: self.part(id, letter, 1)? }
        };
        Some(Submission { envelope, body, named: letter.named, with: Transaction::new() })
    }

    fn part(&self, id: MessageId, letter: &Letter, number: u32) -> Option<WrittenPart> {
        let mut writer = self.front.store().contents().write(ContentId(id.0), number).ok()?;
        writer.write(letter.text(number).as_bytes()).ok()?;
        writer.finish(String::new()).ok()
    }

    /// Hands over a part of a letter; any part, also one that came before.
    pub(crate) async fn upload(self) {
        let (id, letter) = {
            let ledger = self.ledger.lock();
            let Some((id, token)) = self.chance.pick(&ledger.uploads).copied() else { return };
            let Some((letter, _)) = ledger.letters.get(&token) else { return };
            (id, letter.clone())
        };
        let number = 1 + self.chance.below(u64::from(letter.parts)) as u32;
        let Some(part) = self.part(id, &letter, number) else { return };
        let told = cut_off(self.front.add_part(&letter.from, id, part), self.cut()).await;
        self.tell(format!("part {number} of {id:?} came to {told:?}"));
        if let Some(Ok(content)) = told
            && content.is_whole()
        {
            self.ledger.lock().whole.insert(id);
        }
    }

    /// Fetches a message from a mailbox, and says or does not say that it arrived.
    pub(crate) async fn collect(self) {
        let mailbox = *self.chance.pick(&MAILBOXES).unwrap();
        let page = Page { after: DeliveryId(0), most: 30 };
        let Ok(waiting) = self.front.waiting(mailbox, page, &|_| true) else { return };
        let Some(id) = self.chance.pick(&waiting.messages).copied() else { return };
        self.ledger.lock().known.push(id);
        if self.chance.percent(80) {
            let call = self.front.collect(mailbox, id, Transaction::new());
            let told = cut_off(call, self.cut()).await;
            self.tell(format!("{mailbox} fetched {id:?}: {}", matches!(told, Some(Ok(_)))));
            let Some(Ok(parcel)) = told else { return };
            let came = far::body(&self.truth, &parcel.body, parcel.content);
            let token = parcel.envelope.extra("token").and_then(|token| token.parse().ok());
            let sent = token.filter(|_| !parcel.envelope.is_report()).and_then(|token: u64| {
                let ledger = self.ledger.lock();
                ledger.letters.get(&token).map(|(letter, _)| letter.whole())
            });
            if sent.is_some() && came != sent {
                self.wrong(format!("law 1: {id:?} was fetched as {came:?}, sent as {sent:?}"));
            }
        }
        if self.chance.percent(60) {
            let call = self.front.acknowledge(mailbox, id, Transaction::new());
            let told = cut_off(call, self.cut()).await;
            self.tell(format!("{mailbox} acknowledged {id:?}: {told:?}"));
            if let Some(Ok(())) = told {
                self.ledger.lock().acknowledged.insert((mailbox.to_owned(), id));
            }
        }
    }

    pub(crate) async fn cancel(self) {
        let Some(id) = self.known() else { return };
        let deliveries = self.truth.messages().deliveries(id).unwrap();
        let told = cut_off(self.front.cancel(id, "somebody"), self.cut()).await;
        self.tell(format!("{id:?} is cancelled: {told:?}"));
        if let Some(Ok(())) = told {
            let ids = deliveries.iter().map(|delivery| delivery.id);
            self.ledger.lock().cancelled.extend(ids);
        }
    }

    pub(crate) async fn withdraw(self) {
        let Some(delivery) = self.delivery() else { return };
        let (mailbox, id) = (&delivery.status.recipient, delivery.id.message());
        let told = cut_off(self.front.withdraw(mailbox, id, "somebody"), self.cut()).await;
        self.tell(format!("{id:?} is withdrawn from {mailbox}: {told:?}"));
    }

    pub(crate) async fn resend(self) {
        let Some(delivery) = self.delivery() else { return };
        self.ledger.lock().passable.insert(delivery.id);
        let told = cut_off(self.front.resend(delivery.id, "me", "asked to"), self.cut()).await;
        self.tell(format!("{:?} is sent again: {told:?}", delivery.id));
        if let Some(Ok(new)) = told {
            self.ledger.lock().resent.insert(new, delivery.id);
        }
    }

    /// Lets others pass one that was given up.
    pub(crate) async fn release(self) {
        let Some(delivery) = self.delivery() else { return };
        let failed = [State::Dead, State::Expired, State::Refused];
        if delivery.status.listed && failed.iter().any(|one| *one as u8 == delivery.status.state) {
            self.ledger.lock().passable.insert(delivery.id);
            let told = cut_off(self.front.release(delivery.id), self.cut()).await;
            self.tell(format!("{:?} is released: {told:?}", delivery.id));
        }
    }

    /// Says what a receiver thinks of what arrived.
    pub(crate) async fn judge(self) {
        let arrived: Vec<_> = self.ledger.lock().arrivals.keys().map(|(id, _)| *id).collect();
        let Some(id) = self.chance.pick(&arrived).copied() else { return };
        let Some(delivery) = self.truth.messages().delivery(id).unwrap() else { return };
        if delivery.status.state != State::Sent as u8 {
            return;
        }
        let who = delivery.status.recipient.split('#').next().unwrap_or_default();
        let wanted = self.chance.percent(70);
        self.ledger.lock().maybe_judged.insert(id);
        let told = cut_off(self.front.judge(id, wanted, "thought", who), self.cut()).await;
        self.tell(format!("{id:?} is wanted, {wanted}: {told:?}"));
        if let Some(Ok(())) = told {
            self.ledger.lock().judged.insert(id, wanted);
        }
    }

    pub(crate) async fn publish(self) {
        let (name, token) = {
            let mut ledger = self.ledger.lock();
            let token = if self.chance.percent(50) {
                ledger.number()
            } else {
                self.chance.pick(&ledger.events).copied().unwrap_or(0)
            };
            ledger.events.push(token);
            (format!("event {token}"), token)
        };
        let other = self.chance.percent(20);
        let text = if other { format!("other than {token}") } else { format!("{token}") };
        let publication = Publication {
            event: "born".into(),
            source: "REGISTRY".into(),
            name: Some(name),
            attributes: Vec::new(),
            forms: vec![Form { media_type: String::new(), body: Bytes::from(text) }],
        };
        let told = cut_off(self.front.tell(&publication, Transaction::new()), self.cut()).await;
        self.tell(format!("event {token} was told, other {other}: {told:?}"));
    }

    /// Changes the weather at an endpoint.
    pub(crate) fn weather(&self) {
        let endpoint = self.chance.pick(&ENDPOINTS).unwrap();
        let mood = *self.chance.pick(&MOODS).unwrap();
        self.far.mood(endpoint, mood);
        self.tell(format!("{endpoint} is {mood:?}"));
    }

    pub(crate) async fn park(self) {
        let endpoint = *self.chance.pick(&ENDPOINTS).unwrap();
        let told = if self.chance.percent(30) {
            cut_off(self.front.park(endpoint, "so"), self.cut()).await
        } else {
            cut_off(self.front.unpark(endpoint), self.cut()).await
        };
        self.tell(format!("{endpoint} is parked or not: {told:?}"));
        self.changed();
    }

    /// Closes or opens a mailbox or an endpoint.
    pub(crate) async fn close(self) {
        let closed = self.chance.percent(40);
        let place = if self.chance.percent(50) {
            let name = *self.chance.pick(&MAILBOXES).unwrap();
            (name, record(MAILBOX, name, &mailbox(name, closed)))
        } else {
            let name = *self.chance.pick(&ENDPOINTS).unwrap();
            (name, record(ENDPOINT, name, &endpoint(name, closed)))
        };
        if closed {
            self.ledger.lock().ever_closed.insert(place.0.to_owned());
        }
        self.tell(format!("{} is closed, {closed}", place.0));
        let _ = self.truth.commit(Transaction::new().record(place.1)).await;
        self.changed();
    }

    /// Opens an endpoint, whatever happened to it.
    pub(crate) async fn open(&self, name: &str) {
        let opened = record(ENDPOINT, name, &endpoint(name, false));
        self.truth.commit(Transaction::new().record(opened)).await.unwrap();
        self.changed();
    }

    /// Sends a letter while nothing fails.
    pub(crate) async fn must_send(&self, letter: &Letter) -> MessageId {
        let id = loop {
            match self.front.accept(self.submission(letter, None).unwrap()).await {
                Ok(receipt) => break receipt.id,
                // The other worker gave the same id to a report, at the same millisecond.
                Err(Refused::Busy(_)) => {}
                Err(error) => panic!("{error:?}"),
            }
        };
        let mut ledger = self.ledger.lock();
        ledger.letters.insert(letter.token, (letter.clone(), Fate::default()));
        ledger.receipt(letter, id);
        id
    }

    fn changed(&self) {
        for broker in [&self.front, &self.back] {
            // A read that fails on cue is not the last one.
            while broker.directory().changed().is_err() {}
        }
    }

    /// Time passes: mostly a little, sometimes a lot, and now and then it goes back.
    pub(crate) fn pass(&self) {
        let ms = match self.chance.below(20) {
            0..6 => self.chance.below(2_000),
            6..13 => self.chance.below(60_000),
            13..17 => self.chance.below(600_000),
            17 => self.chance.below(6 * 3_600_000),
            _ if self.chance.percent(10) => self.chance.below(6 * 86_400_000),
            _ => {
                self.clock.advance_ms(-(self.chance.below(600_000) as i64));
                return;
            }
        };
        self.clock.advance_ms(ms as i64);
    }
}
