//! What the crew reports: the resources of a referral from 999 to an emergency department.

use desk::Desk;
use desk::bars::{CATEGORIES, NHS_NUMBER, USE_CASES, meta};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::handover::{Handover, Person};

/// The use case: from 999 to an emergency department.
const FROM_999: (&str, &str) = ("a1t5", "999 to Emergency Department");
const SNOMED: &str = "http://snomed.info/sct";

/// The resources of a message about a handover. The first is the ServiceRequest.
pub(crate) fn resources(desk: &Desk, handover: &Handover, note: &str) -> Vec<(Uuid, Value)> {
    let at = meta(desk.clock.now());
    let id = || desk.dice.uuid();
    let (request, patient, encounter, plan) = (handover.id, id(), id(), id());
    let service_request = json!({
        "resourceType": "ServiceRequest",
        "id": request,
        "meta": at,
        "status": handover.status,
        "intent": "order",
        "category": [
            { "coding": [{ "system": CATEGORIES, "code": "referral", "display": "Referral" }] },
            { "coding": [{
                "system": USE_CASES,
                "code": FROM_999.0,
                "display": FROM_999.1,
            }] },
        ],
        "priority": "urgent",
        "subject": { "reference": urn(patient) },
        "encounter": { "reference": urn(encounter) },
        "authoredOn": handover.at.strftime("%FT%T+00:00").to_string(),
        "supportingInfo": [{ "reference": urn(plan) }],
        "note": [{ "text": note }],
    });
    let subject = json!({ "reference": urn(patient) });
    let encountered = json!({
        "resourceType": "Encounter",
        "id": encounter,
        "meta": at,
        "status": "triaged",
        "class": {
            "system": "http://terminology.hl7.org/CodeSystem/v3-ActCode",
            "code": "FLD",
            "display": "field",
        },
        "subject": subject,
        "period": { "start": handover.at.strftime("%FT%T+00:00").to_string() },
    });
    let planned = json!({
        "resourceType": "CarePlan",
        "id": plan,
        "meta": at,
        "status": "active",
        "intent": "plan",
        "subject": subject,
        "encounter": { "reference": urn(encounter) },
        "description": "Conveyed to the emergency department by ambulance",
    });
    let mut all = vec![
        (request, service_request),
        (patient, person(&handover.patient, patient, &at)),
        (encounter, encountered),
        (plan, planned),
    ];
    all.push(observed(desk, &at, &subject));
    all
}

/// Somebody, with no more than is known.
fn person(person: &Person, id: Uuid, at: &Value) -> Value {
    let mut written = Map::new();
    written.insert("resourceType".into(), "Patient".into());
    written.insert("id".into(), id.to_string().into());
    written.insert("meta".into(), at.clone());
    if let Some(number) = &person.nhs_number {
        let identifier = json!([{ "system": NHS_NUMBER, "value": number }]);
        written.insert("identifier".into(), identifier);
    }
    let mut name = Map::new();
    name.insert("use".into(), "official".into());
    if let Some(family) = &person.family {
        name.insert("family".into(), family.clone().into());
    }
    if let Some(given) = &person.given {
        name.insert("given".into(), json!([given]));
    }
    written.insert("name".into(), json!([name]));
    for (name, value) in [("gender", &person.gender), ("birthDate", &person.birth_date)] {
        if let Some(value) = value {
            written.insert(name.into(), value.clone().into());
        }
    }
    Value::Object(written)
}

/// The oxygen that the crew measured.
fn observed(desk: &Desk, at: &Value, subject: &Value) -> (Uuid, Value) {
    let id = desk.dice.uuid();
    let observation = json!({
        "resourceType": "Observation",
        "id": id,
        "meta": at,
        "status": "final",
        "code": { "coding": [{
            "system": SNOMED,
            "code": "103228002",
            "display": "Haemoglobin saturation with oxygen",
        }] },
        "subject": subject,
        "effectiveDateTime": desk.clock.now().strftime("%FT%T+00:00").to_string(),
        "valueQuantity": {
            "value": 94,
            "unit": "%",
            "system": "http://unitsofmeasure.org",
            "code": "%",
        },
    });
    (id, observation)
}

fn urn(id: Uuid) -> String {
    format!("urn:uuid:{id}")
}
