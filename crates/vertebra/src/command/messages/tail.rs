//! `vertebra messages tail`: one line for each change, as they come.

use std::collections::HashMap;
use std::time::Duration;

use serde_json::{Value, json};

use super::operator::Operator;
use super::timeline::{deliveries, milliseconds, text};
use crate::client::{MessageApi, Seek, Trouble};
use crate::command::Failure;
use crate::say;

/// Follow messages: one line for each change, until Ctrl-C.
#[derive(clap::Args)]
pub(crate) struct Tail {
    /// Only changes to this state, such as dead
    #[arg(long, value_name = "STATE", default_value = "", hide_default_value = true)]
    state: String,
    /// Only messages of this sender or recipient
    #[arg(long, value_name = "NAME", default_value = "", hide_default_value = true)]
    party: String,
    /// Only messages of this kind
    #[arg(long, value_name = "KIND", default_value = "", hide_default_value = true)]
    kind: String,
    /// How often to look, in milliseconds
    #[arg(long, value_name = "MS", default_value_t = 1_000,
          value_parser = clap::value_parser!(u64).range(50..))]
    look_ms: u64,
    #[command(flatten)]
    operator: Operator,
    /// Write each change as JSON
    #[arg(long)]
    json: bool,
}

/// How many messages are looked at, from the newest on.
const LOOKED_AT_MAX: usize = 500;
const PAGE: usize = 100;

/// A delivery: the message and its number.
type Key = (String, u64);

/// How the deliveries stood at the last look.
#[derive(Default)]
struct Seen {
    states: HashMap<Key, String>,
}

/// A delivery that came into a state.
#[derive(Debug, PartialEq, Eq)]
struct Change {
    message: String,
    delivery: u64,
    kind: String,
    from: String,
    to: String,
    state: String,
}

impl Tail {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let api = self.operator.api()?;
        // The state is not asked for: a delivery that leaves it would be out of sight.
        let seek = Seek { party: self.party.clone(), kind: self.kind.clone(), ..Seek::default() };
        let mut seen = Seen::default();
        seen.changes(&look(&api, &seek)?);
        eprintln!("following; Ctrl-C ends");
        let mut troubled = false;
        loop {
            std::thread::sleep(Duration::from_millis(self.look_ms));
            match look(&api, &seek) {
                Ok(messages) => {
                    troubled = false;
                    for change in seen.changes(&messages) {
                        self.tell(&change);
                    }
                }
                Err(trouble) if trouble.may_pass() => {
                    // Said once; it goes on when the exchange is back.
                    if !std::mem::replace(&mut troubled, true) {
                        eprintln!("{trouble}");
                    }
                }
                Err(trouble) => return Err(trouble.to_string()),
            }
        }
    }

    fn tell(&self, change: &Change) {
        if !self.state.is_empty() && change.state != self.state {
            return;
        }
        let now = base::Clock::System.now().to_string();
        let Change { message, delivery, kind, from, to, state } = change;
        let line = if self.json {
            json!({
                "seen": now, "message": message, "delivery": delivery, "type": kind,
                "from": from, "to": to, "state": state,
            })
            .to_string()
        } else {
            format!("{}  {message}  {kind}  {from} -> {to}  {state}", milliseconds(&now))
        };
        say::line(&line);
    }
}

/// The newest messages, oldest first.
fn look(api: &MessageApi, seek: &Seek) -> Result<Vec<Value>, Trouble> {
    let mut found = Vec::new();
    let mut before = None;
    while found.len() < LOOKED_AT_MAX {
        let page = api.find(seek, before.as_deref(), PAGE)?;
        found.extend(page.messages);
        before = page.before;
        if before.is_none() {
            break;
        }
    }
    found.reverse();
    Ok(found)
}

impl Seen {
    /// What changed since the last look. Messages that have gone out of sight are forgotten.
    fn changes(&mut self, messages: &[Value]) -> Vec<Change> {
        let mut states = HashMap::new();
        let mut changes = Vec::new();
        for message in messages {
            for delivery in deliveries(message) {
                let number = delivery.get("number").and_then(Value::as_u64).unwrap_or_default();
                let key = (text(message, "id").to_owned(), number);
                let state = text(delivery, "state").to_owned();
                if self.states.get(&key) != Some(&state) {
                    changes.push(Change {
                        message: key.0.clone(),
                        delivery: number,
                        kind: text(delivery, "type").to_owned(),
                        from: text(message, "from").to_owned(),
                        to: text(delivery, "recipient").to_owned(),
                        state: state.clone(),
                    });
                }
                states.insert(key, state);
            }
        }
        self.states = states;
        changes
    }
}

#[cfg(test)]
mod tests;
