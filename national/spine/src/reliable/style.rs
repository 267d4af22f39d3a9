//! How the API words what goes wrong: SOAP faults with the national list of errors. The only place
//! where a fault becomes bytes.

use base::{Fault, Kind};
use hl7v3::soap::{self, Envelope, FaultCode};
use hl7v3::xml::Element;
use http::StatusCode;
use security::Refusal;
use serde_json::json;
use service::{Reply, Style, too_many};

use super::faults::{incorrect, row_of};
use super::words::XML;

/// The namespace of the national list of errors.
const NASP: &str = "http://national.carerecords.nhs.uk/schema/";
/// What the codes of the list are codes of.
const CONTEXT: &str = "urn:nhs:names:error:tms";

/// How the API words what goes wrong.
pub(super) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated,
    forbidden: |_, _| Fault::new(Kind::Forbidden, "FORBIDDEN", ""),
    unknown_path: |_| Fault::new(Kind::NotFound, "UNKNOWN_PATH", ""),
    unknown_method: |_| Fault::new(Kind::Unsupported, "UNKNOWN_METHOD", ""),
    too_many: |excess| too_many("TOO_MANY", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "TOO_SLOW", what).retry_after(5),
    too_large: |what| incorrect("TOO_LARGE", what),
    broken_off: |what| incorrect("NOT_WELL_FORMED", what),
    mirrored: &["x-correlation-id"],
    cors_headers: "",
    media_types: &["text/xml"],
    schema: || json!({ "type": "string" }),
};

/// Writes a fault as a SOAP fault.
fn render(fault: &Fault) -> Reply {
    let row = row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let said = if fault.public().is_empty() { row.display } else { fault.public() };
    let leaf = |name: &'static str, text: &str| Element::new(NASP, name).with_text(text.to_owned());
    let error = Element::new(NASP, "error")
        .with(leaf("codeContext", CONTEXT))
        .with(leaf("errorCode", row.code))
        .with(leaf("severity", "Error"))
        .with(leaf("location", "Not Supported"))
        .with(leaf("description", said));
    let code = match fault.kind() {
        Kind::Busy | Kind::Unavailable | Kind::Interrupted | Kind::Broken => FaultCode::Server,
        _ => FaultCode::Client,
    };
    let told = soap::Fault {
        detail: vec![Element::new(NASP, "errorList").with(error)],
        ..soap::Fault::new(code, row.display)
    };
    let written = Envelope::of(told.into_element()).write(&[("nasp", NASP)]);
    Reply::new(status, XML, written)
}

fn unauthenticated(_: &Refusal) -> Fault {
    Fault::new(Kind::Unauthenticated, "UNAUTHENTICATED", "")
}

#[cfg(test)]
mod tests;
