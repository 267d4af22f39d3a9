//! The types of the messages, as XML Schema: made from tables, since the messages are.
//!
//! What is accepted is more than this: any order, any attribute. What is sent is exactly this.
//!
//! Clause: <https://www.w3.org/TR/xmlschema-1/>.

use hl7v3::wrapper::NAMESPACE as HL7;
use hl7v3::xml::Element;

use super::super::exchange::{Exchange, Form, Kind, REFUSAL, TABLE};
use super::{WSA, XS};
use crate::nasp;

/// An element in a type: its name, its type, and how often it stands there.
type Part = (&'static str, &'static str, Often);
/// A type: its name, its elements in order, and its attributes.
type Row = (&'static str, &'static [Part], &'static [&'static str]);

/// How often an element stands in another.
#[derive(Clone, Copy)]
enum Often {
    Once,
    Perhaps,
    Any,
}
use Often::{Any, Once, Perhaps};

const TEXT: &str = "xs:string";
const CLASS: &[&str] = &["classCode", "moodCode"];
const ENTITY: &[&str] = &["classCode", "determinerCode"];

#[rustfmt::skip]
const TYPES: &[Row] = &[
    // data types
    ("II", &[], &["root", "extension"]),
    ("TS", &[], &["value"]),
    ("CS", &[], &["code"]),
    ("CV", &[("qualifier", "hl7:CS", Perhaps)], &["code", "codeSystem", "displayName"]),
    ("IVL", &[("low", "hl7:TS", Perhaps), ("center", "hl7:TS", Perhaps), ("high", "hl7:TS", Perhaps)], &["value"]),
    ("PN", &[("prefix", TEXT, Any), ("given", TEXT, Any), ("family", TEXT, Perhaps), ("suffix", TEXT, Any), ("validTime", "hl7:IVL", Perhaps), ("id", "hl7:II", Perhaps)], &["use"]),
    ("AD", &[("streetAddressLine", TEXT, Any), ("postalCode", TEXT, Perhaps), ("useablePeriod", "hl7:IVL", Perhaps), ("id", "hl7:II", Perhaps)], &["use"]),
    ("TEL", &[("useablePeriod", "hl7:IVL", Perhaps), ("id", "hl7:II", Perhaps)], &["use", "value"]),
    // the transmission wrapper
    ("Device", &[("id", "hl7:II", Once)], ENTITY),
    ("Communication", &[("device", "hl7:Device", Once)], &["typeCode"]),
    ("MessageRef", &[("id", "hl7:II", Once)], &[]),
    ("AcknowledgementDetail", &[("code", "hl7:CV", Once)], &["typeCode"]),
    ("Acknowledgement", &[("acknowledgementDetail", "hl7:AcknowledgementDetail", Any), ("messageRef", "hl7:MessageRef", Once)], &["typeCode"]),
    // the control act
    ("AgentSystem", &[("agentSystemSDS", "hl7:Device", Once)], &["classCode"]),
    ("AuthorSystem", &[("AgentSystemSDS", "hl7:AgentSystem", Once)], &["typeCode"]),
    ("SdsRole", &[("id", "hl7:II", Once)], &["classCode"]),
    ("SdsPart", &[("partSDSRole", "hl7:SdsRole", Once)], &["typeCode"]),
    ("AgentPerson", &[("id", "hl7:II", Once), ("agentPersonSDS", "hl7:Device", Once), ("part", "hl7:SdsPart", Perhaps)], &["classCode"]),
    ("Author", &[("AgentPersonSDS", "hl7:AgentPerson", Once)], &["typeCode"]),
    ("Issue", &[("code", "hl7:CV", Once)], CLASS),
    ("Reason", &[("justifyingDetectedIssueEvent", "hl7:Issue", Once)], &["typeCode"]),
    ("QueryAck", &[("queryResponseCode", "hl7:CS", Once)], &["type"]),
    // what a trace asks
    ("AskedCode", &[("semanticsText", TEXT, Perhaps), ("value", "hl7:CV", Once)], &[]),
    ("AskedTime", &[("semanticsText", TEXT, Perhaps), ("value", "hl7:IVL", Once)], &[]),
    ("AskedName", &[("semanticsText", TEXT, Perhaps), ("value", "hl7:PN", Once)], &[]),
    ("AskedAddress", &[("semanticsText", TEXT, Perhaps), ("value", "hl7:AD", Once)], &[]),
    ("TraceQuery", &[("historicDataIndicator", "hl7:AskedCode", Perhaps), ("person.address", "hl7:AskedAddress", Perhaps), ("person.administrativeGenderCode", "hl7:AskedCode", Once), ("person.birthTime", "hl7:AskedTime", Once), ("person.deceasedTime", "hl7:AskedTime", Perhaps), ("person.name", "hl7:AskedName", Once)], &[]),
    ("TraceAct", &[("author", "hl7:Author", Perhaps), ("author1", "hl7:AuthorSystem", Once), ("query", "hl7:TraceQuery", Once)], CLASS),
    // what a retrieval asks
    ("NumberedCode", &[("value", "hl7:CV", Once), ("semanticsText", TEXT, Perhaps)], &[]),
    ("NumberedId", &[("value", "hl7:II", Once), ("semanticsText", TEXT, Perhaps)], &[]),
    ("RetrievalItem", &[("semanticsText", TEXT, Once)], &[]),
    ("RetrievalQuery", &[("historicDataIndicator", "hl7:NumberedCode", Perhaps), ("person.id", "hl7:NumberedId", Once), ("retrievalItem", "hl7:RetrievalItem", Any)], &[]),
    ("RetrievalAct", &[("author", "hl7:Author", Perhaps), ("author1", "hl7:AuthorSystem", Once), ("query", "hl7:RetrievalQuery", Once)], CLASS),
    // why there is no answer
    ("RefusalAct", &[("author1", "hl7:AuthorSystem", Once), ("reason", "hl7:Reason", Any), ("queryAck", "hl7:QueryAck", Once)], CLASS),
    // the version of a record
    ("Version", &[("code", "hl7:CV", Once), ("value", "hl7:TS", Once)], CLASS),
    ("VersionOf", &[("pertinentSerialChangeNumber", "hl7:Version", Once)], &["typeCode"]),
    ("Organisation", &[("id", "hl7:II", Once)], &["classCode"]),
];

#[rustfmt::skip]
const ADDRESSING: &[Row] = &[
    ("EndpointReference", &[("Address", TEXT, Once)], &[]),
];

#[rustfmt::skip]
const ERRORS: &[Row] = &[
    ("Error", &[("codeContext", TEXT, Once), ("errorCode", TEXT, Once), ("severity", TEXT, Once), ("location", TEXT, Once), ("description", TEXT, Once)], &[]),
    ("ErrorList", &[("error", "nasp:Error", Any)], &[]),
];

/// The schemas of all the namespaces.
pub(super) fn schemas<'a>() -> Vec<Element<'a>> {
    let text = |name: &'static str| element(name, TEXT.to_owned(), Once);
    let place = |name: &'static str| element(name, "wsa:EndpointReference".to_owned(), Once);
    let said = ["MessageID", "Action", "To", "RelatesTo"].map(text);
    let places = ["From", "ReplyTo"].map(place);
    let addressing =
        schema(WSA).with_all(said).with_all(places).with_all(ADDRESSING.iter().map(row));
    let errors = element("errorList", "nasp:ErrorList".to_owned(), Once);
    let errors = schema(nasp::NAMESPACE).with(errors).with_all(ERRORS.iter().map(row));
    vec![messages(), addressing, errors]
}

fn messages<'a>() -> Element<'a> {
    let communication = ["communicationFunctionRcv", "communicationFunctionSnd"]
        .map(|name| element(name, "hl7:Communication".to_owned(), Once));
    let mut forms: Vec<&Form> = Vec::new();
    for form in TABLE.iter().map(|one| one.form) {
        if !forms.contains(&form) {
            forms.push(form);
        }
    }
    schema(HL7)
        .with_all(communication)
        .with_all([Kind::Trace, Kind::Retrieval].map(wrapper))
        .with_all(TABLE.iter().map(question))
        .with_all(TYPES.iter().map(row))
        .with_all(forms.into_iter().flat_map(form_types))
}

/// What holds the answer to a kind of question in the body of a SOAP message.
fn wrapper<'a>(kind: Kind) -> Element<'a> {
    let of_kind = TABLE.iter().filter(|one| one.kind == kind);
    let answers = of_kind
        .map(|one| anonymous(one.answers, message(format!("hl7:{}Act", one.form.subject), Once)));
    let refusal = anonymous(REFUSAL, message("hl7:RefusalAct".to_owned(), Once));
    let choice = xs("choice").with_all(answers).with(refusal);
    anonymous(kind.wrapper(), xs("complexType").with(choice))
}

fn question<'a>(exchange: &Exchange) -> Element<'a> {
    let act = match exchange.kind {
        Kind::Trace | Kind::AdvancedTrace => "hl7:TraceAct",
        Kind::Retrieval => "hl7:RetrievalAct",
    };
    anonymous(exchange.asks, message(act.to_owned(), Perhaps))
}

/// A message: its wrapper, with this control act in it.
fn message<'a>(act: String, acknowledgement: Often) -> Element<'a> {
    let parts: [(&'static str, &str, Often); 10] = [
        ("id", "hl7:II", Once),
        ("creationTime", "hl7:TS", Once),
        ("versionCode", "hl7:CS", Perhaps),
        ("interactionId", "hl7:II", Once),
        ("processingCode", "hl7:CS", Once),
        ("processingModeCode", "hl7:CS", Once),
        ("acceptAckCode", "hl7:CS", Once),
        ("acknowledgement", "hl7:Acknowledgement", acknowledgement),
        ("communicationFunctionRcv", "hl7:Communication", Once),
        ("communicationFunctionSnd", "hl7:Communication", Once),
    ];
    let parts = parts.map(|(name, of, often)| element(name, of.to_owned(), often));
    let act = element("ControlActEvent", act, Once);
    xs("complexType").with(xs("sequence").with_all(parts).with(act))
}

/// The types of an answer that writes patients in a form, from the control act inwards.
fn form_types<'a>(form: &Form) -> Vec<Element<'a>> {
    let of = |part: &str| format!("{}{part}", form.subject);
    let hl7 = |part: &str| format!("hl7:{}{part}", form.subject);
    let [participation, _, role, _] = form.provider;
    let shown = element("subject", hl7("Subject"), Once);
    let version = element("pertinentInformation", "hl7:VersionOf".to_owned(), Once);
    let both = if form.version_first { [version, shown] } else { [shown, version] };
    let once = |name, of: &str| element(name, of.to_owned(), Once);
    let perhaps = |name, of: &str| element(name, of.to_owned(), Perhaps);
    let any = |name, of: &str| element(name, of.to_owned(), Any);
    vec![
        complex(
            of("Act"),
            vec![
                once("author1", "hl7:AuthorSystem"),
                once("subject", &hl7("About")),
                once("queryAck", "hl7:QueryAck"),
            ],
            CLASS,
        ),
        complex(of("About"), vec![once(form.subject, &hl7("Event"))], &["typeCode"]),
        complex(of("Event"), both.into(), CLASS),
        complex(of("Subject"), vec![once("patientRole", &hl7("Role"))], &["typeCode"]),
        complex(
            of("Role"),
            vec![
                once("id", "hl7:II"),
                any("addr", "hl7:AD"),
                perhaps("confidentialityCode", "hl7:CV"),
                any("telecom", "hl7:TEL"),
                once("patientPerson", &hl7("Person")),
            ],
            &["classCode"],
        ),
        complex(
            of("Person"),
            vec![
                any("name", "hl7:PN"),
                once("administrativeGenderCode", "hl7:CS"),
                perhaps("birthTime", "hl7:TS"),
                perhaps("deceasedTime", "hl7:TS"),
                perhaps("multipleBirthOrderNumber", "hl7:TS"),
                any("playedOtherProviderPatient", &hl7("Registered")),
            ],
            ENTITY,
        ),
        complex(of("Registered"), vec![once("subjectOf", &hl7("SubjectOf"))], &["classCode"]),
        complex(of("SubjectOf"), vec![once(form.provision, &hl7("Provision"))], &["typeCode"]),
        complex(
            of("Provision"),
            vec![
                perhaps("id", "hl7:II"),
                once("code", "hl7:CV"),
                perhaps("effectiveTime", "hl7:IVL"),
                once(participation, &hl7("Provider")),
            ],
            CLASS,
        ),
        complex(of("Provider"), vec![once(role, "hl7:Organisation")], &["typeCode"]),
    ]
}

fn row<'a>((name, parts, attributes): &Row) -> Element<'a> {
    let parts = parts.iter().map(|(name, of, often)| element(name, (*of).to_owned(), *often));
    complex((*name).to_owned(), parts.collect(), attributes)
}

fn complex<'a>(name: String, parts: Vec<Element<'a>>, attributes: &[&'static str]) -> Element<'a> {
    let sequence = (!parts.is_empty()).then(|| xs("sequence").with_all(parts));
    let attributes = attributes
        .iter()
        .map(|name| xs("attribute").with_attribute("name", *name).with_attribute("type", TEXT));
    xs("complexType").with_attribute("name", name).with_all(sequence).with_all(attributes)
}

fn element<'a>(name: &'static str, of: String, often: Often) -> Element<'a> {
    let element = xs("element").with_attribute("name", name).with_attribute("type", of);
    match often {
        Once => element,
        Perhaps => element.with_attribute("minOccurs", "0"),
        Any => element.with_attribute("minOccurs", "0").with_attribute("maxOccurs", "unbounded"),
    }
}

/// An element with a type of its own.
fn anonymous<'a>(name: &'static str, of: Element<'a>) -> Element<'a> {
    xs("element").with_attribute("name", name).with(of)
}

fn schema<'a>(namespace: &'static str) -> Element<'a> {
    xs("schema")
        .with_attribute("targetNamespace", namespace)
        .with_attribute("elementFormDefault", "qualified")
}

fn xs<'a>(name: &'static str) -> Element<'a> {
    Element::new(XS, name)
}
