//! The parameters of the API, with examples that work against the sandbox people.

use serde_json::{Value, json};
use service::{Parameter, Place};

fn query(name: &'static str, summary: &'static str, schema: Value) -> Parameter {
    Parameter { name, place: Place::Query, required: false, summary, schema, example: None }
}

fn header(name: &'static str, summary: &'static str, schema: Value) -> Parameter {
    Parameter { place: Place::Header, ..query(name, summary, schema) }
}

fn such_as(example: impl Into<Value>, parameter: Parameter) -> Parameter {
    Parameter { example: Some(example.into()), ..parameter }
}

fn text(pattern: &str) -> Value {
    json!({ "type": "string", "pattern": pattern })
}

/// A name or a postcode to search by: short, and of characters that can stand in one.
fn words(longest: usize) -> Value {
    json!({ "type": "string", "minLength": 1, "maxLength": longest })
}

/// The parameters of a search.
pub(crate) fn search_parameters() -> Vec<Parameter> {
    const DATE: &str = "^(eq|ge|le)?[0-9]{4}-[0-9]{2}-[0-9]{2}$";
    const ORGANISATION: &str = "^[0-9A-Za-z]{2,15}$";
    let flag = || json!({ "type": "boolean", "default": false });
    let many =
        |item: Value, most: usize| json!({ "type": "array", "items": item, "maxItems": most });
    let genders = json!({ "type": "string", "enum": ["male", "female", "other", "unknown"] });
    let most = json!({ "type": "integer", "minimum": 1, "maximum": 50 });
    vec![
        query(
            "_fuzzy-match",
            "Find homophones and swapped names too, and search the past.",
            flag(),
        ),
        query("_exact-match", "Give only those that fit in everything.", flag()),
        query("_history", "Search the past too: names, addresses, contact details.", flag()),
        query("_max-results", "More matches than this give TOO_MANY_MATCHES instead.", most),
        such_as("Smith", query("family", "Family name; `*` stands for any letters.", words(35))),
        such_as(
            json!(["Jane"]),
            query("given", "Given name; more than one narrows the search.", many(words(35), 10)),
        ),
        such_as("female", query("gender", "Gender.", genders)),
        such_as(
            json!(["eq2010-10-22"]),
            query(
                "birthdate",
                "Birth date; two with `ge` and `le` for a range.",
                many(text(DATE), 2),
            ),
        ),
        query("death-date", "Date of death; two for a range.", many(text(DATE), 2)),
        such_as(
            "LS1 6AE",
            query("address-postalcode", "Postcode; `*` stands for any letters.", words(10)),
        ),
        query("address-postcode", "Old name of `address-postalcode`.", words(10)),
        query("general-practitioner", "ODS code of the GP practice.", text(ORGANISATION)),
        query("email", "An e-mail address of the patient.", words(90)),
        query("phone", "A phone number of the patient.", words(40)),
    ]
}

/// The headers that every interaction takes.
pub(crate) fn headers() -> Vec<Parameter> {
    const UUID: &str =
        "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
    let request_id = header(
        "X-Request-ID",
        "A UUID that names the request. To try again, repeat it.",
        text(UUID),
    );
    vec![
        Parameter { required: true, ..such_as("60e0b220-8136-4ca5-ae46-1d97ef59d068", request_id) },
        such_as(
            "11c46f5f-cdef-4865-94b2-0ee0edcc26da",
            header("X-Correlation-ID", "Any text; it comes back.", text("^[!-~]{1,128}$")),
        ),
        header(
            "NHSD-Session-URID",
            "The role of the worker; needed when they have several.",
            text("^[0-9]{1,32}$"),
        ),
        header(
            "NHSD-End-User-Organisation-ODS",
            "The organisation that the call is made for.",
            text("^[0-9A-Za-z]{1,15}$"),
        ),
    ]
}

/// Whose record.
pub(crate) fn nhs_number() -> Parameter {
    let summary = "The patient's NHS number: ten digits, the last of them a check digit.";
    Parameter {
        place: Place::Path,
        required: true,
        ..such_as("9000000009", query("id", summary, text("^[0-9]{10}$")))
    }
}

/// Which request that was taken on.
pub(crate) fn job() -> Parameter {
    let summary = "The id from the Content-Location of the 202.";
    Parameter {
        place: Place::Path,
        required: true,
        ..query("id", summary, json!({ "type": "string", "minLength": 1 }))
    }
}

/// The version that an update is meant for.
pub(crate) fn if_match() -> Parameter {
    let summary = "The version you read, as the ETag gave it.";
    Parameter {
        required: true,
        ..such_as("W/\"2\"", header("If-Match", summary, text("^W/\"[0-9]+\"$")))
    }
}

/// How long to wait for the answer.
pub(crate) fn sync_wait() -> Parameter {
    let summary = "How long to wait for the answer, in seconds: 0.25 to 29, otherwise 10.";
    header("X-Sync-Wait", summary, text("^[0-9]{1,2}(\\.[0-9]{1,2})?$"))
}

/// Whether to wait at all.
pub(crate) fn prefer() -> Parameter {
    let summary = "`respond-async` to be told where the answer will be.";
    header("Prefer", summary, json!({ "type": "string", "enum": ["respond-async"] }))
}

/// Whose coverage.
pub(crate) fn subscriber() -> Parameter {
    Parameter {
        required: true,
        ..such_as(
            "9000000009",
            query("subscriber:identifier", "The patient's NHS number.", text("^[0-9]{10}$")),
        )
    }
}
