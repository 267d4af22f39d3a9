//! The catalogue: every API of the house, machine-readable. It cannot drift from what is served,
//! since it is made from the same declarations.

use serde_json::{Value, json};

use crate::{Registry, Service, Status};

impl Registry {
    /// The catalogue as a JSON document.
    pub fn catalogue(&self, origin: &str) -> Value {
        let apis: Vec<Value> =
            self.services().iter().map(|service| entry(service, origin)).collect();
        json!({ "apis": apis })
    }
}

fn entry(service: &Service, origin: &str) -> Value {
    let interactions: Vec<Value> = service
        .interactions
        .iter()
        .map(|interaction| {
            let access: Vec<&str> = interaction.access.iter().map(|mode| mode.name()).collect();
            json!({
                "name": interaction.name,
                "summary": interaction.summary,
                "method": interaction.method.as_str(),
                "path": format!("{}{}", service.base, interaction.path),
                "access": access,
                "api_key": interaction.api_key,
            })
        })
        .collect();
    json!({
        "name": service.name,
        "title": service.title,
        "summary": service.summary,
        "version": service.version,
        "status": service.status.name(),
        "standards": service.standards,
        "technologies": service.technologies,
        "credentials": service.keeper.name(),
        "base_url": format!("{origin}{}", service.base),
        "specification": format!("{origin}{}/openapi.json", service.base),
        "interactions": interactions,
    })
}

impl Status {
    /// The word that the catalogue uses.
    pub fn name(self) -> &'static str {
        match self {
            Self::Alpha => "alpha",
            Self::Beta => "beta",
            Self::Stable => "stable",
            Self::Deprecated => "deprecated",
            Self::Retired => "retired",
        }
    }
}
