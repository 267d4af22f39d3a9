//! The published document: whole, true to itself, and with examples that it accepts.

use serde_json::{Value, json};

use super::{Way, request, resource};
use crate::faults::TABLE;
use crate::tests::trial::{ORIGIN, Trial, fits, validator};

async fn document() -> Value {
    crate::service(&Trial::of(Vec::new()).await.house).openapi(ORIGIN)
}

/// Every value below a value, with the value itself.
fn all(value: &Value) -> Vec<&Value> {
    let below: Vec<&Value> = match value {
        Value::Array(items) => items.iter().flat_map(all).collect(),
        Value::Object(members) => members.values().flat_map(all).collect(),
        _ => Vec::new(),
    };
    std::iter::once(value).chain(below).collect()
}

#[tokio::test]
async fn every_reference_leads_somewhere() {
    let document = document().await;
    let references: Vec<&str> =
        all(&document).iter().filter_map(|value| value.get("$ref")?.as_str()).collect();
    assert!(references.len() > 20);
    for reference in references {
        let place = reference.strip_prefix('#').unwrap();
        assert!(document.pointer(place).is_some(), "{reference}");
    }
}

#[tokio::test]
async fn every_fault_stands_in_the_table_once() {
    let trial = Trial::of(Vec::new()).await;
    for interaction in &crate::service(&trial.house).interactions {
        for fault in &interaction.faults {
            assert!(TABLE.iter().any(|row| row.id == *fault), "{}: {fault}", interaction.name);
        }
    }
    for row in TABLE {
        assert_eq!(TABLE.iter().filter(|other| other.id == row.id).count(), 1, "{}", row.id);
    }
}

#[tokio::test]
async fn every_example_fits_its_schema() {
    let document = document().await;
    let mut examples = 0;
    for place in all(&document) {
        if let (Some(schema), Some(example)) = (place.get("schema"), place.get("example")) {
            fits(&document, schema, example);
            examples += 1;
        }
    }
    assert!(examples > 20, "{examples}");
}

#[test]
fn what_is_checked_is_what_is_published() {
    let bodies = [
        (request::patient(), super::example::patient()),
        (request::birth_bundle(), super::example::birth()),
        (resource::coverage(Way::Sent), super::example::coverage()),
    ];
    for (shape, example) in bodies {
        shape.check(&example).unwrap();
        let published = validator(&json!({}), &shape.schema());
        for broken in broken_ones(&example) {
            assert_eq!(shape.check(&broken).is_ok(), published.is_valid(&broken), "{broken:#}");
        }
    }
}

/// The example with one thing wrong, for every place in it: a member gone, a strange member
/// added, another type, a strange text, an empty list.
fn broken_ones(example: &Value) -> Vec<Value> {
    let mut broken = Vec::new();
    for place in places(example, "") {
        let there = example.pointer(&place).unwrap();
        for other in [json!(7), json!("?\u{7}"), json!([]), json!({}), Value::Null, json!(true)] {
            let mut value = example.clone();
            *value.pointer_mut(&place).unwrap() = other;
            broken.push(value);
        }
        for name in there.as_object().into_iter().flat_map(|members| members.keys()) {
            let mut value = example.clone();
            value.pointer_mut(&place).unwrap().as_object_mut().unwrap().remove(name);
            broken.push(value);
        }
        if there.is_object() {
            let mut value = example.clone();
            value.pointer_mut(&place).unwrap()["pets"] = json!("a cat");
            broken.push(value);
        }
    }
    broken
}

fn places(value: &Value, at: &str) -> Vec<String> {
    let below: Vec<String> = match value {
        Value::Array(items) => items
            .iter()
            .enumerate()
            .flat_map(|(number, item)| places(item, &format!("{at}/{number}")))
            .collect(),
        Value::Object(members) => {
            members.iter().flat_map(|(name, item)| places(item, &format!("{at}/{name}"))).collect()
        }
        _ => Vec::new(),
    };
    std::iter::once(at.to_owned()).chain(below).collect()
}
