//! From a FHIR patient to the same in HL7 V3. What the caller may not see is gone already.
//!
//! Clause: the message type `PRPA_MT000200UK01` and its like, as far as FHIR tells.

use hl7v3::wrapper::{Code, InstanceId, said};
use hl7v3::xml::Element;
use serde_json::Value;

use super::exchange::Form;
use super::time;
use crate::oid;

/// The code of the registration with a general practice.
const PRIMARY_CARE: &str = "1";
/// The code of the observation that counts the versions of a record.
const SERIAL_CHANGE_NUMBER: &str = "2";

/// The subject of an answer about a patient.
pub(crate) fn subject<'a>(patient: &'a Value, form: &'static Form) -> Element<'a> {
    let shown = class("subject", "typeCode", "SBJ").with(role(patient, form));
    let event = said(form.subject).with_attribute("classCode", "OBS");
    let event = event.with_attribute("moodCode", "EVN");
    let version = version(patient);
    if form.version_first {
        event.with(version).with(shown)
    } else {
        event.with(shown).with(version)
    }
}

fn role<'a>(patient: &'a Value, form: &'static Form) -> Element<'a> {
    let number = InstanceId::new(oid::NHS_NUMBER, text(patient, "/id"));
    let restricted = matches!(text(patient, "/meta/security/0/code"), "R" | "V");
    class("patientRole", "classCode", "PAT")
        .with(number.into_element("id"))
        .with_all(list(patient, "address").map(address))
        .with_all(restricted.then(|| said("confidentialityCode").with_attribute("code", "S")))
        .with_all(list(patient, "telecom").filter_map(telecom))
        .with(person(patient, form))
}

fn person<'a>(patient: &'a Value, form: &'static Form) -> Element<'a> {
    let gender = match text(patient, "/gender") {
        "male" => "1",
        "female" => "2",
        "other" => "9",
        _ => "0",
    };
    let at = |name: &'static str, pointer: &str| {
        let digits = time::from_fhir(text(patient, pointer));
        (!digits.is_empty()).then(|| said(name).with_attribute("value", digits))
    };
    let order = patient
        .get("multipleBirthInteger")
        .and_then(Value::as_u64)
        .map(|order| said("multipleBirthOrderNumber").with_attribute("value", order.to_string()));
    class("patientPerson", "classCode", "PSN")
        .with_attribute("determinerCode", "INSTANCE")
        .with_all(list(patient, "name").map(name))
        .with(said("administrativeGenderCode").with_attribute("code", gender))
        .with_all(at("birthTime", "/birthDate"))
        .with_all(at("deceasedTime", "/deceasedDateTime"))
        .with_all(order)
        .with_all(list(patient, "generalPractitioner").map(|one| registration(one, form)))
}

fn name(written: &Value) -> Element<'_> {
    let kind = match text(written, "/use") {
        "usual" | "official" => "L",
        "maiden" => "PREVIOUS-MAIDEN",
        "old" => "PREVIOUS",
        _ => "A",
    };
    let parts = |part: &'static str, pointer: &str| -> Vec<Element<'_>> {
        let texts = written.pointer(pointer).and_then(Value::as_array).into_iter().flatten();
        texts.filter_map(Value::as_str).map(|text| said(part).with_text(text)).collect()
    };
    let family = written.get("family").and_then(Value::as_str);
    class("name", "use", kind)
        .with_all(parts("prefix", "/prefix"))
        .with_all(parts("given", "/given"))
        .with_all(family.map(|family| said("family").with_text(family)))
        .with_all(parts("suffix", "/suffix"))
        .with_all(period("validTime", written))
        .with_all(object_id(written))
}

fn address(written: &Value) -> Element<'_> {
    let kind = match text(written, "/use") {
        "temp" => "TMP",
        "billing" => "PST",
        "work" => "WP",
        _ => "H",
    };
    let lines = written.get("line").and_then(Value::as_array).into_iter().flatten();
    let lines = lines.filter_map(Value::as_str);
    let postcode = written.get("postalCode").and_then(Value::as_str);
    class("addr", "use", kind)
        .with_all(lines.map(|line| said("streetAddressLine").with_text(line)))
        .with_all(postcode.map(|postcode| said("postalCode").with_text(postcode)))
        .with_all(period("useablePeriod", written))
        .with_all(object_id(written))
}

/// A way to reach somebody; nothing for ways that have no address in HL7 V3.
fn telecom(written: &Value) -> Option<Element<'_>> {
    let scheme = match text(written, "/system") {
        "phone" | "sms" => "tel",
        "email" => "mailto",
        "fax" => "fax",
        _ => return None,
    };
    let kind = match text(written, "/use") {
        "mobile" => "MC",
        "work" => "WP",
        "temp" => "TMP",
        _ => "HP",
    };
    let value = format!("{scheme}:{}", text(written, "/value"));
    let telecom = class("telecom", "use", kind).with_attribute("value", value);
    Some(telecom.with_all(period("useablePeriod", written)).with_all(object_id(written)))
}

/// Where a patient is registered, in the shape of one of the messages.
fn registration<'a>(practice: &'a Value, form: &'static Form) -> Element<'a> {
    let [participation, participation_type, role, role_class] = form.provider;
    let code = text(practice, "/identifier/value");
    let organisation = InstanceId::new(oid::ORGANISATION, code).into_element("id");
    let registered_by = class(participation, "typeCode", participation_type)
        .with(class(role, "classCode", role_class).with(organisation));
    let reason = Code {
        code: PRIMARY_CARE.to_owned(),
        system: oid::CARE_PROVISION.to_owned(),
        ..Code::default()
    };
    let since = practice.get("identifier").and_then(|id| period("effectiveTime", id));
    let provision = class(form.provision, "classCode", "PCPR")
        .with_attribute("moodCode", "EVN")
        .with_all(object_id(practice))
        .with(reason.into_element("code"))
        .with_all(since)
        .with(registered_by);
    class("playedOtherProviderPatient", "classCode", "PAT")
        .with(class("subjectOf", "typeCode", "SBJ").with(provision))
}

/// The version of the record: its serial change number.
fn version(patient: &Value) -> Element<'_> {
    let code = Code {
        code: SERIAL_CHANGE_NUMBER.to_owned(),
        system: oid::PDS_OBSERVATION.to_owned(),
        ..Code::default()
    };
    let number = class("pertinentSerialChangeNumber", "classCode", "OBS")
        .with_attribute("moodCode", "EVN")
        .with(code.into_element("code"))
        .with(said("value").with_attribute("value", text(patient, "/meta/versionId")));
    class("pertinentInformation", "typeCode", "PERT").with(number)
}

fn period<'a>(element: &'static str, written: &'a Value) -> Option<Element<'a>> {
    let end = |end: &'static str, pointer: &str| {
        let digits = time::from_fhir(text(written, pointer));
        (!digits.is_empty()).then(|| said(end).with_attribute("value", digits))
    };
    let (low, high) = (end("low", "/period/start"), end("high", "/period/end"));
    let known = low.is_some() || high.is_some();
    known.then(|| said(element).with_all(low).with_all(high))
}

/// The id that a part of a record has.
fn object_id(written: &Value) -> Option<Element<'_>> {
    let id = written.get("id").and_then(Value::as_str)?;
    Some(InstanceId::new(oid::PDS_OBJECT, id).into_element("id"))
}

fn class<'a>(name: &'static str, attribute: &'static str, value: &'static str) -> Element<'a> {
    said(name).with_attribute(attribute, value)
}

fn list<'a>(patient: &'a Value, member: &str) -> impl Iterator<Item = &'a Value> {
    patient.get(member).and_then(Value::as_array).into_iter().flatten()
}

fn text<'a>(value: &'a Value, pointer: &str) -> &'a str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests;
