use http::{HeaderMap, Method};
use security::Caller;
use service::Upload;

use super::*;

fn asked(query: &[(&str, &str)]) -> Result<Query, Fault> {
    let query = query.iter().map(|(name, value)| ((*name).into(), (*value).into())).collect();
    read(&Request {
        method: Method::GET,
        path: "/AuditEvent".into(),
        path_values: Vec::new(),
        query,
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
        upload: Upload::none(),
        caller: Caller::open(),
        origin: "http://127.0.0.1".into(),
    })
}

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

#[test]
fn dates_narrow_a_search_down() {
    let (least, most) = (Timestamp::MIN, Timestamp::MAX);
    let (begin, end) = (at("2026-11-22T00:00:00Z"), at("2026-11-23T00:00:00Z"));
    let cases: &[(&[&str], _, _)] = &[
        (&[], least, most),
        (&["2026-11-22"], begin, end),
        (&["eq2026-11-22"], begin, end),
        (&["ge2026-11-22"], begin, most),
        (&["le2026-11-22"], least, end),
        (&["ge2026-11-22", "le2026-11-22"], begin, end),
        (&["ge2026-11-21", "ge2026-11-22"], begin, most),
        (&["ge2026-11-22T01:00:00+01:00"], begin, most),
        (&["le2026-11-22T23:59:59.999999999Z"], least, end),
    ];
    for (dates, from, to) in cases {
        let query: Vec<_> = dates.iter().map(|date| (DATE, *date)).collect();
        let read = asked(&query).unwrap();
        assert_eq!((read.from, read.to), (*from, *to), "{dates:?}");
    }
}

#[test]
fn a_patient_may_be_given_in_two_ways() {
    for given in ["9000000009", "Patient/9000000009"] {
        let read = asked(&[(PATIENT, given)]).unwrap();
        assert_eq!(read.patient.as_deref(), Some("9000000009"), "{given}");
    }
}

#[test]
fn what_is_not_understood_is_refused_and_not_repeated() {
    let long = "9".repeat(65);
    let cases: &[&[(&str, &str)]] = &[
        &[(PATIENT, "")],
        &[(PATIENT, "9000000009,9000000017")],
        &[(PATIENT, "Group/9000000009")],
        &[(PATIENT, &long)],
        &[(PATIENT, "9000000009"), (PATIENT, "9000000009")],
        &[(DATE, "")],
        &[(DATE, "yesterday")],
        &[(DATE, "gt2026-11-22")],
        &[(DATE, "2026-11")],
        &[(DATE, "2026-02-30")],
        &[(DATE, "2026-11-22T00:00:00Z")],
        &[(DATE, "ge\u{20ac}2026-11-22")],
        &[(COUNT, "0")],
        &[(COUNT, "101")],
        &[(COUNT, "-1")],
        &[(COUNT, "some")],
        &[(BEFORE, "-1")],
        &[("9000000009", "x")],
    ];
    for query in cases {
        let fault = asked(query).unwrap_err();
        assert_eq!(fault.code(), "invalid-parameter", "{query:?}");
        assert!(!fault.public().contains("9000000009"), "{}", fault.public());
    }
}
