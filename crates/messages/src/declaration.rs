//! The declaration of the API: what it is and what can be asked of it.

use base::limit::MESSAGE_BYTES_MAX;
use http::Method;
use security::Mode;
use service::{
    BodyDoc, Handler, Interaction, Keeper, ReplyDoc, Service, Status, UploadLimit, with,
};

use crate::acknowledge_delivery::acknowledge_delivery;
use crate::cancel_message::cancel_message;
use crate::endpoints::{list_endpoints, list_waiting, park_endpoint, unpark_endpoint};
use crate::get_body::get_body;
use crate::get_conversation::get_conversation;
use crate::get_message::get_message;
use crate::list_messages::list_messages;
use crate::resend_delivery::{release_delivery, resend_delivery};
use crate::schema::{self, named};
use crate::send_message::send_message;
use crate::{BASE, House, SERVICE, faults, style};

const SYSTEMS_AND_WORKERS: &[Mode] =
    &[Mode::Application, Mode::PrivilegedApplication, Mode::Worker];

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Messages",
        summary: "Hand over a message, see where it is, and say what became of it.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["RFC 9457", "Standard Webhooks"],
        technologies: &["REST", "Webhooks"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[(Mode::Application, "system/messages")],
        style: style::STYLE,
        interactions: interactions(house),
        schemas: schema::schemas(),
    }
}

fn interactions(house: &House) -> Vec<Interaction> {
    vec![
        send(house),
        list(house),
        conversation(house),
        message(house),
        body(house),
        cancel(house),
        acknowledge(house),
        resend(house),
        release(house),
        endpoints(house),
        waiting(house),
        park(house),
        unpark(house),
    ]
}

fn send(house: &House) -> Interaction {
    Interaction {
        description: "The body of the request is the message itself, of any media type; \
            `Content-Encoding: gzip` is kept and handed on. Up to 64 KiB are kept with the \
            message; more is streamed to the disk. The answer comes after all of it is on disk.",
        parameters: schema::sending(),
        body: Some(BodyDoc {
            media_types: &["*/*"],
            schema: schema::any_bytes(),
            example: serde_json::json!("Dear colleague"),
        }),
        upload: Some(UploadLimit { bytes_max: MESSAGE_BYTES_MAX }),
        replies: vec![ReplyDoc {
            headers: &[
                ("Location", "Where the message can be tracked."),
                ("Idempotent-Replayed", "`true` when it had been handed over before."),
            ],
            ..reply(202, "The message is on disk and will be delivered.", named("Accepted"))
        }],
        faults: may_fail(&[
            "missing-header",
            "invalid-header",
            "broken-off",
            "sender-not-yours",
            "not-permitted",
            "too-slow",
            "other-content",
            "too-large",
            "unknown-recipient",
            "closed-recipient",
            "full",
        ]),
        ..interaction(
            Method::POST,
            "/",
            "send-message",
            "Hand over a message.",
            with(house, send_message),
        )
    }
}

fn list(house: &House) -> Interaction {
    Interaction {
        description: "Newest first. Of what the organisation of the caller sent or gets; \
            operators see all.",
        parameters: schema::finding(),
        replies: vec![reply(200, "The messages found.", named("Page"))],
        faults: may_fail(&["invalid-parameter"]),
        ..interaction(
            Method::GET,
            "/",
            "list-messages",
            "Find messages by who, what, when and how they fare.",
            with(house, list_messages),
        )
    }
}

fn conversation(house: &House) -> Interaction {
    Interaction {
        description: "A request, its acknowledgements, its answer and any reports, and a flat \
            list of everything that happened, in order.",
        parameters: vec![schema::conversation_id()],
        replies: vec![reply(200, "The conversation.", named("Conversation"))],
        faults: may_fail(&["not-found"]),
        ..interaction(
            Method::GET,
            "/conversations/{id}",
            "get-conversation",
            "Read what was said in a conversation.",
            with(house, get_conversation),
        )
    }
}

fn message(house: &House) -> Interaction {
    Interaction {
        description: "The envelope without the body, and the state and history of each delivery.",
        parameters: vec![schema::message_id()],
        replies: vec![reply(200, "The message.", named("Message"))],
        faults: may_fail(&["not-found"]),
        ..interaction(
            Method::GET,
            "/{id}",
            "get-message",
            "See where a message is.",
            with(house, get_message),
        )
    }
}

fn body(house: &House) -> Interaction {
    Interaction {
        description: "For the organisations that sent it and get it. Each reading stands on the \
            audit chain.",
        parameters: vec![schema::message_id()],
        replies: vec![ReplyDoc {
            media_type: "*/*",
            ..reply(
                200,
                "The message itself, with the media type it came with.",
                schema::any_bytes(),
            )
        }],
        faults: may_fail(&["not-found", "not-now", "gone"]),
        ..interaction(
            Method::GET,
            "/{id}/body",
            "get-message-body",
            "Read a message.",
            with(house, get_body),
        )
    }
}

fn cancel(house: &House) -> Interaction {
    Interaction {
        parameters: vec![schema::message_id()],
        replies: vec![reply(200, "The message, taken back.", named("Message"))],
        faults: may_fail(&["not-found", "not-now"]),
        ..interaction(
            Method::POST,
            "/{id}/cancel",
            "cancel-message",
            "Take back a message that has not gone out yet.",
            with(house, cancel_message),
        )
    }
}

fn acknowledge(house: &House) -> Interaction {
    Interaction {
        description: "For endpoints whose deliveries end only when the receiver has said what \
            it thinks of them. One that is not wanted is reported to its sender, with the why: \
            let that name no patient.",
        parameters: vec![schema::message_id(), schema::delivery_number()],
        body: Some(schema::json_body(
            named("Acknowledgement"),
            serde_json::json!({ "wanted": true }),
        )),
        replies: vec![reply(200, "The message as it stands now.", named("Message"))],
        faults: may_fail(&["invalid-body", "not-found", "not-now"]),
        ..interaction(
            Method::POST,
            "/{id}/deliveries/{n}/acknowledgement",
            "acknowledge-delivery",
            "Say whether a message that was pushed is wanted.",
            with(house, acknowledge_delivery),
        )
    }
}

fn resend(house: &House) -> Interaction {
    Interaction {
        parameters: vec![schema::message_id(), schema::delivery_number()],
        body: Some(schema::because()),
        replies: vec![reply(200, "The message, with one more delivery.", named("Message"))],
        faults: may_fail(&["invalid-body", "not-found", "not-now", "gone"]),
        ..operation(
            Method::POST,
            "/{id}/deliveries/{n}/resend",
            "resend-delivery",
            "Send again what came to an end, with a new deadline.",
            with(house, resend_delivery),
        )
    }
}

fn release(house: &House) -> Interaction {
    Interaction {
        parameters: vec![schema::message_id(), schema::delivery_number()],
        replies: vec![reply(200, "The message as it stands now.", named("Message"))],
        faults: may_fail(&["not-found", "not-now"]),
        ..operation(
            Method::POST,
            "/{id}/deliveries/{n}/release",
            "release-delivery",
            "Let later messages of its ordering key pass one that was given up.",
            with(house, release_delivery),
        )
    }
}

fn endpoints(house: &House) -> Interaction {
    Interaction {
        replies: vec![reply(200, "Every endpoint.", named("Endpoints"))],
        ..operation(
            Method::GET,
            "/endpoints",
            "list-endpoints",
            "See every endpoint, and how many messages wait for it.",
            with(house, list_endpoints),
        )
    }
}

fn waiting(house: &House) -> Interaction {
    Interaction {
        parameters: schema::waiting(),
        replies: vec![reply(200, "What waits, oldest first.", named("Page"))],
        faults: may_fail(&["invalid-parameter", "not-found"]),
        ..operation(
            Method::GET,
            "/endpoints/{name}/waiting",
            "list-waiting",
            "See what waits for an endpoint, but for what has an ordering key.",
            with(house, list_waiting),
        )
    }
}

fn park(house: &House) -> Interaction {
    Interaction {
        parameters: vec![schema::endpoint_name()],
        body: Some(schema::because()),
        replies: vec![reply(200, "The endpoint.", named("Endpoint"))],
        faults: may_fail(&["invalid-body", "not-found"]),
        ..operation(
            Method::POST,
            "/endpoints/{name}/park",
            "park-endpoint",
            "Stop pushes to an endpoint for a while: what waits loses neither time nor attempts.",
            with(house, park_endpoint),
        )
    }
}

fn unpark(house: &House) -> Interaction {
    Interaction {
        parameters: vec![schema::endpoint_name()],
        replies: vec![reply(200, "The endpoint.", named("Endpoint"))],
        faults: may_fail(&["not-found"]),
        ..operation(
            Method::POST,
            "/endpoints/{name}/unpark",
            "unpark-endpoint",
            "Let pushes to an endpoint go on, at once.",
            with(house, unpark_endpoint),
        )
    }
}

fn interaction(
    method: Method,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: Handler,
) -> Interaction {
    Interaction {
        description: "",
        access: SYSTEMS_AND_WORKERS,
        faults: may_fail(&[]),
        ..Interaction::new(name, method, path, summary, handler)
    }
}

/// An interaction for operators.
fn operation(
    method: Method,
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: Handler,
) -> Interaction {
    let description = "For operators: it takes the permission `operate-messages`.";
    Interaction { description, ..interaction(method, path, name, summary, handler) }
}

fn reply(status: u16, summary: &'static str, schema: serde_json::Value) -> ReplyDoc {
    ReplyDoc { status, summary, media_type: "application/json", schema, headers: &[] }
}

/// The faults that anything may end in, and these.
fn may_fail(these: &[&'static str]) -> Vec<&'static str> {
    let mut all = vec!["unauthenticated", "forbidden", "too-many", "broken", "busy"];
    all.extend(these);
    if !all.contains(&"too-large") {
        all.push("too-large");
    }
    if !all.contains(&"too-slow") {
        all.push("too-slow");
    }
    all
}
