//! `GET /conversations/{id}`: what travelled in a conversation, as JSON, text, SVG or a page.

use base::Fault;
use http::StatusCode;
use http::header::{CACHE_CONTROL, HeaderName};
use serde_json::{Value, json};
use service::{Answer, Reply, Request};
use tokio::task::spawn_blocking;
use travel::{Ended, Leg, Party};

use crate::draw::{Diagram, svg, text};
use crate::faults::{broken, not_found};
use crate::gather::{Conversation, ended};
use crate::{BASE, House, page};

/// How a conversation goes out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Json,
    Text,
    Svg,
    Page,
}

/// Answers `GET /conversations/{id}`.
pub(crate) async fn get_conversation(house: House, request: Request) -> Answer {
    house.recorder.settled().await;
    let drawn = spawn_blocking(move || draw(&house, &request));
    drawn.await.map_err(broken)?
}

fn draw(house: &House, request: &Request) -> Answer {
    let (id, form) = form(request);
    let conversation = Conversation::gather(house, &id)?;
    let legs = conversation.legs.iter().map(|(_, leg)| leg);
    if !house.may_see(&request.caller, legs) {
        return Err(not_found());
    }
    reply(&conversation, form, &request.origin)
}

/// What is asked for: an ending of the path says so, or else what the caller accepts.
fn form(request: &Request) -> (String, Form) {
    let id = request.path_value("id");
    let endings = [(".json", Form::Json), (".txt", Form::Text), (".svg", Form::Svg)];
    for (ending, form) in endings {
        if let Some(id) = id.strip_suffix(ending) {
            return (id.to_owned(), form);
        }
    }
    let accept = request.header("accept").unwrap_or_default();
    let form = match accept.split([',', ';']).next().unwrap_or_default().trim() {
        "text/html" | "application/xhtml+xml" => Form::Page,
        "image/svg+xml" => Form::Svg,
        "text/plain" => Form::Text,
        _ => Form::Json,
    };
    (id.to_owned(), form)
}

fn reply(conversation: &Conversation, form: Form, origin: &str) -> Result<Reply, Fault> {
    let diagram = || Diagram::of(conversation);
    let (media_type, body) = match form {
        Form::Json => ("application/json", json(conversation, origin).to_string()),
        Form::Text => ("text/plain; charset=utf-8", text::draw(&diagram())),
        Form::Svg => ("image/svg+xml", svg::draw(&diagram())),
        Form::Page => return page::conversation(conversation, &diagram()),
    };
    Ok(Reply::new(StatusCode::OK, media_type, body)
        .with(CACHE_CONTROL, "no-store")
        .with(HeaderName::from_static("vary"), "Accept"))
}

/// Everything that is known, for programs.
fn json(conversation: &Conversation, origin: &str) -> Value {
    let link = format!("{origin}{BASE}/{}", conversation.id);
    let legs: Vec<Value> = conversation
        .legs
        .iter()
        .map(|(at, leg)| {
            json!({
                "at": at.to_string(),
                "ended_at": ended(*at, leg).to_string(),
                "from": party(conversation, &leg.from),
                "to": party(conversation, &leg.to),
                "what": leg.what,
                "wire": leg.wire,
                "took_us": leg.took_us,
                "sent_bytes": leg.sent_bytes,
                "received_bytes": leg.got_bytes,
                "outcome": leg.outcome,
                "ended": name(leg),
            })
        })
        .collect();
    json!({
        "id": conversation.id,
        "running": conversation.running,
        "legs": legs,
        "links": { "self": link, "text": format!("{link}.txt"), "diagram": format!("{link}.svg") },
    })
}

fn party(conversation: &Conversation, party: &Party) -> Value {
    json!({
        "name": conversation.name_of(party),
        "organisation": party.organisation,
        "system": party.name,
    })
}

fn name(leg: &Leg) -> &'static str {
    match leg.ended {
        Ended::Answered => "answered",
        Ended::Acknowledged => "acknowledged",
        Ended::Told => "told",
        Ended::Receipt => "receipt",
        Ended::Refused => "refused",
        Ended::Failed => "failed",
    }
}
