//! The declaration of the API: what it is and what can be asked of it.

use base::limit::EBXML_BYTES_MAX;
use http::Method;
use nhs::directory::Pattern;
use security::Mode;
use serde_json::json;
use service::{
    BodyDoc, Interaction, Keeper, Parameter, Place, ReplyDoc, Service, Status, UploadLimit, handler,
};

use super::receive::receive;
use super::{BASE, House, SERVICE, faults, style};

/// Who may send.
const SYSTEMS: &[Mode] = &[Mode::System];
const FORWARD: &[Pattern] = &[Pattern::ForwardReliable, Pattern::ForwardExpress];
const NOTHING: &str = "Taken on; what else there is to say comes by itself.";
const ACKNOWLEDGED: &str = "Taken on, with the acknowledgment.";

/// The API, ready to be called.
pub fn service(house: &House) -> Service {
    Service {
        name: SERVICE,
        title: "Spine reliable messaging - ebXML",
        summary: "Send HL7 V3 messages to other parties, and learn when they arrived.",
        description: include_str!("README.md"),
        version: env!("CARGO_PKG_VERSION"),
        status: Status::Beta,
        standards: &["HL7 V3", "ebXML"],
        technologies: &["SOAP", "ebXML", "HL7 V3"],
        base: BASE,
        faults: faults::TABLE,
        keeper: Keeper::Certificate,
        scopes: &[],
        style: style::STYLE,
        interactions: vec![
            interaction(house, "/forwardreliable", FORWARD_RELIABLE, FORWARD, NOTHING),
            interaction(house, "/intermediary", INTERMEDIARY, FORWARD, NOTHING),
            interaction(
                house,
                "/reliablerequest",
                REQUEST,
                &[Pattern::AsyncReliable],
                ACKNOWLEDGED,
            ),
            interaction(house, "/queryrequest", QUERY, &[Pattern::AsyncExpress], NOTHING),
        ],
        schemas: json!({}),
    }
}

/// A name and a summary.
type Named = (&'static str, &'static str);

const FORWARD_RELIABLE: Named =
    ("forward-message", "Send a message to another party, or the acknowledgment of one.");
const INTERMEDIARY: Named =
    ("intermediary", "Send a message to another party through the exchange as intermediary.");
const REQUEST: Named = ("reliable-request", "Ask a service, which acknowledges and answers later.");
const QUERY: Named = ("query-request", "Ask a service, which answers later.");

fn interaction(
    house: &House,
    path: &'static str,
    (name, summary): Named,
    patterns: &'static [Pattern],
    reply: &'static str,
) -> Interaction {
    let house = house.clone();
    let answer = |status, summary| ReplyDoc {
        status,
        summary,
        media_type: "text/xml",
        schema: json!({ "type": "string" }),
        headers: &[],
    };
    Interaction {
        name,
        summary,
        description: summary,
        method: Method::POST,
        path,
        access: SYSTEMS,
        api_key: false,
        granted: &[],
        parameters: vec![soap_action()],
        body: Some(BodyDoc {
            media_types: &["multipart/related", "text/xml"],
            schema: json!({}),
            example: json!(""),
        }),
        upload: Some(UploadLimit { bytes_max: EBXML_BYTES_MAX as u64 }),
        replies: vec![answer(202, reply), answer(200, "A message error: the envelope is wrong.")],
        faults: faults::TABLE.iter().map(|row| row.id).collect(),
        handler: handler(move |request| receive(house.clone(), name, patterns, request)),
    }
}

fn soap_action() -> Parameter {
    Parameter {
        name: "SOAPAction",
        place: Place::Header,
        required: false,
        summary: "The service and the interaction. The header of the message decides.",
        schema: json!({ "type": "string" }),
        example: Some(json!("urn:nhs:names:services:gp2gp/RCMR_IN010000UK05")),
    }
}
