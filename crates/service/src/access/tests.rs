use base::{Clock, Dice};
use http::{HeaderMap, HeaderValue, Method};
use security::Caller;
use store::Store;

use super::*;
use crate::Upload;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";

fn request(caller: Caller, traceparent: &str) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert("traceparent", HeaderValue::from_str(traceparent).unwrap());
    Request {
        method: Method::GET,
        path: "/".into(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers,
        body: bytes::Bytes::new(),
        upload: Upload::none(),
        caller,
        origin: "http://127.0.0.1".into(),
    }
}

#[test]
fn a_trace_id_is_taken_from_a_well_formed_traceparent_only() {
    let cases = [
        (format!("00-{TRACE}-b7ad6b7169203331-01"), Some(TRACE)),
        (format!("cc-{TRACE}-b7ad6b7169203331-01-later"), Some(TRACE)),
        (format!("ff-{TRACE}-b7ad6b7169203331-01"), None),
        (format!("00-{TRACE}-b7ad6b7169203331"), None),
        (format!("00-{TRACE}-0000000000000000-01"), None),
        (format!("00-{TRACE}-b7ad-01"), None),
        (format!("00-{}-b7ad6b7169203331-01", "0".repeat(32)), None),
        (format!("00-{}-b7ad6b7169203331-01", TRACE.to_uppercase()), None),
        (format!("00-{TRACE}0-b7ad6b7169203331-01"), None),
        ("9000000009".to_owned(), None),
        (String::new(), None),
    ];
    for (header, due) in cases {
        assert_eq!(request(Caller::open(), &header).trace_id(), due, "{header}");
    }
}

#[test]
fn a_patient_who_calls_is_on_the_chain_under_the_keyed_hash() {
    let folder = tempfile::TempDir::new().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap();
    let audit = store.audit();
    let of = |mode, user: &str, patient: Option<&str>| {
        let (user, patient) = (user.to_owned(), patient.map(str::to_owned));
        let caller = Caller { mode, user, patient, ..Caller::open() };
        request(caller, "").access(&audit, Timestamp::UNIX_EPOCH)
    };
    assert_eq!(of(Mode::Worker, "555254239107", None).user, "555254239107");
    let known = of(Mode::Patient, "sub-1", Some("9000000009"));
    assert_eq!(known.user, audit.pseudonym("9000000009"));
    assert_eq!(of(Mode::Patient, "9000000009", None).user, known.user);
    let line = serde_json::to_string(&known).unwrap();
    assert!(!line.contains("9000000009") && !line.contains("trace"), "{line}");
}
