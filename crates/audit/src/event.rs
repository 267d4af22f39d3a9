//! A line of the audit chain as a FHIR `AuditEvent`: <https://hl7.org/fhir/R4/auditevent.html>.

use serde_json::{Map, Value, json};
use store::Access;

const TYPE: &str = "http://terminology.hl7.org/CodeSystem/audit-event-type";
const DICOM: &str = "http://dicom.nema.org/resources/ontology/DCM";
const ROLE: &str = "http://terminology.hl7.org/CodeSystem/v3-ParticipationType";
const REASON: &str = "http://terminology.hl7.org/CodeSystem/v3-ActReason";
const SOURCE: &str = "http://terminology.hl7.org/CodeSystem/security-source-type";
const ENTITY: &str = "http://terminology.hl7.org/CodeSystem/audit-entity-type";
const OBJECT_ROLE: &str = "http://terminology.hl7.org/CodeSystem/object-role";
/// How IHE's Basic Audit Log Patterns mark the identifier of a request.
const BALP: &str = "https://profiles.ihe.net/ITI/BALP/CodeSystem/BasicAuditEntityType";

/// A patient who was asked for: the pseudonym, and the identifier that was given.
pub(crate) type Asked<'a> = Option<(&'a str, &'a str)>;

/// Line `number` of the chain as an `AuditEvent`. A patient appears under the pseudonym, but for
/// the one who was asked for.
pub(crate) fn resource(number: u64, access: &Access, asked: Asked<'_>) -> Value {
    let mut event = Map::new();
    event.insert("resourceType".into(), "AuditEvent".into());
    event.insert("id".into(), number.to_string().into());
    event.insert("type".into(), coding(TYPE, "rest", "RESTful Operation"));
    event.insert("subtype".into(), json!([{ "code": access.interaction }]));
    event.insert("action".into(), action(&access.interaction).into());
    event.insert("recorded".into(), access.at.to_string().into());
    event.insert("outcome".into(), outcome(access.outcome).into());
    event.insert("outcomeDesc".into(), access.outcome.to_string().into());
    if !access.purpose.is_empty() {
        let purpose = json!([{ "coding": [{ "system": REASON, "code": access.purpose }] }]);
        event.insert("purposeOfEvent".into(), purpose);
    }
    event.insert("agent".into(), agents(access, asked));
    event.insert("source".into(), source(access));
    let entities = entities(access, asked);
    if !entities.is_empty() {
        event.insert("entity".into(), Value::Array(entities));
    }
    Value::Object(event)
}

/// What was done, from the verb that an interaction's name begins with.
fn action(interaction: &str) -> &'static str {
    match interaction.split('-').next().unwrap_or_default() {
        "create" | "post" | "send" | "publish" => "C",
        "get" | "read" | "search" | "list" | "retrieve" | "trace" | "track" => "R",
        "update" | "patch" => "U",
        "delete" => "D",
        _ => "E",
    }
}

/// How it went: 0 well, 4 refused, 8 failed.
fn outcome(status: u16) -> &'static str {
    match status {
        ..400 => "0",
        400..500 => "4",
        _ => "8",
    }
}

/// The person behind the call, the calling program, whom it acted for, whom the call was passed on
/// to, and whom it said it was for. The first is who asked.
fn agents(access: &Access, asked: Asked<'_>) -> Value {
    let mut agents = Vec::new();
    let mut agent = |kind: Value, who: Value| {
        let requestor = agents.is_empty();
        agents.push(json!({ "type": { "coding": [kind] }, "who": who, "requestor": requestor }));
    };
    if !access.user.is_empty() {
        agent(coding(ROLE, "IRCP", "information recipient"), person(&access.user, asked));
    }
    agent(coding(DICOM, "110153", "Source Role ID"), identifier(&access.client));
    if !access.system.is_empty() {
        agent(coding(DICOM, "110150", "Application"), identifier(&access.system));
    }
    if !access.organisation.is_empty() {
        agent(coding(ROLE, "CST", "custodian"), identifier(&access.organisation));
    }
    if !access.recipient.is_empty() {
        agent(coding(DICOM, "110152", "Destination Role ID"), identifier(&access.recipient));
    }
    if !access.claimed.is_empty() {
        agent(coding(ROLE, "RESP", "responsible party"), identifier(&access.claimed));
    }
    if let Some(first) = agents.first_mut().and_then(Value::as_object_mut) {
        first.insert("role".into(), json!([{ "text": access.mode }]));
    }
    Value::Array(agents)
}

/// Who noted it: the API.
fn source(access: &Access) -> Value {
    json!({
        "observer": identifier(&access.service),
        "type": [coding(SOURCE, "4", "Application Server")],
    })
}

/// Whose records it was about, and the request itself.
fn entities(access: &Access, asked: Asked<'_>) -> Vec<Value> {
    let patient = |subject: &String| {
        json!({
            "what": person(subject, asked),
            "type": coding(ENTITY, "1", "Person"),
            "role": coding(OBJECT_ROLE, "1", "Patient"),
        })
    };
    let mut entities: Vec<Value> = access.subjects.iter().map(patient).collect();
    let mut request = Map::new();
    if !access.request.is_empty() {
        request.insert("what".into(), identifier(&access.request));
    }
    if !access.trace.is_empty() {
        let detail = json!([{ "type": "trace-id", "valueString": access.trace }]);
        request.insert("detail".into(), detail);
    }
    if !request.is_empty() {
        request.insert("type".into(), json!({ "system": BALP, "code": "XrequestId" }));
        entities.push(Value::Object(request));
    }
    entities
}

/// A patient as they were asked for, or anybody else by their identifier.
fn person(name: &str, asked: Asked<'_>) -> Value {
    match asked {
        Some((pseudonym, given)) if pseudonym == name => {
            json!({ "reference": format!("Patient/{given}"), "type": "Patient" })
        }
        _ => identifier(name),
    }
}

fn identifier(value: &str) -> Value {
    json!({ "identifier": { "value": value } })
}

fn coding(system: &str, code: &str, display: &str) -> Value {
    json!({ "system": system, "code": code, "display": display })
}

#[cfg(test)]
mod tests;
