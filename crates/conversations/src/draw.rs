//! From legs to a sequence diagram: a column for each party, an arrow for each thing that
//! travelled, downwards in time.

mod condense;
pub(crate) mod svg;
pub(crate) mod text;
pub(crate) mod told;

use jiff::Timestamp;
use travel::{Ended, Leg};

use crate::gather::{Conversation, ended};

/// The most parties that one diagram has room for; what others did is left to the JSON.
const PARTIES_MAX: usize = 8;
/// The most arrows of one diagram.
const ARROWS_MAX: usize = 400;

/// What an arrow stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Style {
    /// Somebody asks or sends.
    Ask,
    /// The answer to it.
    Answer,
    /// It has come, and what comes of it comes later.
    Receipt,
    /// It was not wanted, or did not arrive.
    Trouble,
}

/// An arrow from one column to another. One that leads back to its own column is a note there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Arrow {
    pub(crate) at: Timestamp,
    pub(crate) from: usize,
    pub(crate) to: usize,
    /// What it says, in a few words.
    pub(crate) label: String,
    /// What else there is to know: wire, size, time.
    pub(crate) note: String,
    pub(crate) style: Style,
}

/// A sequence diagram, before it is drawn.
#[derive(Clone, Debug)]
pub(crate) struct Diagram {
    /// What it is about: what was sent first, or else what was asked first.
    pub(crate) subject: String,
    /// What kind of conversation it is.
    pub(crate) title: &'static str,
    pub(crate) parties: Vec<String>,
    pub(crate) arrows: Vec<Arrow>,
    pub(crate) began: Timestamp,
    /// How many arrows there was no room for.
    pub(crate) left_out: usize,
}

impl Diagram {
    /// The diagram of a conversation.
    pub(crate) fn of(conversation: &Conversation) -> Self {
        let legs = &condense::condensed(&conversation.legs);
        let mut diagram = Self {
            subject: subject(legs).to_owned(),
            title: title(legs),
            parties: Vec::new(),
            arrows: Vec::new(),
            began: legs.first().map(|(at, _)| *at).unwrap_or_default(),
            left_out: 0,
        };
        for (at, leg) in legs {
            let from = diagram.column(conversation.name_of(&leg.from));
            let to = diagram.column(conversation.name_of(&leg.to));
            match (from, to) {
                (Some(from), Some(to)) => diagram.arrows.extend(arrows(*at, leg, from, to)),
                _ => diagram.left_out += 1,
            }
        }
        diagram.arrows.sort_by_key(|arrow| arrow.at);
        diagram.left_out += diagram.arrows.len().saturating_sub(ARROWS_MAX);
        diagram.arrows.truncate(ARROWS_MAX);
        diagram
    }

    /// The column of a party, if there is room for one more.
    fn column(&mut self, name: &str) -> Option<usize> {
        if let Some(known) = self.parties.iter().position(|party| party == name) {
            return Some(known);
        }
        if self.parties.len() == PARTIES_MAX {
            return None;
        }
        self.parties.push(name.to_owned());
        Some(self.parties.len() - 1)
    }

    /// How long after the beginning an arrow set out, for people.
    pub(crate) fn elapsed(&self, arrow: &Arrow) -> String {
        let us = arrow.at.as_microsecond().saturating_sub(self.began.as_microsecond());
        duration(u64::try_from(us).unwrap_or(0))
    }
}

/// What a conversation is about: what was sent first, or else what was asked first.
pub(crate) fn subject(legs: &[(Timestamp, Leg)]) -> &str {
    let sent = legs.iter().find(|(_, leg)| leg.ended == Ended::Acknowledged);
    sent.or(legs.first()).map_or("", |(_, leg)| &leg.what)
}

/// What kind of conversation it is, in words that anybody understands.
pub(crate) fn title(legs: &[(Timestamp, Leg)]) -> &'static str {
    let any = |wanted: Ended| legs.iter().any(|(_, leg)| leg.ended == wanted);
    match legs.last().map(|(_, leg)| leg.ended) {
        Some(Ended::Refused) => return "Asked, and refused in the end",
        Some(Ended::Failed) => return "Sent, and not arrived in the end",
        _ => {}
    }
    match (any(Ended::Answered), any(Ended::Acknowledged)) {
        (true, false) => "Asked, and answered at once",
        (false, true) => "Sent, and acknowledged: what comes of it comes later",
        (true, true) => "Asked and answered, sent and acknowledged",
        (false, false) => "Sent: nothing came back yet",
    }
}

/// The arrow there, and the one back.
fn arrows(at: Timestamp, leg: &Leg, from: usize, to: usize) -> Vec<Arrow> {
    let sent = leg.sent_bytes.filter(|bytes| *bytes > 0).map(size);
    let ask = Arrow {
        at,
        from,
        to,
        label: leg.what.clone(),
        note: joined(&[Some(spoken(&leg.wire)), sent]),
        style: if from == to { Style::Trouble } else { Style::Ask },
    };
    if from == to {
        return vec![Arrow { note: leg.outcome.clone(), ..ask }];
    }
    let (style, begins) = match leg.ended {
        Ended::Answered => (Style::Answer, "Answer"),
        Ended::Acknowledged => (Style::Receipt, "Received"),
        Ended::Refused => (Style::Trouble, "Refused"),
        Ended::Failed => (Style::Trouble, "Failed"),
        Ended::Told => return vec![ask],
        Ended::Receipt => return vec![Arrow { style: Style::Receipt, note: String::new(), ..ask }],
    };
    // What only says once more that it went well need not be said.
    let outcome = Some(leg.outcome.as_str()).filter(|it| !["accepted", "taken"].contains(it));
    let took = (leg.took_us > 0).then(|| format!("after {}", duration(leg.took_us)));
    let got = leg.got_bytes.filter(|bytes| *bytes > 0).map(size);
    let back = Arrow {
        at: ended(at, leg),
        from: to,
        to: from,
        label: outcome.map_or(begins.to_owned(), |outcome| format!("{begins}: {outcome}")),
        note: joined(&[got, took]),
        style,
    };
    vec![ask, back]
}

fn joined(parts: &[Option<String>]) -> String {
    let parts = parts.iter().flatten().filter(|part| !part.is_empty());
    parts.map(String::as_str).collect::<Vec<_>>().join(", ")
}

/// How they spoke, for people.
fn spoken(wire: &str) -> String {
    match wire {
        "ebxml" => "HL7 V3",
        "mllp" => "HL7 version 2",
        "mesh" => "MESH",
        "http" => "HTTP",
        other => other,
    }
    .to_owned()
}

/// A size for people.
fn size(bytes: u64) -> String {
    match bytes {
        0..1_000 => format!("{bytes} bytes"),
        1_000..1_000_000 => format!("{:.1} kB", bytes as f64 / 1e3),
        _ => format!("{:.1} MB", bytes as f64 / 1e6),
    }
}

/// A length of time for people.
fn duration(us: u64) -> String {
    match us {
        0 => "0 ms".to_owned(),
        1..1_000_000 => format!("{:.1} ms", us as f64 / 1e3),
        1_000_000..120_000_000 => format!("{:.1} s", us as f64 / 1e6),
        _ => format!("{} min", us / 60_000_000),
    }
}

/// A name in lines of so many characters: one, or two.
fn in_two(name: &str, chars: usize) -> Vec<String> {
    if name.chars().count() <= chars {
        return vec![name.to_owned()];
    }
    let mut first = String::new();
    let mut words = name.split(' ').peekable();
    while let Some(word) = words.peek() {
        if !first.is_empty() && first.chars().count() + word.chars().count() >= chars {
            break;
        }
        if !first.is_empty() {
            first.push(' ');
        }
        first.push_str(word);
        words.next();
    }
    let rest = words.collect::<Vec<_>>().join(" ");
    let mut lines = vec![cut(&first, chars)];
    if !rest.is_empty() {
        lines.push(cut(&rest, chars));
    }
    lines
}

/// A text cut to so many characters, and a sign that it was.
fn cut(text: &str, chars: usize) -> String {
    if text.chars().count() <= chars {
        return text.to_owned();
    }
    let kept: String = text.chars().take(chars.saturating_sub(1)).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests;
