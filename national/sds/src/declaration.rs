//! The declaration of the API: what it is and what can be asked of it.

use std::future::Future;

use http::Method;
use service::{
    Answer, Interaction, Keeper, Parameter, ReplyDoc, Request, Service, Status, handler,
};

use crate::search_device::{self, search_device};
use crate::search_endpoint::{self, search_endpoint};
use crate::{BASE, House, SERVICE, faults, schema, style};

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    let devices = Interaction {
        description: "Systems that name no interaction are accredited for every one. A searchset \
            comes also when nothing is found.",
        parameters: vec![
            schema::organisation(true),
            schema::identifier(),
            schema::manufacturer(),
            schema::correlation(),
        ],
        ..interaction(house, ("/Device", "Devices"), search_device)
    };
    let endpoints = Interaction {
        name: search_endpoint::NAME,
        summary: "Find where messages go, and how reliably.",
        description: "Two of organisation, interaction and party key are needed. Of what is \
            forwarded, the address is the exchange's own: send it there, and it is forwarded.",
        parameters: vec![schema::organisation(false), schema::identifier(), schema::correlation()],
        ..interaction(house, ("/Endpoint", "Endpoints"), search_endpoint)
    };
    Service {
        name: SERVICE,
        title: "Spine Directory Service - FHIR API",
        summary: "Find accredited systems, and where messages for them go.",
        description: include_str!("../README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["FHIR R4"],
        technologies: &["REST"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Bearer,
        scopes: &[],
        style: style::STYLE,
        interactions: vec![devices, endpoints],
        schemas: schema::schemas(),
    }
}

/// A search, as that for devices is.
fn interaction<W, F>(house: &House, (path, schema): (&'static str, &str), work: W) -> Interaction
where
    W: Fn(House, Request) -> F + Send + Sync + 'static,
    F: Future<Output = Answer> + Send + 'static,
{
    let house = house.clone();
    Interaction {
        name: search_device::NAME,
        summary: "Find accredited systems.",
        description: "",
        method: Method::GET,
        path,
        access: &[],
        api_key: true,
        granted: &[],
        parameters: Vec::<Parameter>::new(),
        body: None,
        upload: None,
        replies: [fhir::MEDIA_TYPE, "application/json"].map(|it| reply(it, schema)).into(),
        faults: faults::TABLE.iter().map(|row| row.id).collect(),
        handler: handler(move |request| work(house.clone(), request)),
    }
}

fn reply(media_type: &'static str, schema: &str) -> ReplyDoc {
    let summary = "What was found, if anything.";
    ReplyDoc { status: 200, summary, media_type, schema: schema::named(schema), headers: &[] }
}
