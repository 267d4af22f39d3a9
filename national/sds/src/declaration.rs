//! The declaration of the API: what it is and what can be asked of it.

use http::Method;
use service::{Handler, Interaction, Keeper, Parameter, ReplyDoc, Service, Status, with};

use crate::search_device::{self, search_device};
use crate::search_endpoint::{self, search_endpoint};
use crate::{BASE, House, SERVICE, faults, schema, style};

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
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
        interactions: vec![devices(house), endpoints(house)],
        schemas: schema::schemas(),
    }
}

fn devices(house: &House) -> Interaction {
    Interaction {
        description: "Systems that name no interaction are accredited for every one. A searchset \
            comes also when nothing is found.",
        replies: replies("Devices"),
        ..search(
            (search_device::NAME, "/Device", "Find accredited systems."),
            vec![schema::organisation(true), schema::identifier(), schema::manufacturer()],
            with(house, search_device),
        )
    }
}

fn endpoints(house: &House) -> Interaction {
    Interaction {
        description: "Two of organisation, interaction and party key are needed. Of what is \
            forwarded, the address is the exchange's own: send it there, and it is forwarded.",
        replies: replies("Endpoints"),
        ..search(
            (search_endpoint::NAME, "/Endpoint", "Find where messages go, and how reliably."),
            vec![schema::organisation(false), schema::identifier()],
            with(house, search_endpoint),
        )
    }
}

fn search(
    (name, path, summary): (&'static str, &'static str, &'static str),
    mut parameters: Vec<Parameter>,
    work: Handler,
) -> Interaction {
    parameters.push(schema::correlation());
    Interaction {
        api_key: true,
        parameters,
        faults: faults::TABLE.iter().map(|row| row.id).collect(),
        ..Interaction::new(name, Method::GET, path, summary, work)
    }
}

fn replies(schema: &str) -> Vec<ReplyDoc> {
    let reply = |media_type| ReplyDoc {
        status: 200,
        summary: "What was found, if anything.",
        media_type,
        schema: schema::named(schema),
        headers: &[],
    };
    [fhir::MEDIA_TYPE, "application/json"].map(reply).into()
}
