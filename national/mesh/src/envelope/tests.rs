use http::{HeaderMap, HeaderName, HeaderValue};

use super::{Chunk, Control, put, text};

fn headers(pairs: &[(&'static str, &str)]) -> HeaderMap {
    let pair = |(name, value): &(&'static str, &str)| {
        (HeaderName::from_static(name), HeaderValue::from_bytes(value.as_bytes()).unwrap())
    };
    pairs.iter().map(pair).collect()
}

fn refused(pairs: &[(&'static str, &str)]) -> &'static str {
    let ordinary = [("mex-to", "BETA"), ("mex-workflowid", "LETTER")];
    let mut all = headers(&ordinary);
    for (name, value) in headers(pairs) {
        all.insert(name.unwrap(), value);
    }
    Control::read(&all).map_or_else(|fault| fault.code(), |_| "taken")
}

#[test]
fn a_chunk_range_is_two_numbers_from_one_in_order() {
    for (text, chunk) in [
        ("1:1", Some((1, 1))),
        ("2:3", Some((2, 3))),
        ("01:3", Some((1, 3))),
        ("0:1", None),
        ("1:0", None),
        ("2:1", None),
        ("1", None),
        ("1:", None),
        (":1", None),
        ("1:2:3", None),
        ("+1:2", None),
        ("-1:2", None),
        ("x:y", None),
        ("1:4294967296", None),
    ] {
        let chunk = chunk.map(|(number, of)| Chunk { number, of });
        assert_eq!(Chunk::read(text), chunk, "{text}");
    }
}

#[test]
fn headers_that_are_not_as_specified_are_refused() {
    let long = |count| "x".repeat(count);
    for (pairs, code) in [
        (vec![], "taken"),
        (vec![("mex-to", "")], "TO_MISSING"),
        (vec![("mex-workflowid", "")], "taken"),
        (vec![("mex-to", &*long(100))], "taken"),
        (vec![("mex-to", &*long(101))], "VALIDATION"),
        (vec![("mex-workflowid", &*long(301))], "VALIDATION"),
        (vec![("mex-subject", &*long(500))], "taken"),
        (vec![("mex-subject", &*long(501))], "VALIDATION"),
        (vec![("mex-localid", &*long(301))], "VALIDATION"),
        (vec![("mex-partnerid", &*long(501))], "VALIDATION"),
        (vec![("mex-filename", &*long(301))], "VALIDATION"),
        (vec![("mex-content-checksum", &*long(101))], "VALIDATION"),
        (vec![("mex-content-type", &*long(101))], "VALIDATION"),
        (vec![("mex-chunk-range", &*long(21))], "VALIDATION"),
        (vec![("mex-to", "https://a.example")], "MALFORMED"),
        (vec![("mex-workflowid", "http://a.example")], "MALFORMED"),
        (vec![("mex-content-checksum", "http://a.example")], "MALFORMED"),
        (vec![("mex-subject", "http://a.example")], "taken"),
        (vec![("mex-subject", "a\tb")], "MALFORMED"),
        (vec![("mex-content-checksum", "MD5 ab:12-/")], "taken"),
        (vec![("mex-content-checksum", "a_b")], "CHECKSUM"),
        (vec![("mex-chunk-range", "2:1")], "CHUNK_RANGE"),
        (vec![("mex-chunk-range", "")], "taken"),
        (vec![("content-encoding", "gzip")], "taken"),
        (vec![("content-encoding", "GZip")], "taken"),
        (vec![("content-encoding", "")], "taken"),
        (vec![("content-encoding", "br")], "ENCODING"),
        (vec![("content-encoding", "identity")], "ENCODING"),
    ] {
        assert_eq!(refused(&pairs), code, "{pairs:?}");
    }
    assert_eq!(Control::read(&HeaderMap::new()).unwrap_err().code(), "VALIDATION");
}

#[test]
fn what_the_envelope_keeps() {
    let control = Control::read(&headers(&[
        ("mex-to", "BETA"),
        ("mex-workflowid", "LETTER"),
        ("mex-subject", "About Jane"),
        ("mex-filename", ""),
        ("mex-content-encrypted", "y"),
        ("mex-content-compressed", "N"),
        ("mex-content-type", "text/csv"),
        ("content-type", "application/octet-stream"),
        ("traceparent", "too short to be one"),
    ]));
    let envelope = control.unwrap().envelope("ALPHA", "BETA");
    assert_eq!(envelope.extra("subject"), Some("About Jane"));
    assert_eq!(envelope.extra("file"), None);
    assert_eq!(envelope.extra("encrypted"), Some("Y"));
    assert_eq!(envelope.extra("compressed"), None);
    assert_eq!((envelope.media_type.as_str(), envelope.traceparent.as_str()), ("text/csv", ""));
}

#[test]
fn texts_go_out_in_the_bytes_that_clients_write() {
    let latin_1 = HeaderValue::from_bytes(b"caf\xE9").unwrap();
    let utf_8 = HeaderValue::from_bytes("caf\u{e9} \u{20ac}".as_bytes()).unwrap();
    for (value, read) in [(latin_1, "caf\u{e9}"), (utf_8, "caf\u{e9} \u{20ac}")] {
        let mut headers = HeaderMap::new();
        headers.insert("mex-subject", value.clone());
        assert_eq!(text(&headers, "mex-subject"), read);
        let mut out = HeaderMap::new();
        put(&mut out, "mex-subject", read);
        assert_eq!(out["mex-subject"], value);
    }
    let mut out = HeaderMap::new();
    put(&mut out, "mex-subject", "");
    assert!(out.is_empty());
}
