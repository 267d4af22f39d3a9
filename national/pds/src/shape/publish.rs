//! A shape as a JSON Schema: draft 2020-12, as version 3.1 of the `OpenAPI` specification has it.

use serde_json::{Map, Value, json};

use super::{Object, Shape, Text};

impl Shape {
    /// The JSON Schema that says the same.
    pub(crate) fn schema(&self) -> Value {
        match self {
            Self::Text(text) => text.schema(),
            Self::Code(allowed) | Self::CodeNow(allowed, _) => {
                json!({ "type": "string", "enum": allowed })
            }
            Self::Date => json!({
                "type": "string",
                "format": "date",
                "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$",
            }),
            Self::Instant => json!({ "type": "string", "format": "date-time" }),
            Self::Flag => json!({ "type": "boolean" }),
            Self::Whole(least, most) => {
                json!({ "type": "integer", "minimum": least, "maximum": most })
            }
            Self::Measure(most) => {
                json!({ "type": "number", "exclusiveMinimum": 0, "maximum": most })
            }
            Self::List(least, most, of) => list(*least, *most, of),
            Self::Object(object) => object.schema(),
            Self::Either(shapes) => any_of(shapes.iter()),
            Self::Kind(_, known) => any_of(known.iter().map(|(_, shape)| shape)),
            Self::Anything => json!({}),
        }
    }
}

fn any_of<'a>(shapes: impl Iterator<Item = &'a Shape>) -> Value {
    json!({ "anyOf": shapes.map(Shape::schema).collect::<Vec<_>>() })
}

impl Text {
    fn schema(&self) -> Value {
        let mut schema = Map::new();
        schema.insert("type".into(), "string".into());
        if self.longest > 0 {
            schema.insert("maxLength".into(), self.longest.into());
        }
        if !self.pattern.is_empty() {
            schema.insert("pattern".into(), self.pattern.into());
        }
        Value::Object(schema)
    }
}

fn list(least: usize, most: usize, of: &Shape) -> Value {
    let mut schema = Map::new();
    schema.insert("type".into(), "array".into());
    if least > 0 {
        schema.insert("minItems".into(), least.into());
    }
    if most < usize::MAX {
        schema.insert("maxItems".into(), most.into());
    }
    schema.insert("items".into(), of.schema());
    Value::Object(schema)
}

impl Object {
    fn schema(&self) -> Value {
        let mut properties = Map::new();
        for member in &self.members {
            properties.insert(member.name.into(), member.shape.schema());
        }
        let required: Vec<&str> = self
            .members
            .iter()
            .filter(|member| member.required)
            .map(|member| member.name)
            .collect();
        let mut schema = json!({ "type": "object", "properties": properties });
        if let Some(schema) = schema.as_object_mut() {
            if !required.is_empty() {
                schema.insert("required".into(), required.into());
            }
            if !self.open {
                schema.insert("additionalProperties".into(), false.into());
            }
        }
        schema
    }
}
