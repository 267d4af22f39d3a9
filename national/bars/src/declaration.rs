//! The declaration of the API: what it is and what can be asked of it.

use std::sync::Arc;

use http::Method;
use security::{Caller, Mode};
use service::{Handler, Interaction, Keeper, ReplyDoc, Service, Status, handler};

use crate::interactions::{ROWS, Row};
use crate::metadata::{self, metadata};
use crate::pass_on::pass_on;
use crate::{BASE, House, SERVICE, faults, schema, style};

const APPLICATIONS: &[Mode] = &[Mode::Application, Mode::PrivilegedApplication];
/// The scopes of the access tokens that it takes.
const SCOPES: &[(Mode, &str)] =
    &[(Mode::Application, "urn:nhsd:apim:app:level3:booking-and-referral")];
/// An open door lets in as a worker.
const OPEN: &[(Mode, &str)] = &[(Mode::Worker, Caller::OPEN)];

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Booking and Referral - FHIR API",
        summary: "Refer patients to services and book for them, through one national address.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["FHIR R4"],
        technologies: &["REST", "Intermediary"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: SCOPES,
        style: style::STYLE,
        interactions: ROWS.iter().map(|row| interaction(house, row)).collect(),
        schemas: schema::schemas(),
    }
}

fn interaction(house: &House, row: &'static Row) -> Interaction {
    let sends = [Method::POST, Method::PUT, Method::PATCH].contains(&row.method);
    let mut parameters = schema::headers(row.name != metadata::NAME);
    if row.path.ends_with("/{id}") {
        parameters.push(schema::id());
    }
    Interaction {
        description: "Passed on to the service that `NHSD-Target-Identifier` names, with the query \
            as it is; the answer is the receiver's. Codes of errors that begin with `REC_` are \
            about the receiver.",
        access: APPLICATIONS,
        granted: OPEN,
        parameters,
        body: sends.then(schema::body),
        upload: sends.then_some(schema::UPLOAD),
        replies: replies(row),
        faults: faults::TABLE.iter().map(|row| row.id).collect(),
        ..Interaction::new(row.name, row.method.clone(), row.path, row.summary, work(house, row))
    }
}

fn replies(row: &Row) -> Vec<ReplyDoc> {
    let reply = |status, summary| ReplyDoc {
        status,
        summary,
        media_type: fhir::MEDIA_TYPE,
        schema: row.answers.schema(),
        headers: &[],
    };
    let created = (row.method == Method::POST).then(|| reply(201, "The receiver made it."));
    [reply(200, "What the receiver answered.")].into_iter().chain(created).collect()
}

fn work(house: &House, row: &'static Row) -> Handler {
    let house = house.clone();
    if row.name == metadata::NAME {
        return handler(move |request| metadata(house.clone(), row, Arc::new(request)));
    }
    handler(move |request| pass_on(house.clone(), row, Arc::new(request)))
}
