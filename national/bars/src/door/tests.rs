use bytes::Bytes;
use http::{HeaderMap, HeaderValue, Method};
use proptest::prelude::*;
use security::Caller;
use service::{Request, Upload};

use super::{ORGANISATION, SENDER, check, organisation, sender};

fn request(name: &'static str, value: &[u8]) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_bytes(value).unwrap());
    Request {
        method: Method::GET,
        path: String::new(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers,
        body: Bytes::new(),
        upload: Upload::none(),
        caller: Caller::open(),
        origin: String::new(),
    }
}

fn encoded(text: &str) -> Vec<u8> {
    use base64::Engine;
    base64::engine::general_purpose::STANDARD.encode(text).into_bytes()
}

#[test]
fn an_organisation_is_known_by_its_ods_code() {
    let ods = nhs::url::ODS_CODE;
    for (text, code) in [
        (
            format!(
                r#"{{"resourceType":"Organization","identifier":[{{"system":"x","value":"A1"}},
                {{"system":"{ods}","value":"r1x"}}]}}"#
            ),
            Some("R1X"),
        ),
        (
            format!(
                r#"{{"resourceType":"Organization","identifier":[
                {{"system":"{ods}","value":"!"}}]}}"#
            ),
            None,
        ),
        (r#"{"resourceType":"Organization","identifier":{}}"#.into(), None),
        (r#"{"resourceType":"Organization"}"#.into(), None),
        (r#"{"resourceType":"Device"}"#.into(), None),
    ] {
        let request = request(ORGANISATION, &encoded(&text));
        let read = organisation(&request).map(|code| code.to_string());
        assert_eq!(read.as_deref(), code, "{text}");
    }
}

proptest! {
    /// Whatever stands in a header, reading it ends.
    #[test]
    fn nothing_in_a_header_makes_it_fall_over(
        which in 0..3_usize,
        bytes in prop::collection::vec(0x20_u8..0x7f, 0..80),
        wrapped: bool,
    ) {
        let text = String::from_utf8(bytes.clone()).unwrap();
        let value = if wrapped { encoded(&text) } else { bytes };
        let (name, _) = SENDER[which];
        let request = request(name, &value);
        prop_assert!(check(&request).is_err());
        let _ = (sender(&request), organisation(&request));
    }
}
