//! Floor 3: what an API *is*. One declared value, from which come its routes, its OpenAPI
//! document, its entry in the catalogue, its metric labels and its refusal tests.
//!
//! What is published is what is served, since both are made from the same [`Service`].

pub mod call;
pub mod catalogue;
pub mod declaration;
pub mod openapi;
pub mod registry;
pub mod route;

pub use call::{Answer, Reply, Request};
pub use declaration::{
    BodyDoc, FaultRow, Handler, Interaction, Parameter, Place, ReplyDoc, Service, Severity, Status,
    Style, handler,
};
pub use registry::Registry;
