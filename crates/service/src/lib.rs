//! Floor 3: what an API *is*. One declared value, from which come its routes, its OpenAPI
//! document, its entry in the catalogue, its metric labels and its refusal tests.
//!
//! What is published is what is served, since both are made from the same [`Service`].

mod access;
pub mod allowance;
pub mod call;
pub mod catalogue;
pub mod declaration;
pub mod download;
pub mod form;
pub mod keeper;
pub mod onward;
pub mod openapi;
pub mod problem;
pub mod registry;
pub mod route;
pub mod stream;
pub mod witness;

pub use allowance::too_many;
pub use call::{Answer, Reply, Request};
pub use declaration::{
    BodyDoc, FaultRow, Handler, Interaction, Parameter, Place, ReplyDoc, Service, Severity, Status,
    Style, UploadLimit, handler, with,
};
pub use download::Download;
pub use form::{Form, NoForm, write_form};
pub use keeper::{Keeper, Knock};
pub use onward::{Missed, Onward, Relay, Returned};
pub use registry::Registry;
pub use stream::{BodyStream, ReadAhead, StreamError, Upload};
pub use witness::{Witness, Witnessed};
