//! The control door of a system: where people, and `vertebra story`, tell it what to do.
//!
//! | request | does |
//! |---|---|
//! | `GET /` | says who the system is |
//! | `GET /records/{kind}` | what it keeps of a kind, such as `registration` |
//! | `POST /acts/{act}` | makes it act; the body is JSON |
//!
//! Every request proves itself with the system's control secret as a bearer token. The door is
//! another one than that for other systems, so that nobody reaches it by way of the exchange.

use aws_lc_rs::constant_time::verify_slices_are_equal;
use http::{Method, StatusCode};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::conversation::{Conversation, Step};
use crate::desk::Desk;
use crate::request::{Reply, Request};

const JSON: &str = "application/json";

/// What came of an act.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Done {
    /// The correlation id of its calls.
    pub conversation: String,
    /// What came of it, as one word that a program can compare.
    pub outcome: String,
    /// The same for people: what happened, and what to do about it.
    pub says: String,
    /// What was called.
    pub steps: Vec<Step>,
    /// What it made or got, if anything.
    #[serde(default)]
    pub record: Value,
}

/// Why an act was not begun, or broke off for a reason of the system's own.
#[derive(Debug)]
pub struct Refusal {
    status: StatusCode,
    why: String,
}

impl Done {
    /// What came of an act that made the calls of a conversation.
    pub fn new(conversation: &Conversation, outcome: &str, says: impl Into<String>) -> Self {
        Self {
            conversation: conversation.id().to_string(),
            outcome: outcome.to_owned(),
            says: says.into(),
            steps: conversation.steps(),
            record: Value::Null,
        }
    }

    /// With what it made or got.
    #[must_use]
    pub fn with(self, record: Value) -> Self {
        Self { record, ..self }
    }
}

impl Refusal {
    /// What was asked for makes no sense.
    pub fn incorrect(why: impl Into<String>) -> Self {
        Self { status: StatusCode::BAD_REQUEST, why: why.into() }
    }

    /// There is no such act.
    pub fn unknown(act: &str) -> Self {
        Self { status: StatusCode::NOT_FOUND, why: format!("no act is called '{act}'") }
    }
}

impl From<std::io::Error> for Refusal {
    fn from(error: std::io::Error) -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, why: format!("the folder: {error}") }
    }
}

/// What an act is told, from the body of a request.
///
/// # Errors
/// When it is not that.
pub fn told<T: for<'a> Deserialize<'a>>(body: &Value) -> Result<T, Refusal> {
    T::deserialize(body).map_err(|error| Refusal::incorrect(error.to_string()))
}

/// Answers a request at the control door; `act` does what the system can do. `kinds` are the
/// records that may be looked at.
pub async fn answer<F>(
    desk: &Desk,
    request: &Request,
    kinds: &[&'static str],
    act: impl FnOnce(String, Value) -> F,
) -> Reply
where
    F: Future<Output = Result<Done, Refusal>>,
{
    if !is_proved(desk, request) {
        let why = "the control secret is missing or wrong";
        return refused(StatusCode::UNAUTHORIZED, why).header("www-authenticate", "Bearer");
    }
    let path = request.path.trim_start_matches('/').split_once('/').unwrap_or_default();
    let answered = match (&request.method, path) {
        (&Method::GET, ("", "")) => Ok(about(desk, kinds)),
        (&Method::GET, ("records", kind)) => records(desk, kinds, kind).await,
        (&Method::POST, ("acts", name)) => match told_in(request) {
            Ok(body) => act(name.to_owned(), body).await.map(|done| json!(done)),
            Err(refusal) => Err(refusal),
        },
        _ => Err(Refusal { status: StatusCode::NOT_FOUND, why: "there is no such thing".into() }),
    };
    match answered {
        Ok(document) => Reply::json(StatusCode::OK, JSON, &document),
        Err(refusal) => refused(refusal.status, &refusal.why),
    }
}

fn is_proved(desk: &Desk, request: &Request) -> bool {
    let said = request.header("authorization").strip_prefix("Bearer ").unwrap_or_default();
    let secret = desk.control_secret().expose();
    verify_slices_are_equal(said.as_bytes(), secret.as_bytes()).is_ok()
}

fn about(desk: &Desk, kinds: &[&'static str]) -> Value {
    let card = &desk.card;
    json!({
        "name": card.name,
        "title": card.title,
        "organisation": card.organisation,
        "system": card.system,
        "records": kinds,
    })
}

async fn records(desk: &Desk, kinds: &[&'static str], kind: &str) -> Result<Value, Refusal> {
    let known = kinds.iter().copied().find(|known| *known == kind);
    let none = || Refusal { status: StatusCode::NOT_FOUND, why: "nothing is kept as that".into() };
    Ok(Value::Array(desk.folder.all(known.ok_or_else(none)?).await?))
}

fn told_in(request: &Request) -> Result<Value, Refusal> {
    let failed = |status| Refusal { status, why: "the body was not read".into() };
    let body = request.body.as_ref().map_err(|status| failed(*status))?;
    if body.is_empty() {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|_| Refusal::incorrect("the body is not JSON"))
}

fn refused(status: StatusCode, why: &str) -> Reply {
    Reply::json(status, JSON, &json!({ "error": why }))
}
