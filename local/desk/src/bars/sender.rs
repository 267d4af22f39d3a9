//! Sending a message to a service, by way of the national proxy.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::Method;
use serde_json::{Value, json};

use super::{BASE, CATEGORIES, MEDIA_TYPE, ORGANISATION, SERVICE_ID, USE_CASES};
use crate::answer::Answer;
use crate::call::Call;
use crate::client::Trouble;
use crate::conversation::Conversation;
use crate::desk::Desk;

/// How long to wait before the same message is sent again, in milliseconds, one after the other.
const AGAIN_MS: [u64; 4] = [500, 1_000, 2_000, 4_000];

/// What came of a message.
#[derive(Debug)]
pub struct Sent {
    /// The last answer.
    pub answer: Result<Answer, Trouble>,
    /// The id of the request, which is that of each try.
    pub request: String,
    /// How often it was sent.
    pub tries: usize,
}

/// The call that asks something of a service.
pub fn call(desk: &Desk, method: Method, path: &str, service: &str, what: &'static str) -> Call {
    let target = json!({ "value": service, "system": SERVICE_ID });
    let organisation = json!({
        "resourceType": "Organization",
        "id": desk.card.organisation,
        "identifier": [{ "system": ORGANISATION, "value": desk.card.organisation }],
        "name": desk.card.title,
    });
    let software = json!({
        "resourceType": "Device",
        "id": desk.card.system,
        "deviceName": [{ "name": "Vertebra local system", "type": "user-friendly-name" }],
        "version": [{ "value": env!("CARGO_PKG_VERSION") }],
    });
    let encoded = |value: &Value| STANDARD.encode(value.to_string());
    let url = format!("{}{BASE}{path}", desk.card.exchange);
    Call::new(method, url, "referral proxy", what)
        .header("nhsd-target-identifier", &encoded(&target))
        .header("nhsd-end-user-organisation", &encoded(&organisation))
        .header("nhsd-requesting-software", &encoded(&software))
        .header("accept", MEDIA_TYPE)
}

/// Sends a message, and sends it again under the same ids when it may go well later. A receiver
/// that has it already says so, so that nothing is done twice.
pub async fn send(
    desk: &Desk,
    conversation: &Conversation,
    service: &str,
    what: &'static str,
    message: &Value,
    without_token: bool,
) -> Sent {
    let request = desk.dice.uuid().to_string();
    let body = Bytes::from(message.to_string());
    let mut waits = AGAIN_MS.iter();
    let mut tries = 0;
    loop {
        let call = call(desk, Method::POST, "/$process-message", service, what);
        let call = call.header("use-context", &use_context(message));
        let call = call.body(MEDIA_TYPE, body.clone()).again(&request);
        let call = if without_token { call.without_token() } else { call };
        let answer = desk.call(conversation, call).await;
        tries += 1;
        match waits.next().filter(|_| may_pass(&answer)) {
            Some(wait) => tokio::time::sleep(Duration::from_millis(*wait)).await,
            None => return Sent { answer, request, tries },
        }
    }
}

impl Sent {
    /// Whether the service took it: now, or at an earlier try whose answer was lost.
    pub fn is_taken(&self) -> bool {
        let good = self.answer.as_ref().is_ok_and(Answer::is_good);
        good || (self.tries > 1 && self.issue() == "duplicate")
    }

    /// The issue type of an answer that says no; empty when it says none.
    pub fn issue(&self) -> String {
        self.said("code")
    }

    /// What an answer says went wrong; empty when it says nothing.
    pub fn diagnostics(&self) -> String {
        self.said("diagnostics")
    }

    fn said(&self, name: &str) -> String {
        let Ok(answer) = &self.answer else { return String::new() };
        let said = answer.json();
        let said = said.pointer("/issue/0").and_then(|issue| issue.get(name)?.as_str());
        said.unwrap_or_default().to_owned()
    }

    /// Sends the same message once more, under the same id.
    pub async fn once_more(
        self,
        desk: &Desk,
        conversation: &Conversation,
        service: &str,
        what: &'static str,
        message: &Value,
    ) -> Self {
        let call = call(desk, Method::POST, "/$process-message", service, what);
        let call = call.header("use-context", &use_context(message));
        let call = call.body(MEDIA_TYPE, message.to_string()).again(&self.request);
        let answer = desk.call(conversation, call).await;
        Self { answer, tries: self.tries + 1, ..self }
    }
}

/// What a message is about, in a header: use case, category, event and reason. What the message
/// does not say stays empty.
fn use_context(message: &Value) -> String {
    let said = |at: &str| message.pointer(at).and_then(Value::as_str).unwrap_or_default();
    let event = said("/entry/0/resource/eventCoding/code");
    let reason = said("/entry/0/resource/reason/coding/0/code");
    let coding = |system: &str| {
        let entries = message.pointer("/entry").and_then(Value::as_array).into_iter().flatten();
        let categories =
            entries.filter_map(|entry| entry.pointer("/resource/category")?.as_array());
        let codings = categories.flatten().filter_map(|one| one.pointer("/coding/0"));
        let mut codes = codings.filter(|one| one.get("system").is_some_and(|it| it == system));
        codes.find_map(|one| one.get("code")?.as_str()).unwrap_or_default()
    };
    format!("{}|{}|{event}|{reason}", coding(USE_CASES), coding(CATEGORIES))
}

/// Whether the same again may go better later.
fn may_pass(answer: &Result<Answer, Trouble>) -> bool {
    match answer {
        Ok(answer) => matches!(answer.status, 408 | 425 | 429 | 500 | 502 | 503 | 504),
        Err(Trouble::Unreachable | Trouble::Unanswered | Trouble::BrokenOff) => true,
        Err(Trouble::Here(_) | Trouble::NoToken(_) | Trouble::Refused(_)) => false,
    }
}
