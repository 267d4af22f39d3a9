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
/// What the broker is called in a diagram.
const BROKER: &str = "Message broker";

/// Adds the legs of the messages of a conversation to those of its calls.
pub(crate) fn add(
    house: &House,
    id: &str,
    legs: &mut Vec<(Timestamp, Leg)>,
) -> Result<(), Refused> {
    let table = house.broker.directory().table();
    for message in said(&house.broker, id)? {
        let named = |kind: &str| (house.words)(kind).map_or_else(|| short(kind), str::to_owned);
        if let Some((at, handed)) = handed_over(&table, &message, &named) {
            match legs.iter_mut().find(|(began, call)| brought(*began, call, at, &handed)) {
                Some((_, call)) => (call.to, call.what) = (handed.to, handed.what),
                None => legs.push((at, handed)),
            }
        }
        for track in &message.deliveries {
            let mut lines = house.broker.history(track.id)?;
            // Where the answer was faster than the word that it arrived, only the answer is told.
            let told = |line: &Line| line.note.took_ms.is_some() || line.state == State::Sent;
            if !lines.iter().any(told) {
                lines.iter_mut().for_each(as_arrived);
            }
            let told = lines.iter().filter_map(|line| one(&table, &message, track, line, &named));
            legs.extend(told);
        }
    }
    Ok(())
}

/// Reads the answer to a message as the word that it arrived.
fn as_arrived(line: &mut Line) {
    if line.state == State::Answered {
        (line.state, line.note.took_ms) = (State::Sent, Some(0));
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
        ended: Ended::Acknowledged,
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
    let name = track.recipient.split_once('#').map_or(track.recipient.as_str(), |(name, _)| name);
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
            pushed("taken", Ended::Acknowledged)
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
