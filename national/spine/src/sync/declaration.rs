//! The declaration of the synchronous services: one and the same at each of their addresses.

use http::Method;
use security::Mode;
use serde_json::json;
use service::{BodyDoc, Interaction, Keeper, ReplyDoc, Service, Status, handler};

use super::ask::ask;
use super::wsdl::{self, wsdl};
use super::{House, faults, style};

/// An address: the name of the service there, its base and its path.
type Address = (&'static str, &'static str, &'static str);

/// Where the services are found: the address of today, and the one that older systems know.
const ADDRESSES: [Address; 2] =
    [("spine-sync", "/sync-service", "/"), ("spine-sync-pds", "/syncservice-pds", "/pds")];
/// Who may ask.
const SYSTEMS: &[Mode] = &[Mode::System];

/// The services, ready to be called: one at each address.
pub fn services(house: &House) -> Vec<Service> {
    ADDRESSES.iter().map(|address| service(house, *address)).collect()
}

fn service(house: &House, (name, base, path): Address) -> Service {
    Service {
        name,
        title: "Personal Demographics Service - HL7 V3",
        summary: "Trace patients and get their demographics, in HL7 V3 over SOAP.",
        description: include_str!("README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["HL7 V3", "SOAP 1.1", "WS-Addressing"],
        technologies: &["SOAP", "HL7 V3"],
        base,
        faults: faults::TABLE,
        keeper: Keeper::Certificate,
        scopes: &[],
        style: style::STYLE,
        interactions: vec![asking(house, path), describing(base, path)],
        schemas: json!({}),
    }
}

fn asking(house: &House, path: &'static str) -> Interaction {
    let house = house.clone();
    Interaction {
        name: "ask",
        summary: "Ask a question, and get its answer in the same call.",
        description: "The SOAP action names the question, as `<service>/<interaction>`. A question \
            that has no answer is answered by `QUQI_IN010000UK14`, which says why; a message that \
            is no question, by a SOAP fault. The WSDL lists the questions.",
        method: Method::POST,
        path,
        access: SYSTEMS,
        api_key: false,
        granted: &[],
        parameters: Vec::new(),
        body: Some(BodyDoc {
            media_types: &["text/xml"],
            schema: json!({ "type": "string" }),
            example: json!(wsdl::EXAMPLE),
        }),
        upload: None,
        replies: vec![reply("The answer, or why there is none.", "text/xml")],
        faults: faults::TABLE.iter().map(|row| row.id).collect(),
        handler: handler(move |request| ask(house.clone(), request)),
    }
}

fn describing(base: &'static str, path: &'static str) -> Interaction {
    Interaction {
        name: "describe",
        summary: "Get the WSDL of the service.",
        description: "A WSDL 1.1 document with the types of every message in it.",
        method: Method::GET,
        path,
        access: &[],
        api_key: false,
        granted: &[],
        parameters: Vec::new(),
        body: None,
        upload: None,
        replies: vec![reply("The WSDL.", "text/xml")],
        faults: vec!["UNKNOWN_METHOD", "TOO_MANY", "FAILURE"],
        handler: handler(move |request| async move {
            let at = format!("{}{base}{}", request.origin, path.trim_end_matches('/'));
            Ok(wsdl(&at))
        }),
    }
}

fn reply(summary: &'static str, media_type: &'static str) -> ReplyDoc {
    ReplyDoc { status: 200, summary, media_type, schema: json!({ "type": "string" }), headers: &[] }
}
