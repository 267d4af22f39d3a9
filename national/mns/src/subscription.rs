//! A subscription: as it is asked for, as it is kept, and as its owner sees it.
//!
//! Clause: FHIR R4 Subscription, <https://hl7.org/fhir/R4/subscription.html>, in the service's own
//! narrow use of it.

use base::Fault;
use base::limit::{SUBSCRIPTION_REASON_BYTES_MAX, SUBSCRIPTIONS_MAX};
use broker::Subscription;
use http::StatusCode;
use nhs::signal;
use security::Caller;
use serde_json::{Map, Value, json};
use service::{Reply, Request};

use crate::channel::Channel;
use crate::criteria::Criteria;
use crate::event::is_instant;
use crate::faults::{Problems, incorrect, not_found};
use crate::{House, body, faults};

/// The media type of a subscription.
pub(crate) const MEDIA_TYPE: &str = fhir::MEDIA_TYPE;

/// A subscription as it is asked for.
#[derive(Debug)]
pub(crate) struct Wanted {
    criteria: Criteria,
    channel: Channel,
    payload: String,
    /// What the owner sees of it beside the id.
    shown: Map<String, Value>,
}

impl Wanted {
    /// Reads the body of a request.
    ///
    /// # Errors
    /// Everything that is wrong with it, by member.
    pub(crate) fn read(house: &House, request: &Request) -> Result<Self, Fault> {
        let members = body::object(request, MEDIA_TYPE)?;
        let mut problems = Problems::default();
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        if text("resourceType") != Some("Subscription") {
            let why = "Please provide the correct resource type for this endpoint";
            problems.add("resourceType", why);
        }
        if text("status") != Some("requested") {
            problems.add("status", "Please provide requested");
        }
        let reason = text("reason").filter(|text| text.len() <= SUBSCRIPTION_REASON_BYTES_MAX);
        if reason.is_none() {
            let why = format!("Please provide at most {SUBSCRIPTION_REASON_BYTES_MAX} bytes");
            problems.add("reason", why);
        }
        if members.contains_key("end") && !text("end").is_some_and(is_instant) {
            problems.add("end", "Please provide an instant such as 2027-01-01T00:00:00Z");
        }
        if !without_hydration(members.get("hydration")) {
            problems
                .add("hydration", "Events are not hydrated here. Please read what they point at");
        }
        let criteria = Criteria::parse(text("criteria").unwrap_or_default());
        let channel = channel(house, &request.caller, members.get("channel"), &mut problems);
        match (criteria, channel) {
            (Ok(criteria), Some((channel, payload))) => {
                let shown = shown(&members);
                problems.none_in(Self { criteria, channel, payload, shown })
            }
            (Err(why), _) => {
                problems.add("criteria", why);
                Err(problems.into())
            }
            _ => Err(problems.into()),
        }
    }

    /// The subscription as it is kept.
    pub(crate) fn kept(&self, id: &str, owner: &str) -> Subscription {
        let mut shown = self.shown.clone();
        shown.insert("id".into(), id.into());
        Subscription {
            id: id.to_owned(),
            owner: owner.to_owned(),
            event: self.criteria.event.clone(),
            filters: self.criteria.conditions.clone(),
            deliver: self.channel.deliver.clone(),
            kind: self.channel.workflow.clone(),
            media_type: self.payload.clone(),
            document: Value::Object(shown).to_string(),
        }
    }

    /// Refuses it when the owner has the same already: the same events to the same place.
    ///
    /// # Errors
    /// The fault that names the other.
    pub(crate) fn is_new(&self, theirs: &[Subscription], id: &str) -> Result<(), Fault> {
        let same = theirs.iter().find(|one| {
            one.id != id
                && one.event == self.criteria.event
                && one.filters == self.criteria.conditions
                && one.deliver == self.channel.deliver
                && one.kind == self.channel.workflow
        });
        let Some(same) = same else { return Ok(()) };
        let kind = self.channel.kind;
        let why = format!("A matching {kind} subscription already exists with id: {}", same.id);
        Err(Fault::new(base::Kind::Conflict, "MATCHING_SUBSCRIPTION", why))
    }
}

fn without_hydration(hydration: Option<&Value>) -> bool {
    hydration.is_none_or(|hydration| hydration.get("enabled") == Some(&Value::Bool(false)))
}

/// The channel and the payload, unless something is wrong with them.
fn channel(
    house: &House,
    caller: &Caller,
    channel: Option<&Value>,
    problems: &mut Problems,
) -> Option<(Channel, String)> {
    let text = |name: &str| channel?.get(name)?.as_str();
    if text("type") != Some("message") {
        problems.add("channel.type", "Please provide message");
    }
    let payload = text("payload").filter(|text| [signal::JSON, signal::FHIR].contains(text));
    if payload.is_none() {
        let why = format!("Please provide {} or {}", signal::JSON, signal::FHIR);
        problems.add("channel.payload", why);
    }
    let place = Channel::parse(text("endpoint").unwrap_or_default())
        .and_then(|place| place.check(&house.broker, caller).map(|()| place));
    match place {
        Ok(place) => Some((place, payload?.to_owned())),
        Err(why) => {
            problems.add("channel.endpoint", why);
            None
        }
    }
}

/// What the owner will see, of what was sent.
fn shown(members: &Map<String, Value>) -> Map<String, Value> {
    let mut shown = Map::new();
    shown.insert("resourceType".into(), "Subscription".into());
    // The place of the id, which comes later.
    shown.insert("id".into(), Value::Null);
    shown.insert("status".into(), "active".into());
    for name in ["end", "reason", "criteria"] {
        if let Some(value) = members.get(name) {
            shown.insert(name.into(), value.clone());
        }
    }
    let sent = |name: &str| members.get("channel").and_then(|channel| channel.get(name)).cloned();
    let channel = ["type", "endpoint", "payload"].map(|name| (name, sent(name)));
    let channel: Map<String, Value> =
        channel.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect();
    shown.insert("channel".into(), channel.into());
    shown
}

/// A subscription as its owner sees it.
pub(crate) fn document(subscription: &Subscription) -> Value {
    serde_json::from_str(&subscription.document).unwrap_or_default()
}

/// The subscriptions that a caller made with this API, by id.
pub(crate) fn of(house: &House, caller: &Caller) -> Vec<Subscription> {
    let mut theirs = house.broker.subscriptions();
    theirs.retain(|one| one.owner == caller.client && !one.document.is_empty());
    theirs.sort_by(|one, other| one.id.cmp(&other.id));
    theirs
}

/// Refuses another subscription to who has too many.
///
/// # Errors
/// When they have.
pub(crate) fn room_for_more(theirs: &[Subscription]) -> Result<(), Fault> {
    if theirs.len() < SUBSCRIPTIONS_MAX {
        return Ok(());
    }
    Err(faults::forbidden(format!(
        "You have {SUBSCRIPTIONS_MAX} subscriptions, which is the limit"
    )))
}

/// The caller's subscription that the path names, among these.
///
/// # Errors
/// When the id is none, or there is no such subscription of theirs.
pub(crate) fn named<'a>(
    request: &Request,
    theirs: &'a [Subscription],
) -> Result<&'a Subscription, Fault> {
    let id = id(request.path_value("id"))
        .ok_or_else(|| incorrect("Please provide a valid subscription ID in UUID4 format"))?;
    theirs.iter().find(|one| one.id == id).ok_or_else(not_found)
}

/// The id that a text is, in small letters.
pub(crate) fn id(text: &str) -> Option<String> {
    let id = uuid::Uuid::try_parse(text).ok().filter(|id| id.get_version_num() == 4)?;
    let id = id.hyphenated().to_string();
    id.eq_ignore_ascii_case(text).then_some(id)
}

/// A reply that names a subscription.
pub(crate) fn created(id: &str) -> Reply {
    let body = json!({ "id": id }).to_string();
    Reply::new(StatusCode::CREATED, crate::style::JSON, body)
}
