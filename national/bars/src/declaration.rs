//! The declaration of the API: what it is and what can be asked of it.

use std::sync::Arc;

use http::Method;
use security::{Caller, Mode};
use service::{Handler, Interaction, Keeper, ReplyDoc, Service, Status, handler};

use crate::interactions::{ROWS, Row};
use crate::metadata::{self, metadata};
use crate::pass_on::pass_on;
use crate::schema::Shape;
use crate::{BASE, House, SERVICE, catalogue, faults, schema, style};

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
        interactions: ROWS
            .iter()
            .map(|row| interaction(house, row))
            .chain([search(house), read(house)])
            .collect(),
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

fn search(house: &House) -> Interaction {
    let house = house.clone();
    let summary = "Get the services of the catalogue, by id or organisation.";
    let work = handler(move |request| {
        let house = house.clone();
        async move { catalogue::search(&house, &request) }
    });
    let about = (catalogue::IDENTIFIER, catalogue::PROVIDED_BY);
    Interaction {
        parameters: schema::catalogue(about),
        ..about_catalogue("search-healthcare-service", "/HealthcareService", summary, work)
    }
}

fn read(house: &House) -> Interaction {
    let house = house.clone();
    let summary = "Get a service of the catalogue.";
    let work = handler(move |request| {
        let house = house.clone();
        async move { catalogue::read(&house, &request) }
    });
    let parameters = schema::ids().into_iter().chain([schema::id()]).collect();
    Interaction {
        parameters,
        ..about_catalogue("get-healthcare-service", "/HealthcareService/{id}", summary, work)
    }
}

/// An interaction that this proxy answers by itself, from its catalogue.
fn about_catalogue(
    name: &'static str,
    path: &'static str,
    summary: &'static str,
    work: Handler,
) -> Interaction {
    let shape = if path.ends_with("/{id}") { Shape::Resource } else { Shape::Bundle };
    Interaction {
        description: "Answered by this proxy from its catalogue, and passed on to nobody. Where \
            the system of a service is, is told to nobody either.",
        access: APPLICATIONS,
        granted: OPEN,
        replies: vec![ReplyDoc {
            status: 200,
            summary: "What the catalogue has.",
            media_type: fhir::MEDIA_TYPE,
            schema: shape.schema(),
            headers: &[],
        }],
        faults: faults::TABLE.iter().map(|row| row.id).collect(),
        ..Interaction::new(name, Method::GET, path, summary, work)
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
