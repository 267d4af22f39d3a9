//! Floor 5: the pages that people see. Plain HTML that works without a script.

mod frame;
mod pages;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;
use service::Registry;

/// What the pages tell about the house.
#[derive(Clone)]
pub struct House {
    /// The APIs.
    pub registry: Registry,
    /// The version of the program.
    pub version: &'static str,
    /// Whether calls need no credentials.
    pub open: bool,
    /// Whether the people are made up.
    pub demonstration: bool,
    /// `http://host:port` of the house, for the requests to try.
    pub origin: String,
}

/// The routes of the pages.
pub fn router(house: House) -> Router {
    Router::new()
        .route("/", get(pages::home::show))
        .route("/static/house.css", get(frame::style))
        .with_state(Arc::new(house))
}
