//! The legs of messages, from what the broker keeps of them: handed over, carried on or fetched,
//! acknowledged or given up.

use broker::{Broker, Line, Refused, State, Table, Track, Tracked, named_at};
use jiff::{SignedDuration, Timestamp};
use travel::{Ended, Leg, Party};

use crate::gather::ended;
use crate::house::House;

/// The name of a message tells the time of its acceptance in whole milliseconds, and a call's is
/// reckoned back from its end: so much may they be apart.
const CLOCK_GRAIN: SignedDuration = SignedDuration::from_millis(3);
/// What the broker is called in a diagram, whichever API messages are handed to it by.
pub(super) const BROKER: &str = "Message broker";
/// How the kind of a message ends that is nothing but a receipt: ebMS 2.0, 6.5,
/// <https://www.oasis-open.org/committees/ebxml-msg/documents/ebMS_v2_0.pdf>.
const RECEIPT: &str = "ebxml-msg:service:Acknowledgment";

/// Adds the legs of the messages of a conversation to those of its calls.
pub(crate) fn add(
    house: &House,
    id: &str,
    legs: &mut Vec<(Timestamp, Leg)>,
) -> Result<(), Refused> {
    let table = house.broker.directory().table();
    let mut unseen = Vec::new();
    for message in said(&house.broker, id)? {
        let named = |kind: &str| (house.words)(kind).map_or_else(|| short(kind), str::to_owned);
        if let Some((at, handed)) = handed_over(&table, &message, &named) {
            match legs.iter_mut().find(|(began, call)| brought(*began, call, at, &handed)) {
                Some((_, call)) => (call.to, call.what) = (handed.to, handed.what),
                None => legs.push((at, handed)),
            }
        }
        for track in &message.deliveries {
            let lines = house.broker.history(track.id)?;
            let told = lines.iter().filter_map(|line| one(&table, &message, track, line, &named));
            legs.extend(told);
            unseen.extend(unseen_arrival(&table, &message, track, &lines, &named));
        }
    }
    for arrival in unseen {
        let leg = arrival.before_what_followed(legs);
        legs.push(leg);
    }
    // What came to an API that only hands over, and was refused there, came to the broker too.
    for (_, call) in legs.iter_mut().filter(|(_, leg)| house.doors.contains(&&*leg.to.name)) {
        call.to = Party::own(BROKER);
    }
    Ok(())
}

/// A push that the history says nothing of: its receipt or its answer, in a message of its own, was
/// faster than the word that it arrived.
struct Arrival {
    /// When it was not on its way yet, and when it had arrived.
    between: (Timestamp, Timestamp),
    leg: Leg,
}

fn unseen_arrival(
    table: &Table,
    message: &Tracked,
    track: &Track,
    lines: &[Line],
    named: &dyn Fn(&str) -> String,
) -> Option<Arrival> {
    let seen = |line: &Line| line.note.took_ms.is_some() || line.state == State::Sent;
    if table.mailbox(owner(&track.recipient)).is_some() || lines.iter().any(seen) {
        return None;
    }
    let over = |line: &Line| matches!(line.state, State::Acknowledged | State::Answered);
    let at = lines.iter().position(over)?;
    let (before, line) = (lines.get(at.checked_sub(1)?)?, lines.get(at)?);
    let mut arrived = line.clone();
    (arrived.state, arrived.note.took_ms) = (State::Sent, Some(0));
    let (_, leg) = one(table, message, track, &arrived, named)?;
    Some(Arrival { between: (before.at, line.at), leg: Leg { ended: Ended::Told, ..leg } })
}

impl Arrival {
    /// The push, a moment before the first thing that its receiver did after it.
    fn before_what_followed(self, legs: &[(Timestamp, Leg)]) -> (Timestamp, Leg) {
        let (earliest, latest) = self.between;
        let followed = legs.iter().filter(|(at, leg)| {
            (earliest..=latest).contains(at) && leg.from.organisation == self.leg.to.organisation
        });
        let first = followed.map(|(at, _)| *at).min().unwrap_or(latest);
        let at = first.checked_sub(SignedDuration::from_micros(1)).unwrap_or(first);
        (at, self.leg)
    }
}

/// Whether it was this call that brought a message: the same thing need not be drawn twice.
fn brought(began: Timestamp, call: &Leg, at: Timestamp, handed: &Leg) -> bool {
    let own = &call.from.organisation;
    // Of calls that were made at the same time, the size tells which it was.
    let same_size = call.sent_bytes.is_none_or(|bytes| Some(bytes) == handed.sent_bytes);
    !own.is_empty()
        && same_size
        && *own == handed.from.organisation
        && call.to.name != BROKER
        && call.ended == Ended::Acknowledged
        && (began - CLOCK_GRAIN..=ended(began, call)).contains(&at)
}

/// A kind of message without the name of the service before it.
fn short(kind: &str) -> String {
    kind.rsplit('/').next().unwrap_or(kind).to_owned()
}

/// The messages of a conversation, in whatever case its name was written.
fn said(broker: &Broker, id: &str) -> Result<Vec<Tracked>, Refused> {
    for name in [id.to_owned(), id.to_ascii_uppercase(), id.to_ascii_lowercase()] {
        match broker.conversation(&name) {
            Ok(found) => return Ok(found.messages),
            Err(Refused::NotFound) => {}
            Err(error) => return Err(error),
        }
    }
    Ok(Vec::new())
}

/// A sender hands a message over. The broker's own reports come from nobody else.
fn handed_over(
    table: &Table,
    message: &Tracked,
    named: &dyn Fn(&str) -> String,
) -> Option<(Timestamp, Leg)> {
    let envelope = &message.envelope;
    if envelope.is_report() {
        return None;
    }
    let leg = Leg {
        sent_bytes: Some(envelope.bytes),
        outcome: "accepted".to_owned(),
        ended: received(message),
        ..leg(message, party(table, &envelope.from), Party::own(BROKER), &named(&envelope.kind))
    };
    Some((named_at(message.id), leg))
}

/// What a line of history tells, if anything travelled.
fn one(
    table: &Table,
    message: &Tracked,
    track: &Track,
    line: &Line,
    named: &dyn Fn(&str) -> String,
) -> Option<(Timestamp, Leg)> {
    let name = owner(&track.recipient);
    let held = table.mailbox(name).is_some();
    let them = party(table, name);
    let us = Party::own(BROKER);
    let kind = match &message.envelope.report {
        Some(report) => format!("Report: {}", report.text),
        None => named(&track.topic),
    };
    let pushed = |outcome: &str, ended| Leg {
        sent_bytes: Some(message.envelope.bytes),
        outcome: outcome.to_owned(),
        ended,
        ..leg(message, us.clone(), them.clone(), &kind)
    };
    let fetched = |what: &str, got_bytes, ended| Leg {
        got_bytes,
        outcome: "done".to_owned(),
        ended,
        ..leg(message, them.clone(), us.clone(), what)
    };
    let noted = |what: String| Leg {
        outcome: line.note.why.clone(),
        ended: Ended::Failed,
        ..leg(message, us.clone(), us.clone(), &what)
    };
    let told = match line.state {
        State::Collected => {
            fetched(&format!("Fetch {kind}"), Some(message.envelope.bytes), Ended::Answered)
        }
        State::Acknowledged if held => fetched("Acknowledge it", None, Ended::Acknowledged),
        State::Sent | State::Acknowledged if line.note.took_ms.is_some() => {
            pushed("taken", received(message))
        }
        State::Waiting => pushed(&line.note.why, Ended::Failed),
        State::Refused => pushed("refused", Ended::Refused),
        State::Expired => noted(format!("{kind}: given up, its time is over")),
        State::Dead => noted(format!("{kind}: given up")),
        State::Cancelled => noted(format!("{kind}: taken back")),
        _ => return None,
    };
    let took_us = line.note.took_ms.unwrap_or(0) * 1_000;
    let took = SignedDuration::from_micros(i64::try_from(took_us).unwrap_or(0));
    Some((line.at.checked_sub(took).unwrap_or(line.at), Leg { took_us, ..told }))
}

/// How a message ends on the next of its ways, when it goes well.
fn received(message: &Tracked) -> Ended {
    let is_receipt = message.envelope.kind.ends_with(RECEIPT);
    if is_receipt { Ended::Receipt } else { Ended::Acknowledged }
}

/// The mailbox or endpoint of a recipient, which may be a part of it.
fn owner(recipient: &str) -> &str {
    recipient.split_once('#').map_or(recipient, |(name, _)| name)
}

fn leg(message: &Tracked, from: Party, to: Party, what: &str) -> Leg {
    Leg {
        from,
        to,
        what: what.to_owned(),
        wire: message.envelope.wire.clone(),
        took_us: 0,
        sent_bytes: None,
        got_bytes: None,
        outcome: String::new(),
        ended: Ended::Told,
    }
}

/// Whoever owns a mailbox or an endpoint.
fn party(table: &Table, name: &str) -> Party {
    let mailbox = table.mailbox(name).map(|mailbox| &mailbox.organisation);
    let organisation = mailbox.or_else(|| table.endpoint(name).map(|one| &one.organisation));
    Party { name: name.to_owned(), organisation: organisation.cloned().unwrap_or_default() }
}
