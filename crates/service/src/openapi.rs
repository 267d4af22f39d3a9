//! The OpenAPI 3.1 document of an API, made from its declaration.
//!
//! Clause: <https://spec.openapis.org/oas/v3.1.1.html>.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use crate::declaration::BodyDoc;
use crate::route::API_KEY;
use crate::{FaultRow, Interaction, Keeper, Parameter, Place, ReplyDoc, Service, UploadLimit};

impl Service {
    /// The OpenAPI 3.1 document of the API as served from an origin (`http://host:port`).
    pub fn openapi(&self, origin: &str) -> Value {
        json!({
            "openapi": "3.1.0",
            "info": {
                "title": self.title,
                "summary": self.summary,
                "description": self.description,
                "version": self.version,
                "x-status": self.status.name(),
                "x-standards": self.standards,
                "x-technologies": self.technologies,
            },
            "servers": [{ "url": format!("{origin}{}", self.base) }],
            "paths": self.paths(),
            "components": {
                "schemas": self.schemas,
                "securitySchemes": {
                    self.keeper.name(): security_scheme(&self.keeper),
                    "api_key": { "type": "apiKey", "in": "header", "name": API_KEY },
                },
            },
        })
    }

    fn paths(&self) -> Value {
        let mut paths: Map<String, Value> = Map::new();
        for interaction in &self.interactions {
            let item = paths.entry(interaction.path).or_insert_with(|| json!({}));
            if let Some(item) = item.as_object_mut() {
                let method = interaction.method.as_str().to_ascii_lowercase();
                item.insert(method, self.operation(interaction));
            }
        }
        Value::Object(paths)
    }

    fn operation(&self, interaction: &Interaction) -> Value {
        let access: Vec<&str> = interaction.access.iter().map(|mode| mode.name()).collect();
        // An empty requirement beside another says that an open house asks for nothing.
        let security = match (access.as_slice(), interaction.api_key, &self.keeper) {
            ([], false, _) => json!([]),
            ([], true, _) => json!([{ "api_key": [] }, {}]),
            (_, _, Keeper::Bearer) => json!([{ "bearer": [] }, {}]),
            (_, _, Keeper::Certificate) => json!([{ "certificate": [] }, {}]),
            (_, _, Keeper::Own { .. }) => json!([{ "own": [] }]),
        };
        let parameters: Vec<Value> = interaction.parameters.iter().map(parameter).collect();
        let mut operation = json!({
            "operationId": interaction.name,
            "summary": interaction.summary,
            "description": interaction.description,
            "x-access": access,
            "security": security,
            "parameters": parameters,
            "responses": self.responses(interaction),
        });
        let body = match (&interaction.body, interaction.upload) {
            (body, Some(upload)) => Some(uploaded_body(body.as_ref(), upload)),
            (Some(body), None) => Some(request_body(body)),
            (None, None) => None,
        };
        if let (Some(body), Some(operation)) = (body, operation.as_object_mut()) {
            operation.insert("requestBody".into(), body);
        }
        operation
    }

    fn responses(&self, interaction: &Interaction) -> Value {
        let mut responses = Map::new();
        for reply in &interaction.replies {
            let document = self.response(reply);
            match responses.get_mut(&reply.status.to_string()) {
                // One status in several media types.
                Some(other) => join(other, &document),
                None => {
                    responses.insert(reply.status.to_string(), document);
                }
            }
        }
        for (status, rows) in self.fault_rows(interaction) {
            let lines: Vec<String> =
                rows.iter().map(|row| format!("- `{}`: {}", row.code, row.display)).collect();
            let content = self.style.media_types.iter().map(|media_type| {
                ((*media_type).to_owned(), json!({ "schema": (self.style.schema)() }))
            });
            let content: Map<String, Value> = content.collect();
            responses.insert(
                status.to_string(),
                json!({ "description": lines.join("\n"), "content": content }),
            );
        }
        Value::Object(responses)
    }

    /// The fault rows of an interaction by status, but for statuses that are replies as well.
    fn fault_rows(&self, interaction: &Interaction) -> BTreeMap<u16, Vec<&'static FaultRow>> {
        let mut by_status: BTreeMap<u16, Vec<&'static FaultRow>> = BTreeMap::new();
        for row in interaction.faults.iter().filter_map(|id| self.fault_row(id)) {
            if interaction.replies.iter().all(|reply| reply.status != row.status) {
                by_status.entry(row.status).or_default().push(row);
            }
        }
        by_status
    }

    fn response(&self, reply: &ReplyDoc) -> Value {
        let mut headers = Map::new();
        for (name, summary) in reply.headers {
            let header = json!({ "description": summary, "schema": { "type": "string" } });
            headers.insert((*name).to_owned(), header);
        }
        for name in self.style.mirrored {
            let header = json!({
                "description": "Repeated from the request.",
                "schema": { "type": "string" },
            });
            headers.insert((*name).to_owned(), header);
        }
        let mut document = json!({ "description": reply.summary, "headers": headers });
        if let (false, Some(document)) = (reply.media_type.is_empty(), document.as_object_mut()) {
            let content = json!({ reply.media_type: { "schema": reply.schema } });
            document.insert("content".into(), content);
        }
        document
    }
}

/// Adds the media types of a reply to those of another with the same status.
fn join(other: &mut Value, document: &Value) {
    let more = document.get("content").and_then(Value::as_object).cloned();
    let Some(other) = other.as_object_mut() else { return };
    let content = other.entry("content").or_insert_with(|| json!({}));
    if let Some(content) = content.as_object_mut() {
        content.extend(more.unwrap_or_default());
    }
}

fn security_scheme(keeper: &Keeper) -> Value {
    match keeper {
        Keeper::Bearer => json!({ "type": "http", "scheme": "bearer" }),
        Keeper::Certificate => json!({
            "type": "mutualTLS",
            "description": "The certificate of a system that is registered here.",
        }),
        Keeper::Own { about, .. } => json!({
            "type": "apiKey",
            "in": "header",
            "name": "Authorization",
            "description": about,
        }),
    }
}

fn parameter(parameter: &Parameter) -> Value {
    let place = match parameter.place {
        Place::Path => "path",
        Place::Query => "query",
        Place::Header => "header",
    };
    let mut document = json!({
        "name": parameter.name,
        "in": place,
        "required": parameter.required,
        "description": parameter.summary,
        "schema": parameter.schema,
    });
    if let (Some(example), Some(document)) = (&parameter.example, document.as_object_mut()) {
        document.insert("example".into(), example.clone());
    }
    document
}

fn request_body(body: &BodyDoc) -> Value {
    let content: Map<String, Value> = body
        .media_types
        .iter()
        .map(|media_type| {
            let content = json!({ "schema": body.schema, "example": body.example });
            ((*media_type).to_owned(), content)
        })
        .collect();
    json!({ "required": true, "content": content })
}

fn uploaded_body(body: Option<&BodyDoc>, upload: UploadLimit) -> Value {
    let media_types = body.map_or(&["application/octet-stream"][..], |body| body.media_types);
    let binary = json!({ "schema": { "type": "string", "format": "binary" } });
    let content: Map<String, Value> =
        media_types.iter().map(|name| ((*name).to_owned(), binary.clone())).collect();
    let limit = format!("At most {} bytes, read as they come.", upload.bytes_max);
    json!({ "required": true, "description": limit, "content": content })
}
