//! The declaration of the API: what it is and what can be asked of it.

use std::future::Future;
use std::sync::Arc;

use http::Method;
use security::{Caller, Mode};
use serde_json::{Value, json};
use service::{
    Answer, Interaction, Keeper, Parameter, ReplyDoc, Request, Service, Status, handler,
};

use crate::create_subscription::{self, create_subscription};
use crate::delete_subscription::{self, delete_subscription};
use crate::list_subscriptions::{self, list_subscriptions};
use crate::publish_event::{self, publish_event};
use crate::read_subscription::{self, read_subscription};
use crate::update_subscription::{self, update_subscription};
use crate::{BASE, House, SERVICE, faults, schema, style};

const APPLICATIONS: &[Mode] = &[Mode::Application, Mode::PrivilegedApplication];
/// The scopes of the access tokens that it takes.
const SCOPES: &[(Mode, &str)] =
    &[(Mode::Application, "urn:nhsd:apim:app:level3:multicast-notification-service")];
/// An open door lets in as a worker.
const OPEN: &[(Mode, &str)] = &[(Mode::Worker, Caller::OPEN)];

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Multicast Notification Service",
        summary: "Publish what happened, and be told of what happened elsewhere.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["CloudEvents 1.0", "FHIR R4"],
        technologies: &["REST", "Publish-subscribe"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: SCOPES,
        style: style::STYLE,
        interactions: vec![
            publish(house),
            create(house),
            list(house),
            read(house),
            update(house),
            delete(house),
        ],
        schemas: schema::schemas(),
    }
}

fn publish(house: &House) -> Interaction {
    Interaction {
        description: "Tells everybody who subscribed. The event is on disk, with everything that \
            is to be delivered, when this answers. Sent again with the same `source` and `id` it \
            is answered the same and told no second time.\n\nA client needs the grant \
            `publish-events`, or `publish-` and the type of event.",
        body: Some(schema::event_body()),
        replies: vec![json_reply(200, "The event is told.")],
        faults: may_fail(&["INVALID", "INVALID_REQUEST"]),
        ..interaction(
            house,
            (Method::POST, "/events"),
            publish_event::NAME,
            "Publish an event.",
            publish_event,
        )
    }
}

fn create(house: &House) -> Interaction {
    Interaction {
        description: "Events that are told from now on are delivered, until the subscription is \
            deleted. `end` is kept and does not end it. A mailbox that several subscriptions lead \
            to gets an event once, as the first of them says.",
        body: Some(schema::subscription_body()),
        replies: vec![json_reply(201, "You are subscribed.")],
        faults: may_fail(&["INVALID", "INVALID_REQUEST", "MATCHING_SUBSCRIPTION"]),
        ..interaction(
            house,
            (Method::POST, "/subscriptions"),
            create_subscription::NAME,
            "Subscribe to events.",
            create_subscription,
        )
    }
}

fn list(house: &House) -> Interaction {
    Interaction {
        parameters: with_headers(vec![schema::continue_from()]),
        replies: vec![fhir_reply(
            "The subscriptions of the client, page by page.",
            "Subscriptions",
        )],
        faults: may_fail(&["INVALID_REQUEST"]),
        ..interaction(
            house,
            (Method::GET, "/subscriptions"),
            list_subscriptions::NAME,
            "Get all subscriptions.",
            list_subscriptions,
        )
    }
}

fn read(house: &House) -> Interaction {
    Interaction {
        parameters: with_headers(vec![schema::id()]),
        replies: vec![fhir_reply("The subscription.", "Subscription")],
        faults: may_fail(&["INVALID_REQUEST", "NOT_FOUND"]),
        ..interaction(
            house,
            (Method::GET, "/subscriptions/{id}"),
            read_subscription::NAME,
            "Get subscription details.",
            read_subscription,
        )
    }
}

fn update(house: &House) -> Interaction {
    Interaction {
        parameters: with_headers(vec![schema::id()]),
        body: Some(schema::subscription_body()),
        replies: vec![nothing("The subscription is as sent.")],
        faults: may_fail(&["INVALID", "INVALID_REQUEST", "NOT_FOUND", "MATCHING_SUBSCRIPTION"]),
        ..interaction(
            house,
            (Method::PUT, "/subscriptions/{id}"),
            update_subscription::NAME,
            "Edit a subscription.",
            update_subscription,
        )
    }
}

fn delete(house: &House) -> Interaction {
    Interaction {
        parameters: with_headers(vec![schema::id()]),
        replies: vec![nothing("The subscription is gone. What was told before still arrives.")],
        faults: may_fail(&["INVALID_REQUEST", "NOT_FOUND"]),
        ..interaction(
            house,
            (Method::DELETE, "/subscriptions/{id}"),
            delete_subscription::NAME,
            "Delete a subscription.",
            delete_subscription,
        )
    }
}

/// An interaction with nothing but its essentials.
fn interaction<W, F>(
    house: &House,
    (method, path): (Method, &'static str),
    name: &'static str,
    summary: &'static str,
    work: W,
) -> Interaction
where
    W: Fn(House, Arc<Request>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let house = house.clone();
    let work = handler(move |request| work(house.clone(), Arc::new(request)));
    Interaction {
        access: APPLICATIONS,
        granted: OPEN,
        parameters: with_headers(Vec::new()),
        ..Interaction::new(name, method, path, summary, work)
    }
}

/// The faults that any interaction may end in, and these.
fn may_fail(own: &[&'static str]) -> Vec<&'static str> {
    const COMMON: [&str; 10] = [
        "TOKEN_MISSING",
        "TOKEN_INVALID",
        "TOKEN_EXPIRED",
        "FORBIDDEN",
        "QUOTA_USED",
        "TOO_DENSE",
        "TOO_SLOW",
        "TOO_LARGE",
        "BROKEN",
        "BUSY",
    ];
    own.iter().chain(&COMMON).copied().collect()
}

fn with_headers(mut parameters: Vec<Parameter>) -> Vec<Parameter> {
    parameters.push(schema::correlation());
    parameters
}

fn reply(status: u16, summary: &'static str, media_type: &'static str, schema: Value) -> ReplyDoc {
    ReplyDoc { status, summary, media_type, schema, headers: &[] }
}

fn json_reply(status: u16, summary: &'static str) -> ReplyDoc {
    reply(status, summary, style::JSON, schema::named("Id"))
}

fn fhir_reply(summary: &'static str, name: &str) -> ReplyDoc {
    reply(200, summary, fhir::MEDIA_TYPE, schema::named(name))
}

fn nothing(summary: &'static str) -> ReplyDoc {
    reply(204, summary, "", json!({}))
}
