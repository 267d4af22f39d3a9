//! The declaration of the verbs: below the API's own path, and by themselves where the public
//! sandbox has them.

use http::Method;
use security::Mode;
use serde_json::json;
use service::{BodyDoc, Interaction, ReplyDoc, Service, Status};

use crate::declaration::{interaction, json_reply};
use crate::keeper::keeper;
use crate::{House, faults, schema, style};

const NOBODY: &[Mode] = &[];

/// The verbs as an API of their own, if this is a demonstration.
pub fn service(house: &House) -> Option<Service> {
    house.demonstration.then(|| Service {
        name: "mesh-controls",
        title: "Demonstration mailbox controls",
        summary: "Empty mailboxes, make up reports and look at messages, in a demonstration.",
        description: "What testers do to mailboxes, under the paths of the public sandbox. Only a \
            demonstration has it, and nobody asks for a token.",
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["MESH"],
        technologies: &["REST"],
        base: "/admin",
        faults: faults::TABLE,
        keeper: keeper(house),
        scopes: &[],
        style: style::STYLE,
        interactions: interactions(house, ""),
        schemas: schema::schemas(),
    })
}

/// The verbs, below a path of the API: `/admin`, or none.
pub(crate) fn interactions(house: &House, below: &'static str) -> Vec<Interaction> {
    let at = |own: &'static str, alone: &'static str| if below.is_empty() { alone } else { own };
    vec![
        verb(interaction(
            house,
            (Method::DELETE, at("/admin/reset", "/reset")),
            ("reset-all", "Take back everything that waits in any mailbox."),
            NOBODY,
            super::reset_all,
        )),
        verb(interaction(
            house,
            (Method::DELETE, at("/admin/reset/{mailbox}", "/reset/{mailbox}")),
            ("reset-mailbox", "Take back everything that waits in a mailbox."),
            NOBODY,
            super::reset,
        )),
        verb(with_body(interaction(
            house,
            (Method::POST, at("/admin/report", "/report")),
            ("make-report", "Make up a report for a mailbox."),
            NOBODY,
            super::report,
        ))),
        verb(with_body(interaction(
            house,
            (Method::POST, at("/admin/message/{message}/event", "/message/{message}/event")),
            ("add-event", "Say that something has happened to a message."),
            NOBODY,
            super::event,
        ))),
        verb(interaction(
            house,
            (Method::GET, at("/admin/mailbox/{mailbox}", "/mailbox/{mailbox}")),
            ("show-mailbox", "Look at a mailbox."),
            NOBODY,
            super::mailbox,
        )),
        verb(interaction(
            house,
            (Method::GET, at("/admin/message/{message}", "/message/{message}")),
            ("show-message", "Look at a message."),
            NOBODY,
            super::message,
        )),
    ]
}

fn verb(mut verb: Interaction) -> Interaction {
    verb.faults.extend(super::FAULTS);
    let named = |name: &str| verb.path.contains(name);
    let mut parameters = Vec::new();
    if named("{mailbox}") {
        parameters.extend(schema::mailbox());
    }
    if named("{message}") {
        parameters.extend(schema::message());
    }
    let replies = if verb.name == "add-event" {
        vec![ReplyDoc { media_type: "", ..json_reply(200, "Done.", "") }]
    } else {
        vec![ReplyDoc { schema: json!({ "type": "object" }), ..json_reply(200, "Done.", "") }]
    };
    Interaction { parameters, replies, ..verb }
}

fn with_body(verb: Interaction) -> Interaction {
    let example = json!({
        "mailbox_id": "X26ABC1",
        "code": "14",
        "description": "Message not collected by recipient after 5 days",
        "workflow_id": "TEST_WORKFLOW",
        "status": "undeliverable",
    });
    let schema = json!({ "type": "object" });
    Interaction {
        body: Some(BodyDoc { media_types: &["application/json"], schema, example }),
        ..verb
    }
}
