//! What the API tells subscribers of: that a record changed, in the commit that changes it. There
//! is never one without the other.
//!
//! Clause: the event types `pds-*-2` of the Multicast Notification Service. A signal holds no
//! record: the number, and where to read. What subscriptions may ask for says no more than
//! everybody may see of the record: nothing that tells where a restricted patient is, and of a
//! very restricted one only that something changed.

use base::Fault;
use broker::{Broker, Form, Publication, Refused};
use bytes::Bytes;
use nhs::{OdsCode, Signal, url};
use serde_json::Value;
use sha2::{Digest, Sha256};
use store::Transaction;
use store::messages::MessageId;

use crate::record::{Class, Record};
use crate::rule::{FIELDS, items};
use crate::{BASE, House, faults};

/// A patient has another general practice, or none any more.
const CHANGE_OF_GP: &str = "pds-change-of-gp-2";
/// What is known of a patient's death changed.
const DEATH: &str = "pds-death-notification-2";
/// Anything in a record changed.
const RECORD_CHANGE: &str = "pds-record-change-2";
/// Who tells.
const SOURCE: &str = "uk.nhs.personal-demographics-service";

/// The events that a transaction tells of.
pub(crate) type Told = Vec<MessageId>;

/// Who tells subscribers, and where they can read what it is about.
#[derive(Clone)]
pub(crate) struct Publisher {
    broker: Broker,
    /// The address of records, but for the number.
    records: String,
}

/// An event that is to be told: its type, and what subscriptions may ask for.
struct Happening {
    event: &'static str,
    attributes: Vec<(String, String)>,
}

impl Publisher {
    pub(crate) fn new(broker: Broker, address: &str) -> Self {
        Self { broker, records: format!("{address}{BASE}/Patient") }
    }
}

impl House {
    /// Adds to a transaction that a record changes to a transaction what is told of it. `before`
    /// are the bytes of the record that was there, if one was. Costs nothing while nobody wants to
    /// know.
    ///
    /// # Errors
    /// When the record that was there cannot be read.
    pub(crate) fn tell(
        &self,
        mut transaction: Transaction,
        before: Option<&Bytes>,
        after: &Record,
    ) -> Result<(Transaction, Told), Fault> {
        let mut told = Told::new();
        let Some(publisher) = &self.publisher else { return Ok((transaction, told)) };
        let wanted = |event: &&str| publisher.broker.anybody_wants(event);
        if ![CHANGE_OF_GP, DEATH, RECORD_CHANGE].iter().any(wanted) {
            return Ok((transaction, told));
        }
        let before = before.map(Record::decode).transpose()?;
        for happening in happenings(before.as_ref(), after) {
            let publication = self.publication(publisher, happening, after);
            let (more, messages) =
                publisher.broker.publish(transaction, &publication).map_err(from_broker)?;
            transaction = more;
            told.extend(messages);
        }
        Ok((transaction, told))
    }

    /// Lets deliveries begin, after the commit.
    pub(crate) fn told(&self, told: &Told) {
        if let Some(publisher) = &self.publisher {
            publisher.broker.published(told);
        }
    }

    fn publication(&self, publisher: &Publisher, what: Happening, after: &Record) -> Publication {
        let number = text(&after.patient, "/id");
        let version = after.version();
        let signal = Signal {
            id: self.event_id(number, version, what.event),
            source: SOURCE.to_owned(),
            event: what.event.to_owned(),
            // Milliseconds, as published.
            time: format!("{:.3}", self.clock.now()),
            subject: number.to_owned(),
            dataref: format!("{}/{number}", publisher.records),
            version: match what.event {
                RECORD_CHANGE => format!("W/\"{version}\""),
                _ => String::new(),
            },
            extensions: Vec::new(),
        };
        let form = |(media_type, body): (&str, Vec<u8>)| Form {
            media_type: media_type.to_owned(),
            body: body.into(),
        };
        Publication {
            event: what.event.to_owned(),
            source: SOURCE.to_owned(),
            // The version that the transaction expects keeps it from being told twice.
            name: None,
            attributes: what.attributes,
            forms: signal.forms().into_iter().map(form).collect(),
        }
    }

    /// The id of an event: the same for the same patient, version and type, so that receivers can
    /// tell repeats; made of the patient's pseudonym, so that nobody can work back from it.
    fn event_id(&self, number: &str, version: u64, event: &str) -> String {
        let pseudonym = self.store.audit().pseudonym(number);
        let digest = Sha256::digest(format!("{pseudonym} {version} {event}"));
        let mut bytes = [0; 16];
        for (to, from) in bytes.iter_mut().zip(digest.iter()) {
            *to = *from;
        }
        uuid::Builder::from_random_bytes(bytes).into_uuid().to_string()
    }
}

/// What happened to a record, for those who may hear of it.
fn happenings(before: Option<&Record>, after: &Record) -> Vec<Happening> {
    let was = before.map_or(&Value::Null, |before| &before.patient);
    let now = &after.patient;
    let classes = [before.map_or(Class::Unrestricted, Record::class), after.class()];
    let very_restricted = classes.contains(&Class::VeryRestricted);
    let restricted = classes.iter().any(|class| *class != Class::Unrestricted);
    let (left, joined) = (practice(was), practice(now));
    let moved = left != joined;
    let practice = joined.filter(|_| !restricted);
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());

    let mut attributes = vec![pair("nhsnumber", text(now, "/id"))];
    if !very_restricted {
        attributes.extend(changed(before, after).iter().map(|name| pair(name, "true")));
    }
    attributes.extend(practice.iter().map(|code| pair("registeredgpodscode", code.as_str())));
    let mut happenings = vec![Happening { event: RECORD_CHANGE, attributes }];
    if very_restricted {
        return happenings;
    }
    if moved {
        let attributes = practice.iter().map(|code| pair("generalpractitioner", code.as_str()));
        happenings.push(Happening { event: CHANGE_OF_GP, attributes: attributes.collect() });
    }
    if death(was) != death(now) {
        happenings.push(Happening { event: DEATH, attributes: Vec::new() });
    }
    happenings
}

/// The attributes that say what changed: `changed_` and the name of the member.
fn changed(before: Option<&Record>, after: &Record) -> Vec<String> {
    let was = |field: &str| before.and_then(|before| before.patient.get(field));
    let coverage = before.and_then(|before| before.annex.coverage.as_ref());
    let coverage = (coverage != after.annex.coverage.as_ref()).then_some("coverage");
    let fields = FIELDS.iter().copied().filter(|field| was(field) != after.patient.get(*field));
    fields.chain(coverage).map(|field| format!("changed_{}", field.to_ascii_lowercase())).collect()
}

/// A patient's general practice.
fn practice(patient: &Value) -> Option<OdsCode> {
    OdsCode::parse(text(patient, "/generalPractitioner/0/identifier/value"))
}

/// What is known of a patient's death.
fn death(patient: &Value) -> (Option<&Value>, Option<&Value>) {
    let notified = |extension: &&Value| text(extension, "/url") == url::DEATH_NOTIFICATION;
    (patient.get("deceasedDateTime"), items(patient, "extension").iter().find(notified))
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn from_broker(refused: Refused) -> Fault {
    match refused {
        Refused::Store(error) => faults::from_store(error),
        other => Fault::broken("UNKNOWN_ERROR", format!("{other:?}")),
    }
}

#[cfg(test)]
mod tests;
