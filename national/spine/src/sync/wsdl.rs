//! The WSDL of the services, made from the table of questions: what it describes is what is
//! answered.
//!
//! Clause: <https://www.w3.org/TR/2001/NOTE-wsdl-20010315>.

mod schema;

use hl7v3::addressing::Version;
use hl7v3::soap;
use hl7v3::wrapper::NAMESPACE as HL7;
use hl7v3::xml::{self, Element, Prefix};
use http::StatusCode;
use service::Reply;

use super::exchange::{Exchange, SERVICE, TABLE};
use crate::nasp;

const WSDL: &str = "http://schemas.xmlsoap.org/wsdl/";
const SOAP_BINDING: &str = "http://schemas.xmlsoap.org/wsdl/soap/";
const HTTP: &str = "http://schemas.xmlsoap.org/soap/http";
const XS: &str = "http://www.w3.org/2001/XMLSchema";
const WSA: &str = Version::August2004.namespace();
/// The prefixes that the qualified names in it use.
const PREFIXES: [Prefix<'_>; 7] = [
    ("wsdl", WSDL),
    ("soap", SOAP_BINDING),
    ("xs", XS),
    ("tns", SERVICE),
    ("hl7", HL7),
    ("wsa", WSA),
    ("nasp", nasp::NAMESPACE),
];

/// The headers of a question and of an answer, by qualified name.
const ASKING: [&str; 7] = [
    "wsa:MessageID",
    "wsa:Action",
    "wsa:To",
    "wsa:From",
    "wsa:ReplyTo",
    "hl7:communicationFunctionRcv",
    "hl7:communicationFunctionSnd",
];
const ANSWERING: [&str; 7] = [
    "wsa:MessageID",
    "wsa:Action",
    "wsa:To",
    "wsa:From",
    "wsa:RelatesTo",
    "hl7:communicationFunctionRcv",
    "hl7:communicationFunctionSnd",
];

/// A question that works against the demonstration nation.
pub(crate) const EXAMPLE: &str = include_str!("wsdl/example.xml");

/// The WSDL of the services at an address.
pub(crate) fn wsdl(at: &str) -> Reply {
    let document = xml::write(&definitions(at), &PREFIXES);
    Reply::new(StatusCode::OK, soap::MEDIA_TYPE, document)
}

fn definitions(at: &str) -> Element<'_> {
    let types = wsdl_element("types").with_all(schema::schemas());
    wsdl_element("definitions")
        .with_attribute("name", "PersonalDemographics")
        .with_attribute("targetNamespace", SERVICE)
        .with(types)
        .with_all(TABLE.iter().flat_map(|one| [asks(one), answers(one)]))
        .with(message("Headers", ASKING.iter().chain(&["wsa:RelatesTo"]).copied()))
        .with(message("Errors", ["nasp:errorList"].into_iter()))
        .with(named("portType", "Questions").with_all(TABLE.iter().map(operation)))
        .with(binding())
        .with(port(at))
}

fn asks<'a>(exchange: &Exchange) -> Element<'a> {
    let element = format!("hl7:{}", exchange.asks);
    named("message", exchange.asks).with(part("body", element))
}

fn answers<'a>(exchange: &Exchange) -> Element<'a> {
    let element = format!("hl7:{}", exchange.kind.wrapper());
    named("message", exchange.answers).with(part("body", element))
}

/// A message of headers, each a part that is named like its element.
fn message<'a>(name: &'static str, headers: impl Iterator<Item = &'static str>) -> Element<'a> {
    named("message", name).with_all(headers.map(|header| part(local(header), header.to_owned())))
}

fn operation<'a>(exchange: &Exchange) -> Element<'a> {
    let uses = |role, message: &str| {
        wsdl_element(role).with_attribute("message", format!("tns:{message}"))
    };
    named("operation", exchange.operation)
        .with(wsdl_element("documentation").with_text(exchange.summary))
        .with(uses("input", exchange.asks))
        .with(uses("output", exchange.answers))
        .with(uses("fault", "Errors").with_attribute("name", "Errors"))
}

fn binding<'a>() -> Element<'a> {
    let soap = soap_element("binding")
        .with_attribute("style", "document")
        .with_attribute("transport", HTTP);
    named("binding", "QuestionsOverSoap")
        .with_attribute("type", "tns:Questions")
        .with(soap)
        .with_all(TABLE.iter().map(bound))
}

fn bound<'a>(exchange: &Exchange) -> Element<'a> {
    let body =
        || soap_element("body").with_attribute("use", "literal").with_attribute("parts", "body");
    let header = |name: &'static str| {
        soap_element("header")
            .with_attribute("message", "tns:Headers")
            .with_attribute("part", local(name))
            .with_attribute("use", "literal")
    };
    let fault = soap_element("fault").with_attribute("name", "Errors");
    let action = soap_element("operation").with_attribute("soapAction", exchange.action());
    named("operation", exchange.operation)
        .with(action)
        .with(wsdl_element("input").with_all(ASKING.map(header)).with(body()))
        .with(wsdl_element("output").with_all(ANSWERING.map(header)).with(body()))
        .with(named("fault", "Errors").with(fault.with_attribute("use", "literal")))
}

fn port(at: &str) -> Element<'_> {
    let port = named("port", "Questions")
        .with_attribute("binding", "tns:QuestionsOverSoap")
        .with(soap_element("address").with_attribute("location", at));
    named("service", "PersonalDemographics").with(port)
}

fn part<'a>(name: &'static str, element: String) -> Element<'a> {
    named("part", name).with_attribute("element", element)
}

fn named<'a>(element: &'static str, name: &'static str) -> Element<'a> {
    wsdl_element(element).with_attribute("name", name)
}

fn wsdl_element<'a>(name: &'static str) -> Element<'a> {
    Element::new(WSDL, name)
}

fn soap_element<'a>(name: &'static str) -> Element<'a> {
    Element::new(SOAP_BINDING, name)
}

/// A qualified name without its prefix.
fn local(name: &'static str) -> &'static str {
    name.split_once(':').map_or(name, |(_, name)| name)
}

#[cfg(test)]
mod tests;
