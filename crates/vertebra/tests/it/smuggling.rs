//! Headers that only a gateway may set change nothing when a caller sets them: who calls is what
//! the token says.

use testkit::Answer;

use crate::{PDS, closed_demo, token};

/// What gateways put on requests that they pass on, or clients would like them to have put on.
#[rustfmt::skip]
const SMUGGLED: [(&str, &str); 16] = [
    ("NHSD-Client-Id", "demo-privileged"),
    ("NHSD-ASID", "200000001001"),
    ("NHSD-Party-Key", "Y12345-0000001"),
    ("NHSD-End-User-Organisation-ODS", "Y12345"),
    ("NHSD-Identity-UUID", "555254239107"),
    ("NHSD-Session-URID", "555254240100"),
    ("NHSD-ID-Token", "eyJhbGciOiJub25lIn0.e30."),
    ("NHSD-NHSlogin-NHS-Number", "9000000009"),
    ("NHSD-Access-Mode", "privileged-application"),
    ("X-Apigee-Client-Id", "demo-privileged"),
    ("X-Authenticated-User", "555254239107"),
    ("X-Forwarded-User", "555254239107"),
    ("X-Forwarded-Client-Cert", "Subject=\"CN=demo\""),
    ("X-Client-Cert", "-----BEGIN CERTIFICATE-----"),
    ("X-SSL-Client-Verify", "SUCCESS"),
    ("X-Original-URL", "/health"),
];

/// What of an answer tells who it was for.
fn told(answer: &Answer) -> (u16, Option<String>, String) {
    let etag = answer.header("etag").map(str::to_owned);
    (answer.status, etag, answer.text.clone())
}

#[test]
fn what_a_gateway_would_set_is_nothing_when_a_caller_sets_it() {
    let exchange = closed_demo();
    let restricted = format!("{PDS}/Patient/9000000025");
    let nobody = exchange.client();
    // An update is for workers, whatever a program says that it is.
    let application = nobody.with_token(&token(&exchange, "application"));
    let patient = nobody.with_token(&token(&exchange, "patient"));
    let whole = nobody.with_token(&token(&exchange, "privileged-application"));
    let whole = told(&whole.get(&restricted).unwrap());
    for header in SMUGGLED {
        let name = header.0;
        let ask = |client: &testkit::Client, path: &str, headers: &[(&str, &str)]| {
            let mut all = headers.to_vec();
            all.push(("X-Request-ID", "60e0b220-8136-4ca5-ae46-1d97ef59d068"));
            told(&client.send("GET", path, &all, "").unwrap())
        };
        let (status, _, _) = ask(&nobody, &restricted, &[header]);
        assert_eq!(status, 401, "{name} is no credential");
        let plain = ask(&application, &restricted, &[]);
        assert_eq!(ask(&application, &restricted, &[header]), plain, "{name}: a program");
        assert_ne!(plain, whole, "a program that is trusted sees more");
        let own = ask(&patient, &restricted, &[]);
        assert_eq!(ask(&patient, &restricted, &[header]), own, "{name}: a patient");
        assert_eq!(own.0, 403, "another's record");
    }
}
