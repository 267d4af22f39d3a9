//! The JSON Schemas of the specification: what the proxy itself says whole, what it passes on by
//! name only, since the receiver says what must stand in it.

use base::limit::ONWARD_BYTES_MAX;
use serde_json::{Value, json};
use service::{BodyDoc, Parameter, Place, UploadLimit};

/// What comes back when all is well.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Shape {
    /// A Bundle.
    Bundle,
    /// Any other resource.
    Resource,
}

impl Shape {
    /// The schema of it.
    pub(crate) fn schema(self) -> Value {
        let name = match self {
            Self::Bundle => "Bundle",
            Self::Resource => "Resource",
        };
        json!({ "$ref": format!("#/components/schemas/{name}") })
    }
}

/// The `components/schemas` of the specification.
pub(crate) fn schemas() -> Value {
    let text = json!({ "type": "string" });
    let resource = |kind: Value| {
        json!({
            "type": "object",
            "required": ["resourceType"],
            "properties": { "resourceType": kind },
        })
    };
    let coding = json!({
        "type": "object",
        "required": ["system", "code"],
        "properties": { "system": text, "code": text, "display": text },
    });
    let issue = json!({
        "type": "object",
        "required": ["severity", "code"],
        "properties": {
            "severity": { "enum": ["fatal", "error", "warning", "information"] },
            "code": text,
            "details": {
                "type": "object",
                "properties": { "coding": { "type": "array", "items": coding } },
            },
            "diagnostics": text,
        },
    });
    json!({
        "Bundle": resource(json!({ "const": "Bundle" })),
        "Resource": resource(text.clone()),
        "OperationOutcome": {
            "type": "object",
            "required": ["resourceType", "issue"],
            "properties": {
                "resourceType": { "const": "OperationOutcome" },
                "issue": { "type": "array", "minItems": 1, "items": issue },
            },
        },
    })
}

/// The most that comes in one message.
pub(crate) const UPLOAD: UploadLimit = UploadLimit { bytes_max: ONWARD_BYTES_MAX as u64 };

/// The body of what is sent.
pub(crate) fn body() -> BodyDoc {
    BodyDoc {
        media_types: &[fhir::MEDIA_TYPE, "application/fhir+xml"],
        schema: Shape::Resource.schema(),
        example: json!({ "resourceType": "Bundle", "type": "message", "entry": [] }),
    }
}

/// The headers of every interaction; of one that is always passed on, the target is required.
pub(crate) fn headers(target_required: bool) -> Vec<Parameter> {
    let base64 = || json!({ "type": "string", "format": "byte" });
    let text = || json!({ "type": "string" });
    let mut all = ids();
    all.extend([
        header(
            "NHSD-Target-Identifier",
            (
                target_required,
                "The service that it is for: the base64 of a JSON object with the `value` and \
                 the `system` of its id.",
            ),
            base64(),
            None,
        ),
        header(
            "NHSD-End-User-Organisation",
            (false, "The organisation that it is for: the base64 of a FHIR Organization."),
            base64(),
            None,
        ),
        header(
            "NHSD-Requesting-Software",
            (false, "The software that sends it: the base64 of a FHIR Device."),
            base64(),
            None,
        ),
        header(
            "NHSD-Requesting-Practitioner",
            (false, "The person who sends it: the base64 of a FHIR PractitionerRole."),
            base64(),
            None,
        ),
        header(
            "use-context",
            (false, "Use case, category, event and reason, with `|` between them."),
            text(),
            Some("a1t5|referral|servicerequest-request|new"),
        ),
    ]);
    all
}

/// The ids that every call has.
pub(crate) fn ids() -> Vec<Parameter> {
    let uuid = || json!({ "type": "string", "format": "uuid" });
    vec![
        header(
            "X-Request-Id",
            (true, "Names the request. A retry repeats it: the receiver tells by it."),
            uuid(),
            Some("c1ab3fba-6bae-4ba4-b257-5a87c44d4a91"),
        ),
        header(
            "X-Correlation-Id",
            (true, "Names the conversation. A later answer to a message repeats it."),
            uuid(),
            Some("9562466f-c982-4bd5-bb0e-255e9f5e6689"),
        ),
    ]
}

/// The parameters of a search in the catalogue, by service and by organisation. One must be there.
pub(crate) fn catalogue((service, organisation): (&'static str, &'static str)) -> Vec<Parameter> {
    let query = |name, summary, example: String| Parameter {
        name,
        place: Place::Query,
        required: false,
        summary,
        schema: json!({ "type": "string" }),
        example: Some(example.into()),
    };
    let dos = format!("{}|2000099999", nhs::url::DOS_SERVICE_ID);
    let ods = format!("{}|R1X", nhs::url::ODS_CODE);
    let mut all = ids();
    all.push(query(service, "The service, by system and id. This or the organisation.", dos));
    all.push(query(organisation, "Whose services: by system and code.", ods));
    all
}

/// The id in a path.
pub(crate) fn id() -> Parameter {
    Parameter {
        name: "id",
        place: Place::Path,
        required: true,
        summary: "The id that the receiver gave it.",
        schema: json!({ "type": "string", "pattern": "^[A-Za-z0-9.-]{1,64}$" }),
        example: None,
    }
}

fn header(
    name: &'static str,
    (required, summary): (bool, &'static str),
    schema: Value,
    example: Option<&str>,
) -> Parameter {
    let example = example.map(Value::from);
    Parameter { name, place: Place::Header, required, summary, schema, example }
}
