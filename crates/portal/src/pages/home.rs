//! The first page: what is running, its APIs with their documents, and three requests to try.

use std::sync::Arc;

use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;

use crate::{House, frame};

#[derive(Template)]
#[template(path = "home.html")]
struct Home<'a> {
    house: &'a House,
    apis: Vec<Api>,
}

struct Api {
    name: &'static str,
    title: &'static str,
    summary: &'static str,
    version: &'static str,
    status: &'static str,
    base: &'static str,
    standards: String,
    interactions: Vec<Row>,
}

struct Row {
    method: String,
    path: String,
    summary: &'static str,
    access: String,
}

/// `GET /`.
pub(crate) async fn show(State(house): State<Arc<House>>) -> Response {
    let apis = house.registry.services().iter().map(|service| api(service)).collect();
    match (Home { house: &house, apis }).render() {
        Ok(html) => frame::page(html),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn api(service: &service::Service) -> Api {
    Api {
        name: service.name,
        title: service.title,
        summary: service.summary,
        version: service.version,
        status: service.status.name(),
        base: service.base,
        standards: service.standards.join(", "),
        interactions: service.interactions.iter().map(row).collect(),
    }
}

fn row(interaction: &service::Interaction) -> Row {
    let access: Vec<&str> = interaction.access.iter().map(|mode| mode.name()).collect();
    Row {
        method: interaction.method.to_string(),
        path: interaction.path.to_owned(),
        summary: interaction.summary,
        access: match (access.as_slice(), interaction.api_key) {
            ([], false) => "anybody".to_owned(),
            ([], true) => "API key".to_owned(),
            _ => access.join(", "),
        },
    }
}
