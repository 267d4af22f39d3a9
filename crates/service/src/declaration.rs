//! The declaration of an API, as a value.

use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

use base::Fault;
use http::Method;
use security::{Caller, Excess, Mode, Refusal};
use serde_json::Value;

use crate::{Answer, Keeper, Reply, Request, StreamError};

/// The work behind an interaction.
pub type Handler =
    Arc<dyn Fn(Request) -> Pin<Box<dyn Future<Output = Answer> + Send>> + Send + Sync>;

/// Makes a [`Handler`] of an async function.
pub fn handler<F, W>(work: F) -> Handler
where
    F: Fn(Request) -> W + Send + Sync + 'static,
    W: Future<Output = Answer> + Send + 'static,
{
    Arc::new(move |request| Box::pin(work(request)))
}

/// Makes a [`Handler`] of an async function and the house that it works with.
pub fn with<H, F, W>(house: &H, work: F) -> Handler
where
    H: Clone + Send + Sync + 'static,
    F: Fn(H, Request) -> W + Send + Sync + 'static,
    W: Future<Output = Answer> + Send + 'static,
{
    let house = house.clone();
    handler(move |request| work(house.clone(), request))
}

/// How settled an API is, in the words of the national catalogue.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    /// May change or go.
    Alpha,
    /// May change with notice.
    Beta,
    /// Changes only with a new version.
    Stable,
    /// Works, but do not build on it.
    Deprecated,
    /// Gone.
    Retired,
}

/// How bad a fault is, in the words of FHIR's OperationOutcome.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Severity {
    /// The request was not carried out.
    Error,
    /// Nothing is wrong with the request; here is something to know.
    Information,
}

/// One row of an API's published table of errors. A [`Fault`] names its row by `id`.
#[derive(Clone, Copy, Debug)]
pub struct FaultRow {
    /// The stable name of the row: what [`Fault::code`] holds.
    pub id: &'static str,
    /// The HTTP status.
    pub status: u16,
    /// The code that callers see.
    pub code: &'static str,
    /// The words that go with the code.
    pub display: &'static str,
    /// The FHIR issue type.
    pub issue: &'static str,
    /// How bad it is.
    pub severity: Severity,
}

/// Where a parameter stands in the request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// In the path, as `{name}`.
    Path,
    /// In the query.
    Query,
    /// In a header.
    Header,
}

/// A parameter of an interaction.
#[derive(Clone, Debug)]
pub struct Parameter {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Whether the request fails without it.
    pub required: bool,
    /// What it means, one or two sentences.
    pub summary: &'static str,
    /// A JSON Schema of its values.
    pub schema: Value,
    /// A value that works against the demonstration nation.
    pub example: Option<Value>,
}

/// A reply that an interaction may give when all is well.
#[derive(Clone, Debug)]
pub struct ReplyDoc {
    /// The HTTP status.
    pub status: u16,
    /// What it means.
    pub summary: &'static str,
    /// The media type of the body; empty when there is none.
    pub media_type: &'static str,
    /// A JSON Schema, usually a reference to one of [`Service::schemas`].
    pub schema: Value,
    /// The headers it carries, by name, with what they mean.
    pub headers: &'static [(&'static str, &'static str)],
}

/// The body that an interaction takes.
#[derive(Clone, Debug)]
pub struct BodyDoc {
    /// The media types taken, the preferred one first.
    pub media_types: &'static [&'static str],
    /// A JSON Schema of the body.
    pub schema: Value,
    /// A body that works against the demonstration nation.
    pub example: Value,
}

/// What an interaction takes as a stream instead of whole. Its callers are let in before the body
/// is read; then only stalls are bounded, not the whole time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UploadLimit {
    /// The most bytes in one request.
    pub bytes_max: u64,
}

/// One thing that can be asked of an API.
#[derive(Clone)]
pub struct Interaction {
    /// A name, unique in the API: `search-patient`. Metric label and OpenAPI operation id.
    pub name: &'static str,
    /// One sentence that starts with a verb.
    pub summary: &'static str,
    /// What a developer needs to know, in Markdown.
    pub description: &'static str,
    /// The HTTP method.
    pub method: Method,
    /// The path below the base, with `{name}` for parameters.
    pub path: &'static str,
    /// Who may use it. Empty means that no token is asked for.
    pub access: &'static [Mode],
    /// Whether it asks for an API key, in the header `apikey`, where it asks for no token.
    pub api_key: bool,
    /// Who else may use it: a mode, for clients that hold the named permission.
    pub granted: &'static [(Mode, &'static str)],
    /// What it takes beside the body.
    pub parameters: Vec<Parameter>,
    /// The body it takes, if any.
    pub body: Option<BodyDoc>,
    /// Whether the body comes as a stream, in [`Request::upload`], and its limit.
    pub upload: Option<UploadLimit>,
    /// What it answers when all is well.
    pub replies: Vec<ReplyDoc>,
    /// The rows of the fault table that it may answer with, by id.
    pub faults: Vec<&'static str>,
    /// The work itself.
    pub handler: Handler,
}

/// How an API words what goes wrong: each standard renders faults in exactly one place.
#[derive(Clone, Copy)]
pub struct Style {
    /// Writes a fault as a reply, for a caller whose Accept header says this.
    pub render: fn(&Fault, &str) -> Reply,
    /// The fault for a caller who is not let in.
    pub unauthenticated: fn(&Refusal) -> Fault,
    /// The fault for a caller who may not use an interaction.
    pub forbidden: fn(&Caller, &Interaction) -> Fault,
    /// The fault for a path that the API does not have.
    pub unknown_path: fn(&str) -> Fault,
    /// The fault for a method that a path does not take.
    pub unknown_method: fn(&Method) -> Fault,
    /// The fault for a call that is one too many: [`too_many`](crate::too_many) with a row.
    pub too_many: fn(&Excess) -> Fault,
    /// The fault for what took too long, with a word on what that was; empty for the work itself.
    pub too_slow: fn(&str) -> Fault,
    /// The fault for a request beyond a limit, with a word on which.
    pub too_large: fn(&str) -> Fault,
    /// The fault for a body that ended before its end.
    pub broken_off: fn(&str) -> Fault,
    /// Headers of the request that every answer repeats, in lower case.
    pub mirrored: &'static [&'static str],
    /// Headers that a page of another origin may send, as CORS lists them; empty for none.
    pub cors_headers: &'static str,
    /// Media types of a rendered fault, for the specification.
    pub media_types: &'static [&'static str],
    /// JSON Schema of a rendered fault, for the specification.
    pub schema: fn() -> Value,
}

/// An API: what it is, what can be asked of it, and how.
#[derive(Clone)]
pub struct Service {
    /// A short name, unique in the house: `pds`.
    pub name: &'static str,
    /// The name in the catalogue.
    pub title: &'static str,
    /// One sentence that starts with a verb.
    pub summary: &'static str,
    /// What a developer needs to know, in Markdown.
    pub description: &'static str,
    /// The version of the API.
    pub version: &'static str,
    /// How settled it is.
    pub status: Status,
    /// The standards it follows, as the catalogue names them.
    pub standards: &'static [&'static str],
    /// The technologies it uses, as the catalogue names them.
    pub technologies: &'static [&'static str],
    /// The path that all its own paths start with, without a slash at the end.
    pub base: &'static str,
    /// Its published table of errors.
    pub faults: &'static [FaultRow],
    /// Who decides on its callers.
    pub keeper: Keeper,
    /// The scopes of access tokens that are for it, each with the mode that it lets in by; of
    /// several that a token holds the last counts. None: access tokens are for other APIs.
    pub scopes: &'static [(Mode, &'static str)],
    /// How it words what goes wrong.
    pub style: Style,
    /// What can be asked of it.
    pub interactions: Vec<Interaction>,
    /// Named JSON Schemas, an object: the `components/schemas` of its specification.
    pub schemas: Value,
}

impl Style {
    /// The fault for a stream that ended before its end.
    pub fn interrupted(&self, error: StreamError) -> Fault {
        let word = match error {
            StreamError::BrokenOff => self.broken_off,
            StreamError::TooLarge => self.too_large,
            StreamError::TooSlow => self.too_slow,
        };
        word(&error.to_string())
    }
}

impl Interaction {
    /// Something that can be asked of an API, by anybody: no parameters, no body, and nothing said
    /// yet of its replies and faults. The summary is one sentence that starts with a verb.
    pub fn new(
        name: &'static str,
        method: Method,
        path: &'static str,
        summary: &'static str,
        handler: Handler,
    ) -> Self {
        Self {
            name,
            summary,
            description: summary,
            method,
            path,
            access: &[],
            api_key: false,
            granted: &[],
            parameters: Vec::new(),
            body: None,
            upload: None,
            replies: Vec::new(),
            faults: Vec::new(),
            handler,
        }
    }

    /// The most bytes that a request to it may bring.
    pub fn body_bytes_max(&self) -> u64 {
        self.upload.map_or(base::limit::BODY_BYTES_MAX as u64, |upload| upload.bytes_max)
    }

    /// Whether a caller may use it.
    pub fn allows(&self, caller: &Caller) -> bool {
        let granted = |(mode, grant): &(Mode, &str)| *mode == caller.mode && caller.has(grant);
        self.access.contains(&caller.mode) || self.granted.iter().any(granted)
    }
}

impl Service {
    /// The row of the fault table that a fault names.
    pub fn fault_row(&self, id: &str) -> Option<&'static FaultRow> {
        self.faults.iter().find(|row| row.id == id)
    }
}
