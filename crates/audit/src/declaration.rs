//! The declaration of the API: what it is and what can be asked of it.

use http::Method;
use security::{Caller, Mode};
use service::{Handler, Interaction, Keeper, ReplyDoc, Service, Status, with};

use crate::read_audit_event::{self, read_audit_event};
use crate::schema::{self, named};
use crate::search_audit_event::{self, search_audit_event};
use crate::{BASE, House, READ, SERVICE, faults, style};

/// Patients, who see what is theirs; and who was granted to see all. An open door lets in as a
/// worker.
const PATIENTS: &[Mode] = &[Mode::Patient];
const GRANTED: &[(Mode, &str)] = &[
    (Mode::Application, READ),
    (Mode::PrivilegedApplication, READ),
    (Mode::Worker, READ),
    (Mode::Worker, Caller::OPEN),
];

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Audit",
        summary: "See who looked at a patient's record.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["FHIR R4"],
        technologies: &["REST", "FHIR"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[
            (Mode::Application, "system/AuditEvent.rs"),
            (Mode::Patient, "patient/AuditEvent.rs"),
        ],
        style: style::STYLE,
        interactions: vec![search(house), read(house)],
        schemas: schema::schemas(),
    }
}

fn search(house: &House) -> Interaction {
    Interaction {
        description: "A page may hold few events or none and still have a `next` link: it looks \
            at so many lines of the chain and no more. Follow the links until there is none.",
        parameters: schema::searching(),
        replies: vec![reply("A page of accesses, the newest first.", "AuditEventBundle")],
        faults: may_fail(&["invalid-parameter"]),
        ..interaction(
            "/AuditEvent",
            search_audit_event::NAME,
            "Find who looked at a record.",
            with(house, search_audit_event),
        )
    }
}

fn read(house: &House) -> Interaction {
    Interaction {
        parameters: schema::reading(),
        replies: vec![reply("The access.", "AuditEvent")],
        faults: may_fail(&["not-found"]),
        ..interaction(
            "/AuditEvent/{id}",
            read_audit_event::NAME,
            "Read one access.",
            with(house, read_audit_event),
        )
    }
}

fn interaction(
    path: &'static str,
    name: &'static str,
    summary: &'static str,
    handler: Handler,
) -> Interaction {
    Interaction {
        description: "",
        access: PATIENTS,
        granted: GRANTED,
        ..Interaction::new(name, Method::GET, path, summary, handler)
    }
}

fn reply(summary: &'static str, schema: &'static str) -> ReplyDoc {
    ReplyDoc {
        status: 200,
        summary,
        media_type: fhir::MEDIA_TYPE,
        schema: named(schema),
        headers: &[],
    }
}

/// The faults that anything may end in, and these.
fn may_fail(these: &[&'static str]) -> Vec<&'static str> {
    let any = ["unauthenticated", "forbidden", "too-slow", "too-large", "broken", "busy"];
    any.iter().chain(these).copied().collect()
}
