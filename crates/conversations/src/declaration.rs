//! The declaration of the API: what it is and what can be asked of it.

use http::Method;
use security::Mode;
use service::{Handler, Interaction, Keeper, ReplyDoc, Service, Status, with};

use crate::get_conversation::get_conversation;
use crate::list_conversations::list_conversations;
use crate::schema::{self, named};
use crate::{BASE, House, SERVICE, faults, style};

const SYSTEMS_AND_WORKERS: &[Mode] =
    &[Mode::Application, Mode::PrivilegedApplication, Mode::Worker];

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Conversations",
        summary: "See what travelled between systems, drawn as a sequence diagram.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["RFC 9457", "SVG 1.1"],
        technologies: &["REST"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[(Mode::Application, "system/messages")],
        style: style::STYLE,
        interactions: vec![list(house), get(house)],
        schemas: schema::schemas(),
    }
}

fn list(house: &House) -> Interaction {
    let handler = with(house, list_conversations);
    Interaction {
        replies: replies("The latest conversations.", "Conversations", &["text/html"]),
        ..interaction(house, "/", "list-conversations", "See the latest conversations.", handler)
    }
}

fn get(house: &House) -> Interaction {
    let mut faults = may_fail();
    faults.push("not-found");
    Interaction {
        description: "For the organisations that take part in it, and for operators.",
        parameters: vec![schema::id()],
        replies: replies(
            "What travelled, in order of time.",
            "Conversation",
            &["text/plain", "image/svg+xml", "text/html"],
        ),
        faults,
        ..interaction(
            house,
            "/{id}",
            "get-conversation",
            "See what travelled in a conversation.",
            with(house, get_conversation),
        )
    }
}

fn interaction(
    house: &House,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: Handler,
) -> Interaction {
    Interaction {
        description: "For operators all, for others those in which their organisation takes part.",
        access: if house.open { &[] } else { SYSTEMS_AND_WORKERS },
        faults: may_fail(),
        ..Interaction::new(name, Method::GET, path, summary, handler)
    }
}

/// JSON, and the same for people.
fn replies(summary: &'static str, schema: &str, for_people: &[&'static str]) -> Vec<ReplyDoc> {
    let reply =
        |media_type, schema| ReplyDoc { status: 200, summary, media_type, schema, headers: &[] };
    let text = || serde_json::json!({ "type": "string" });
    let mut all = vec![reply("application/json", named(schema))];
    all.extend(for_people.iter().map(|media_type| reply(media_type, text())));
    all
}

fn may_fail() -> Vec<&'static str> {
    vec!["unauthenticated", "forbidden", "too-many", "too-large", "too-slow", "broken", "busy"]
}
