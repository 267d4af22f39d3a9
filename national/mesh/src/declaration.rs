//! The declaration of the API: what it is and what can be asked of it.

use std::future::Future;

use base::limit::MESSAGE_BYTES_MAX;
use http::Method;
use security::Mode;
use serde_json::json;
use service::{
    Answer, BodyDoc, Interaction, ReplyDoc, Request, Service, Status, UploadLimit, handler,
};

use crate::acknowledge_message::acknowledge_message;
use crate::handshake::handshake;
use crate::inbox::{count_messages, list_messages};
use crate::keeper::{Using, keeper};
use crate::lookup::{endpoint_lookup, workflow_search};
use crate::retrieve_message::{head_message, retrieve_chunk, retrieve_message};
use crate::schema::{self, named};
use crate::send_chunk::send_chunk;
use crate::send_message::send_message;
use crate::tracking::{track_local, track_message};
use crate::version::{JSON, V2_JSON};
use crate::{
    BASE, House, SERVICE, admin, faults, rich, send_chunk as chunk, send_message as message,
    status, style,
};

const MAILBOXES: &[Mode] = &[Mode::Mailbox];
const NOBODY: &[Mode] = &[];
const OCTETS: &str = "application/octet-stream";

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    let mut interactions = interactions(house);
    if house.demonstration {
        interactions.extend(admin::interactions(house, "/admin"));
    }
    Service {
        name: SERVICE,
        title: "Message Exchange for Social Care and Health - REST API",
        summary: "Send messages to other organisations' mailboxes, and collect those in yours.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["MESH"],
        technologies: &["REST", "MESH"],
        base: BASE,
        faults: faults::TABLE,
        keeper: keeper(house),
        scopes: &[],
        style: style::STYLE,
        interactions,
        schemas: schema::schemas(),
    }
}

fn interactions(house: &House) -> Vec<Interaction> {
    let mut all =
        vec![shake(house, Method::POST, "handshake"), shake(house, Method::GET, "validate")];
    all.extend(inbox(house));
    all.extend(outbox(house));
    all.extend(tracking(house));
    all.extend(lookups(house));
    all
}

fn shake(house: &House, method: Method, name: &'static str) -> Interaction {
    let summary = "Check that the exchange can be reached and that a token works.";
    Interaction {
        parameters: [schema::mailbox(), schema::client()].concat(),
        replies: vec![json_reply(200, "The token works.", "Handshake"), nothing(200)],
        faults: may_fail(&["VALIDATION"]),
        ..interaction(house, (method, "/{mailbox}"), (name, summary), MAILBOXES, handshake)
    }
}

fn inbox(house: &House) -> Vec<Interaction> {
    let at = |method, path| (method, path);
    vec![
        Interaction {
            parameters: [schema::mailbox(), schema::page(), schema::filter()].concat(),
            replies: two_replies(200, "What waits, oldest first.", "InboxV1", "InboxV2"),
            faults: may_fail(&["VALIDATION"]),
            ..interaction(
                house,
                at(Method::GET, "/{mailbox}/inbox"),
                ("check-inbox", "List the messages that wait in a mailbox."),
                MAILBOXES,
                list_messages,
            )
        },
        Interaction {
            parameters: schema::mailbox(),
            replies: two_replies(200, "How many wait.", "CountV1", "CountV2"),
            ..interaction(
                house,
                at(Method::GET, "/{mailbox}/count"),
                ("count-inbox", "Count the messages that wait (deprecated)."),
                MAILBOXES,
                count_messages,
            )
        },
        rich_list(house, "/{mailbox}/inbox/rich", "inbox-rich", rich::inbox),
        retrieval(house, Method::GET, "retrieve-message", retrieve_message),
        retrieval(house, Method::HEAD, "head-message", head_message),
        Interaction {
            path: "/{mailbox}/inbox/{message}/{chunk}",
            parameters: [schema::mailbox(), schema::message(), schema::chunk()].concat(),
            ..retrieval(house, Method::GET, "retrieve-chunk", retrieve_chunk)
        },
        Interaction {
            parameters: [schema::mailbox(), schema::message()].concat(),
            replies: vec![json_reply(200, "It is acknowledged.", "Acknowledged"), nothing(200)],
            faults: may_fail(&["FORBIDDEN", "NO_MESSAGE", "GONE"]),
            ..interaction(
                house,
                at(Method::PUT, "/{mailbox}/inbox/{message}/status/acknowledged"),
                ("acknowledge-message", "Say that a message was received for good."),
                MAILBOXES,
                acknowledge_message,
            )
        },
    ]
}

fn retrieval<W, F>(house: &House, method: Method, name: &'static str, work: W) -> Interaction
where
    W: Fn(House, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let octets = |status, summary| ReplyDoc {
        media_type: "*/*",
        schema: json!({}),
        headers: schema::DOWNLOAD_HEADERS,
        ..json_reply(status, summary, "")
    };
    Interaction {
        parameters: [schema::mailbox(), schema::message()].concat(),
        replies: vec![
            octets(200, "The message, or its last chunk."),
            octets(206, "A chunk; there are more."),
        ],
        faults: may_fail(&["FORBIDDEN", "NO_MESSAGE", "GONE", "VALIDATION"]),
        ..interaction(
            house,
            (method, "/{mailbox}/inbox/{message}"),
            (name, "Fetch a message that waits, or one chunk of it."),
            MAILBOXES,
            work,
        )
    }
}

fn outbox(house: &House) -> Vec<Interaction> {
    vec![
        Interaction {
            parameters: [schema::mailbox(), schema::send_headers()].concat(),
            body: Some(any_body()),
            upload: Some(UploadLimit { bytes_max: MESSAGE_BYTES_MAX }),
            replies: two_replies(202, "The message is taken on.", "SentV1", "SentV2"),
            faults: may_fail(&message::FAULTS),
            ..interaction(
                house,
                (Method::POST, "/{mailbox}/outbox"),
                ("send-message", "Send a message, or the first chunk of one."),
                MAILBOXES,
                send_message,
            )
        },
        Interaction {
            parameters: [
                schema::mailbox(),
                schema::message(),
                schema::chunk(),
                schema::chunk_headers(),
            ]
            .concat(),
            body: Some(any_body()),
            upload: Some(UploadLimit { bytes_max: MESSAGE_BYTES_MAX }),
            replies: vec![json_reply(202, "The chunk is taken on.", "ChunkSent"), nothing(202)],
            faults: may_fail(&chunk::FAULTS),
            ..interaction(
                house,
                (Method::POST, "/{mailbox}/outbox/{message}/{chunk}"),
                ("send-chunk", "Send another chunk of a message."),
                MAILBOXES,
                send_chunk,
            )
        },
        rich_list(house, "/{mailbox}/outbox/rich", "outbox-rich", rich::outbox),
        Interaction {
            parameters: schema::mailbox(),
            replies: vec![nothing(200)],
            ..interaction(
                house,
                (Method::POST, "/{mailbox}/update"),
                ("check-update", "Ask for a newer client: there is none."),
                MAILBOXES,
                status::update,
            )
        },
    ]
}

fn tracking(house: &House) -> Vec<Interaction> {
    vec![
        Interaction {
            parameters: [schema::mailbox(), schema::message_asked()].concat(),
            replies: two_replies(200, "Where the message is.", "TrackingV1", "TrackingV2"),
            faults: may_fail(&["NOT_FOUND", "VALIDATION"]),
            ..interaction(
                house,
                (Method::GET, "/{mailbox}/outbox/tracking"),
                ("track-message", "Ask where a message is that was sent."),
                MAILBOXES,
                track_message,
            )
        },
        Interaction {
            parameters: [schema::mailbox(), schema::local_id()].concat(),
            replies: vec![json_reply(200, "Where the message is.", "TrackingV1")],
            faults: may_fail(&["NOT_FOUND", "MULTIPLE"]),
            ..interaction(
                house,
                (Method::GET, "/{mailbox}/outbox/tracking/{local_id}"),
                ("track-local", "Ask by the sender's own name for a message (deprecated)."),
                MAILBOXES,
                track_local,
            )
        },
    ]
}

fn rich_list<W, F>(house: &House, path: &'static str, name: &'static str, work: W) -> Interaction
where
    W: Fn(House, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    Interaction {
        parameters: [schema::mailbox(), schema::page(), schema::start_time()].concat(),
        replies: vec![ReplyDoc {
            media_type: V2_JSON,
            ..json_reply(200, "The messages, with more than their ids.", "Rich")
        }],
        faults: may_fail(&["VALIDATION"]),
        ..interaction(
            house,
            (Method::GET, path),
            (name, "List messages with more than their ids (not in the specification)."),
            MAILBOXES,
            work,
        )
    }
}

fn lookups(house: &House) -> Vec<Interaction> {
    let running = || vec![json_reply(200, "It answers.", "Running")];
    vec![
        Interaction {
            parameters: [schema::ods_code(), schema::workflow()].concat(),
            replies: two_replies(200, "The mailboxes.", "LookupV1", "LookupV2"),
            ..interaction(
                house,
                (Method::GET, "/endpointlookup/{ods_code}/{workflow}"),
                ("endpoint-lookup", "Find the mailboxes of an organisation for a workflow."),
                NOBODY,
                endpoint_lookup,
            )
        },
        Interaction {
            parameters: schema::workflow(),
            replies: two_replies(200, "The mailboxes.", "LookupV2", "LookupV2"),
            ..interaction(
                house,
                (Method::GET, "/workflowsearch/{workflow}"),
                ("workflow-search", "Find all mailboxes for a workflow."),
                NOBODY,
                workflow_search,
            )
        },
        Interaction {
            replies: running(),
            ..interaction(
                house,
                (Method::GET, "/_ping"),
                ("ping", "Check that the API answers."),
                NOBODY,
                status::ping,
            )
        },
        Interaction {
            replies: running(),
            ..interaction(
                house,
                (Method::GET, "/deepping"),
                ("deepping", "Check that the API and its store answer."),
                NOBODY,
                status::deepping,
            )
        },
    ]
}

/// An interaction with nothing but its essentials.
pub(crate) fn interaction<W, F>(
    house: &House,
    (method, path): (Method, &'static str),
    (name, summary): (&'static str, &'static str),
    access: &'static [Mode],
    work: W,
) -> Interaction
where
    W: Fn(House, Request) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let house = house.clone();
    let work = handler(move |request| {
        let (house, work) = (house.clone(), work.clone());
        async move {
            let using = Using::new(&house, &request.headers);
            let answer = work(house, request).await;
            using.ended(&answer);
            answer
        }
    });
    Interaction {
        access,
        faults: if access.is_empty() { may_fail_openly() } else { may_fail(&[]) },
        ..Interaction::new(name, method, path, summary, work)
    }
}

fn may_fail_openly() -> Vec<&'static str> {
    vec!["ACCEPT", "TOO_SLOW", "TOO_LARGE", "BROKEN_OFF", "BUSY", "UNKNOWN_ERROR", "UNAVAILABLE"]
}

/// The faults that any interaction of a mailbox may end in, and these.
pub(crate) fn may_fail(own: &[&'static str]) -> Vec<&'static str> {
    const TOKENS: [&str; 7] = [
        "TOKEN_UNREADABLE",
        "TOKEN_MAILBOX",
        "TOKEN_INVALID",
        "TOKEN_SPENT",
        "CERTIFICATE",
        "MAILBOX_INACTIVE",
        "MAILBOX_UNKNOWN",
    ];
    let mut all = may_fail_openly();
    all.extend(TOKENS);
    all.extend(own.iter().filter(|id| !may_fail_openly().contains(id)));
    all
}

/// A reply in JSON, in a form that is among the schemas.
pub(crate) fn json_reply(status: u16, summary: &'static str, form: &'static str) -> ReplyDoc {
    ReplyDoc { status, summary, media_type: JSON, schema: named(form), headers: &[] }
}

fn two_replies(
    status: u16,
    summary: &'static str,
    one: &'static str,
    two: &'static str,
) -> Vec<ReplyDoc> {
    let two = ReplyDoc { media_type: V2_JSON, ..json_reply(status, summary, two) };
    vec![json_reply(status, summary, one), two]
}

/// A reply of version 2 that has no body.
fn nothing(status: u16) -> ReplyDoc {
    ReplyDoc { media_type: "", ..json_reply(status, "Done.", "") }
}

fn any_body() -> BodyDoc {
    BodyDoc { media_types: &[OCTETS, "*/*"], schema: json!({}), example: json!("hello") }
}
