//! The signal: something happened, to whom, and where to read about it. It holds no record.
//!
//! Clause: CloudEvents 1.0, <https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/spec.md>.
//! That a subscriber may have it as a FHIR Bundle is published; what stands in the Bundle is not,
//! so that form is ours: a FHIR R4 message, <https://hl7.org/fhir/R4/messaging.html>.

use serde_json::{Map, Value, json};

use crate::{NhsNumber, url};

/// The media type of a signal as a CloudEvent, in the words of subscriptions.
pub const JSON: &str = "application/json";
/// The media type of a signal as a FHIR message.
pub const FHIR: &str = "application/fhir+json";

/// Something happened, to whom, and where to read about it. What is empty is not known.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signal {
    /// The publisher's own name for it; unique together with the source.
    pub id: String,
    /// Who publishes it, a URI.
    pub source: String,
    /// The type of event, such as `pds-change-of-gp-2`.
    pub event: String,
    /// When it happened, by RFC 3339.
    pub time: String,
    /// To whom or what it happened: an NHS number, or a URL.
    pub subject: String,
    /// Where to read about it, a URI.
    pub dataref: String,
    /// The version of what stands there, such as `W/"2"`.
    pub version: String,
    /// What else the publisher says of it, by name.
    pub extensions: Vec<(String, Value)>,
}

impl Signal {
    /// The signal in every form that a subscriber may ask for: media type and bytes, the usual one
    /// first.
    pub fn forms(&self) -> [(&'static str, Vec<u8>); 2] {
        [
            (JSON, self.cloud_event().to_string().into_bytes()),
            (FHIR, self.message().to_string().into_bytes()),
        ]
    }

    /// The signal as a CloudEvent.
    pub fn cloud_event(&self) -> Value {
        let mut event = Map::new();
        event.insert("specversion".into(), "1.0".into());
        for (name, value) in [
            ("id", &self.id),
            ("source", &self.source),
            ("type", &self.event),
            ("time", &self.time),
            ("dataref", &self.dataref),
            ("subject", &self.subject),
            ("versionid", &self.version),
        ] {
            if !value.is_empty() {
                event.insert(name.into(), value.as_str().into());
            }
        }
        event.extend(self.extensions.iter().cloned());
        Value::Object(event)
    }

    /// The signal as a FHIR message: a Bundle with a MessageHeader that points at the record.
    pub fn message(&self) -> Value {
        let mut header = json!({
            "resourceType": "MessageHeader",
            "eventUri": self.event,
            "source": { "endpoint": self.source },
        });
        let focus = self.focus();
        if let (false, Some(header)) = (focus.is_empty(), header.as_object_mut()) {
            header.insert("focus".into(), json!([focus]));
        }
        json!({
            "resourceType": "Bundle",
            "identifier": { "value": self.id },
            "type": "message",
            "timestamp": self.time,
            "entry": [{ "resource": header }],
        })
    }

    fn focus(&self) -> Map<String, Value> {
        let mut focus = Map::new();
        if !self.dataref.is_empty() {
            focus.insert("reference".into(), self.dataref.as_str().into());
        }
        if NhsNumber::parse(&self.subject).is_some() {
            let identifier = json!({ "system": url::NHS_NUMBER, "value": self.subject });
            focus.insert("type".into(), "Patient".into());
            focus.insert("identifier".into(), identifier);
        } else if !self.subject.is_empty() {
            focus.insert("identifier".into(), json!({ "value": self.subject }));
        }
        focus
    }
}

#[cfg(test)]
mod tests;
