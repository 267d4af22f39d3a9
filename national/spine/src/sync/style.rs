//! How the services word what goes wrong: a SOAP fault with Spine's number in its detail. The only
//! place where a fault becomes bytes.

use base::{Fault, Kind};
use hl7v3::soap::{self, Envelope};
use http::StatusCode;
use serde_json::{Value, json};
use service::{Reply, Style, too_many};

use super::faults::{self, client, forbidden};
use crate::nasp::{self, Number};

/// How the services word what goes wrong.
pub(crate) const STYLE: Style = Style {
    render: |fault, _| render(fault),
    unauthenticated: |_| no_certificate(),
    forbidden: |_, _| forbidden("only systems may use this, each by its certificate"),
    unknown_path: |_| Fault::new(Kind::NotFound, "UNKNOWN_PATH", ""),
    unknown_method: |_| Fault::new(Kind::Unsupported, "UNKNOWN_METHOD", ""),
    too_many: |excess| too_many("TOO_MANY", excess),
    too_slow: |what| Fault::new(Kind::Interrupted, "TOO_SLOW", what).retry_after(5),
    too_large: |what| Fault::new(Kind::Incorrect, "TOO_LARGE", what),
    broken_off: |what| client(what),
    mirrored: &["x-correlation-id"],
    cors_headers: "",
    media_types: &["text/xml"],
    schema,
};

/// Writes a fault as SOAP does.
pub(crate) fn render(fault: &Fault) -> Reply {
    let row = faults::row_of(fault);
    let status = StatusCode::from_u16(row.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    let number = Number::of(row.code).unwrap_or(Number::Undefined);
    let description = match fault.public() {
        "" => row.display.to_owned(),
        why => format!("{}: {why}", row.display),
    };
    let body = nasp::fault(faults::code_of(row), number, &description).into_element();
    Reply::new(status, soap::MEDIA_TYPE, Envelope::of(body).write(&[nasp::PREFIX]))
}

/// Nobody knows which system calls.
pub(crate) fn no_certificate() -> Fault {
    Fault::new(Kind::Unauthenticated, "NO_CERTIFICATE", "")
}

fn schema() -> Value {
    json!({ "type": "string", "description": "A SOAP 1.1 message whose body is a Fault." })
}

#[cfg(test)]
mod tests;
