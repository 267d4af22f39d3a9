//! The legs of one conversation, from wherever they are kept.

pub(crate) mod messages;

use std::collections::HashMap;

use base::Fault;
use jiff::{SignedDuration, Timestamp};
use serde_json::Value;
use travel::{Leg, Party};

use crate::faults::{from_broker, from_store, not_found};
use crate::house::House;

/// How long after its latest leg a conversation counts as under way, in seconds.
const RUNNING_S: i64 = 30;
/// The kind of directory record that names organisations.
const ORGANISATION: &str = "organisation";

/// What travelled in one conversation.
#[derive(Clone, Debug)]
pub(crate) struct Conversation {
    pub(crate) id: String,
    /// When each leg set out, and the leg, in this order.
    pub(crate) legs: Vec<(Timestamp, Leg)>,
    /// The names of organisations, by their codes.
    pub(crate) names: HashMap<String, String>,
    /// Whether more may come soon.
    pub(crate) running: bool,
}

impl Conversation {
    /// Everything that is known of a conversation.
    ///
    /// # Errors
    /// When nothing is, or the store fails.
    pub(crate) fn gather(house: &House, id: &str) -> Result<Self, Fault> {
        let mut legs = house.recorder.read(id).map_err(from_store)?;
        messages::add(house, id, &mut legs).map_err(from_broker)?;
        if legs.is_empty() {
            return Err(not_found());
        }
        legs.sort_by_key(|(at, _)| *at);
        name_passed_on(&mut legs);
        same_by_name(&mut legs);
        let now = house.clock.now();
        let running = legs.iter().map(|(at, leg)| ended(*at, leg)).max().is_some_and(|latest| {
            now.duration_since(latest) < SignedDuration::from_secs(RUNNING_S)
        });
        let names = names(house, &legs)?;
        Ok(Self { id: id.to_owned(), legs, names, running })
    }

    /// What a party is called.
    pub(crate) fn name_of<'a>(&'a self, party: &'a Party) -> &'a str {
        match self.names.get(&party.organisation) {
            Some(name) => name,
            None if !party.name.is_empty() => &party.name,
            None if !party.organisation.is_empty() => &party.organisation,
            None => "Somebody unknown",
        }
    }
}

/// A call that was passed on is called what was passed on: whoever did that knows best.
pub(crate) fn name_passed_on(legs: &mut [(Timestamp, Leg)]) {
    let passed_on = legs.to_vec();
    // The broker passes on when it is time, and other things at the same time.
    let at_once = |leg: &Leg| leg.to.organisation.is_empty() && leg.to.name != messages::BROKER;
    for (began, call) in legs.iter_mut().filter(|(_, leg)| at_once(leg)) {
        let during = *began..=ended(*began, call);
        let onward = passed_on.iter().find(|(at, leg)| leg.from == call.to && during.contains(at));
        if let Some((_, onward)) = onward {
            call.what.clone_from(&onward.what);
        }
    }
}

/// Who calls by an API key is known by name only, and perhaps by more from other calls.
fn same_by_name(legs: &mut [(Timestamp, Leg)]) {
    let known = legs.iter().map(|(_, leg)| &leg.from);
    let known: HashMap<String, String> = known
        .filter(|party| !party.organisation.is_empty())
        .map(|party| (party.name.clone(), party.organisation.clone()))
        .collect();
    for (_, leg) in legs.iter_mut().filter(|(_, leg)| leg.from.organisation.is_empty()) {
        if let Some(organisation) = known.get(&leg.from.name) {
            leg.from.organisation.clone_from(organisation);
        }
    }
}

/// When a leg was over.
pub(crate) fn ended(at: Timestamp, leg: &Leg) -> Timestamp {
    let took = SignedDuration::from_micros(i64::try_from(leg.took_us).unwrap_or(i64::MAX));
    at.checked_add(took).unwrap_or(at)
}

/// The names of the organisations that take part.
fn names(house: &House, legs: &[(Timestamp, Leg)]) -> Result<HashMap<String, String>, Fault> {
    let mut names = HashMap::new();
    let codes = legs.iter().flat_map(|(_, leg)| [&leg.from.organisation, &leg.to.organisation]);
    for code in codes.filter(|code| !code.is_empty()) {
        if names.contains_key(code) {
            continue;
        }
        let record = house.broker.store().directory().get(ORGANISATION, code);
        let record = record.map_err(from_store)?.unwrap_or_default();
        let named = serde_json::from_str::<Value>(&record).ok();
        let name = named.as_ref().and_then(|record| record.get("name")?.as_str());
        names.insert(code.clone(), name.unwrap_or(code).to_owned());
    }
    Ok(names)
}
