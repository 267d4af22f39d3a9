//! How the API words what goes wrong: SOAP faults with the national list of errors. The only place
//! where a fault becomes bytes.

use base::{Fault, Kind};
use hl7v3::soap::{Envelope, FaultCode};
use http::StatusCode;
use security::Refusal;
use serde_json::json;
use service::{Reply, Style, too_many};

use super::faults::{incorrect, row_of};
use super::words::XML;
use crate::nasp::{self, Number};

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
    let code = match fault.kind() {
        Kind::Busy | Kind::Unavailable | Kind::Interrupted | Kind::Broken => FaultCode::Server,
        _ => FaultCode::Client,
    };
    let number = Number::of(row.code).unwrap_or(Number::Undefined);
    let told = nasp::fault(code, number, said).into_element();
    Reply::new(status, XML, Envelope::of(told).write(&[nasp::PREFIX]))
}

fn unauthenticated(_: &Refusal) -> Fault {
    Fault::new(Kind::Unauthenticated, "UNAUTHENTICATED", "")
}

#[cfg(test)]
mod tests;
