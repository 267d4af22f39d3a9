//! What always holds: the laws of `crates/broker/src/lib.rs`, looked up in the store from outside.

use std::collections::{BTreeMap, BTreeSet};

use broker::{Detail, Envelope, Outcome, State};
use store::Store;
use store::messages::MessageId;
use store::messages::{Delivery, DeliveryId, Event, Message};

use crate::ledger::Ledger;
use crate::world::{ENDPOINTS, MAILBOXES};

/// What was seen of each delivery before.
#[derive(Default)]
pub(crate) struct Memory {
    seen: BTreeMap<DeliveryId, (Delivery, Vec<Event>)>,
    messages: BTreeSet<MessageId>,
}

/// A message with all of its deliveries.
struct Case {
    message: Message,
    envelope: Envelope,
    deliveries: Vec<(Delivery, State, Detail, Vec<Event>)>,
}

/// Looks at everything, while nothing moves. Says what is wrong.
pub(crate) fn check(truth: &Store, ledger: &Ledger, memory: &mut Memory, end: bool) -> Vec<String> {
    let mut wrong = Vec::new();
    let cases = cases(truth, &mut wrong);
    for case in cases.values() {
        for delivery in &case.deliveries {
            progress(delivery, end, &mut wrong);
            story(delivery, memory, &mut wrong);
            stale(delivery, ledger, &mut wrong);
        }
    }
    for id in memory.messages.iter().filter(|id| !cases.contains_key(id)) {
        wrong.push(format!("law 2: {id:?} is gone"));
    }
    memory.messages = cases.keys().copied().collect();
    sent(&cases, ledger, &mut wrong);
    told(&cases, ledger, &mut wrong);
    reports(&cases, ledger, end, &mut wrong);
    if end {
        for case in cases.values().filter(|case| !is_erased(truth, case)) {
            let Case { message, deliveries, .. } = case;
            wrong.push(format!("the body of {:?} stays for ever: {deliveries:?}", message.id));
        }
    }
    wrong
}

/// Looks at what must be so at any moment, while things move.
pub(crate) fn glance(truth: &Store, ledger: &Ledger) -> Vec<String> {
    let mut wrong = Vec::new();
    for case in cases(truth, &mut wrong).values() {
        for delivery in &case.deliveries {
            progress(delivery, false, &mut wrong);
            stale(delivery, ledger, &mut wrong);
        }
    }
    wrong
}

fn cases(truth: &Store, wrong: &mut Vec<String>) -> BTreeMap<MessageId, Case> {
    let mut cases = BTreeMap::new();
    let mut before = MessageId(i64::MAX as u64);
    loop {
        let some = truth.messages().recent(before, 500).unwrap();
        let Some(last) = some.last() else { return cases };
        before = last.id;
        for message in some {
            let mut deliveries = Vec::new();
            for delivery in truth.messages().deliveries(message.id).unwrap() {
                let events = truth.messages().history(delivery.id).unwrap();
                match (
                    State::from_number(delivery.status.state),
                    serde_json::from_slice(&delivery.status.detail),
                ) {
                    (Some(state), Ok(detail)) => {
                        deliveries.push((delivery, state, detail, events));
                    }
                    _ => wrong.push(format!("{delivery:?} cannot be read")),
                }
            }
            let envelope = serde_json::from_slice(&message.envelope).unwrap();
            cases.insert(message.id, Case { message, envelope, deliveries });
        }
    }
}

/// Law 1: over, or somebody will look at it again.
fn progress(
    (delivery, state, _, _): &(Delivery, State, Detail, Vec<Event>),
    end: bool,
    wrong: &mut Vec<String>,
) {
    if !state.is_end() && delivery.status.wake.is_none() {
        wrong.push(format!("law 1: nobody will look at {delivery:?}"));
    }
    if end && (!state.is_end() || delivery.status.wake.is_some()) {
        wrong.push(format!("law 1: at the end of time there is {delivery:?}"));
    }
}

/// Law 6: history has no gaps, nothing of it changes, and an end is never overwritten.
fn story(
    (delivery, state, _, events): &(Delivery, State, Detail, Vec<Event>),
    memory: &mut Memory,
    wrong: &mut Vec<String>,
) {
    let id = delivery.id;
    let states: Vec<State> = events.iter().filter_map(|e| State::from_number(e.state)).collect();
    // A lease leaves no line.
    let follows = |one: State, next: State| {
        one.may_become(next) || (one.may_become(State::Leased) && State::Leased.may_become(next))
    };
    for pair in states.windows(2) {
        if let [one, next] = pair
            && !follows(*one, *next)
        {
            wrong.push(format!("law 6: {id:?} went from {one:?} to {next:?}"));
        }
    }
    match states.last() {
        Some(last) if last == state || (*state == State::Leased && follows(*last, *state)) => {}
        last => wrong.push(format!("law 6: {id:?} is {state:?}, its history ends with {last:?}")),
    }
    if let Some((before, then)) = memory.seen.get(&id) {
        if !events.starts_with(then) || delivery.version < before.version {
            wrong.push(format!("law 6: the past of {id:?} has changed"));
        }
        let was = State::from_number(before.status.state);
        if let Some(was) = was.filter(|was| was.is_end() && was != state)
            && !(was == State::Acknowledged && *state == State::Answered)
        {
            wrong.push(format!("law 6: {id:?} had ended as {was:?} and is {state:?}"));
        }
    }
    memory.seen.insert(id, (delivery.clone(), events.clone()));
}

/// Law 3: what the last push came to is what counts.
fn stale(
    (delivery, state, detail, _): &(Delivery, State, Detail, Vec<Event>),
    ledger: &Ledger,
    wrong: &mut Vec<String>,
) {
    let id = delivery.id;
    let recipient = delivery.status.recipient.split('#').next().unwrap_or_default();
    if !ENDPOINTS.contains(&recipient) {
        return;
    }
    let arrival = ledger.arrivals.get(&(id, detail.assigned));
    let outcome = arrival.and_then(|arrival| arrival.outcome.as_ref());
    let judged = ledger.maybe_judged.contains(&id);
    let stale = arrival.is_some_and(|arrival| arrival.stale) && !judged;
    let worker = arrival.map_or("nobody", |arrival| arrival.worker);
    let right = match state {
        State::Sent => outcome == Some(&Outcome::Delivered) && !stale,
        State::Acknowledged | State::Answered | State::Refused => {
            judged || (outcome == Some(&Outcome::Delivered) && !stale)
        }
        State::Waiting => matches!(outcome, Some(Outcome::Failed { .. })) && !stale,
        _ => true,
    };
    if !right {
        wrong.push(format!(
            "law 3: {id:?} is {state:?} after {outcome:?}, by {worker}, stale {stale}"
        ));
    }
}

/// Laws 1, 2 and 4: what was sent is there as often as it was accepted.
fn sent(cases: &BTreeMap<MessageId, Case>, ledger: &Ledger, wrong: &mut Vec<String>) {
    let mut found: BTreeMap<u64, BTreeSet<MessageId>> = BTreeMap::new();
    let mut events = BTreeSet::new();
    for (id, case) in cases {
        let envelope = &case.envelope;
        match envelope.wire.as_str() {
            "test" => {
                let token = envelope.extra("token").and_then(|token| token.parse().ok());
                found.entry(token.unwrap_or(0)).or_default().insert(*id);
            }
            "event" if !events.insert(&envelope.local_id) => {
                wrong.push(format!("law 4: {} was told twice", envelope.local_id));
            }
            _ => {}
        }
        if case.deliveries.is_empty() {
            wrong.push(format!("law 1: {id:?} goes nowhere"));
        }
    }
    for (token, (letter, fate)) in &ledger.letters {
        let there = found.remove(token).unwrap_or_default();
        if let Some(lost) = fate.receipts.difference(&there).next() {
            wrong.push(format!("law 2: {lost:?} was accepted and is not there: {letter:?}"));
        }
        let most = if letter.named { 1 } else { fate.receipts.len() + fate.unknown as usize };
        if there.len() > most {
            wrong.push(format!("law 4: {letter:?} is there as {there:?}, accepted as {fate:?}"));
        }
    }
    if let Some(token) = found.keys().next() {
        wrong.push(format!("letter {token} was never sent"));
    }
}

/// Law 2: what the outside world was told is so.
fn told(cases: &BTreeMap<MessageId, Case>, ledger: &Ledger, wrong: &mut Vec<String>) {
    let delivery = |id: &DeliveryId| {
        let case = cases.get(&id.message())?;
        case.deliveries.iter().find(|(delivery, ..)| delivery.id == *id)
    };
    let states = |id: &MessageId| {
        let case = cases.get(id);
        case.into_iter().flat_map(|case| &case.deliveries).map(|(one, state, ..)| (one, *state))
    };
    for (mailbox, id) in &ledger.acknowledged {
        let done = |(one, state): (&Delivery, State)| {
            one.status.recipient == *mailbox
                && matches!(state, State::Acknowledged | State::Answered)
        };
        if !states(id).any(done) {
            wrong.push(format!("law 2: {mailbox} acknowledged {id:?}"));
        }
    }
    for id in &ledger.cancelled {
        if delivery(id).is_none_or(|(_, state, ..)| *state != State::Cancelled) {
            wrong.push(format!("law 2: {id:?} was cancelled"));
        }
    }
    for (id, wanted) in &ledger.judged {
        let right = |state: State| match wanted {
            true => matches!(state, State::Acknowledged | State::Answered),
            false => state == State::Refused,
        };
        if !delivery(id).is_some_and(|(_, state, ..)| right(*state)) {
            wrong.push(format!("law 2: {id:?} was judged, {wanted}"));
        }
    }
    for (new, old) in &ledger.resent {
        let points = |detail: &Detail| detail.resend_of == old.number();
        if !delivery(new).is_some_and(|(_, _, detail, _)| points(detail)) {
            wrong.push(format!("law 2: {old:?} was sent again as {new:?}"));
        }
    }
    for id in &ledger.whole {
        let case = cases.get(id);
        let never = |events: &[Event]| {
            !events.iter().any(|event| {
                let begun = [State::Available as u8, State::Ready as u8];
                begun.contains(&event.state) || event.state == State::Cancelled as u8
            })
        };
        if case.is_none_or(|case| case.deliveries.iter().any(|(.., events)| never(events))) {
            wrong.push(format!("law 2: {id:?} was whole, and was not accepted"));
        }
    }
}

/// Law 5: one report about each delivery that was given up, and none about others.
fn reports(cases: &BTreeMap<MessageId, Case>, ledger: &Ledger, end: bool, wrong: &mut Vec<String>) {
    let mut about: BTreeMap<MessageId, BTreeSet<MessageId>> = BTreeMap::new();
    for (id, case) in cases {
        if let Some(report) = &case.envelope.report {
            about.entry(report.about.into()).or_default().insert(*id);
        }
    }
    for (id, case) in cases {
        let found = about.remove(id).unwrap_or_default();
        let noted: Vec<u64> =
            case.deliveries.iter().map(|(_, _, detail, _)| detail.report).collect();
        let wanted: BTreeSet<MessageId> =
            noted.iter().filter(|report| **report != 0).map(|report| MessageId(*report)).collect();
        if found != wanted || wanted.len() != noted.iter().filter(|one| **one != 0).count() {
            wrong.push(format!("law 5: {id:?} has the reports {found:?}, and notes {noted:?}"));
        }
        let from = case.envelope.from.as_str();
        let open = (MAILBOXES.contains(&from) || ENDPOINTS.contains(&from))
            && !ledger.ever_closed.contains(from);
        for (delivery, state, detail, events) in &case.deliveries {
            let bad = matches!(state, State::Dead | State::Expired | State::Refused);
            let received = events.len() != 2
                || events.first().is_none_or(|first| first.state != State::Receiving as u8);
            let due = bad && received && !case.envelope.is_report();
            let has = detail.report != 0;
            if (has && !due) || (due && open && !has) {
                let which = delivery.id;
                wrong.push(format!("law 5: {which:?} is {state:?}, report {}", detail.report));
            }
        }
    }
    if let (Some(id), true) = (about.keys().next(), end) {
        wrong.push(format!("law 5: a report about {id:?}, which is not there"));
    }
}

fn is_erased(truth: &Store, case: &Case) -> bool {
    let content = case.message.content.map(|content| truth.contents().get(content).unwrap());
    case.message.body.is_empty() && content.flatten().is_none()
}
