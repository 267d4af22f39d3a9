use super::*;

fn request(name: &'static str, value: &[u8]) -> Request {
    let mut headers = HeaderMap::new();
    headers.insert(name, HeaderValue::from_bytes(value).unwrap());
    Request {
        method: Method::GET,
        path: "/".into(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers,
        body: Bytes::new(),
        upload: Upload::none(),
        caller: Caller::open(),
        origin: "http://127.0.0.1".into(),
    }
}

#[test]
fn a_header_is_text_whatever_bytes_it_holds() {
    for (bytes, text) in [(&b"plain"[..], "plain"), ("Zoë".as_bytes(), "Zoë"), (b"Zo\xeb", "Zoë")]
    {
        let request = request("subject", bytes);
        assert_eq!(request.header_lossy("Subject").as_deref(), Some(text));
        assert_eq!(request.header("subject").is_some(), text == "plain");
    }
    assert_eq!(request("subject", b"").header_lossy("other"), None);
}

#[test]
fn a_reply_takes_headers_in_utf_8_and_none_with_control_characters() {
    let subject = HeaderName::from_static("subject");
    let reply = Reply::empty(StatusCode::OK).with(subject.clone(), "Zoë\tand John");
    assert_eq!(reply.headers[&subject].as_bytes(), "Zoë\tand John".as_bytes());
    for evil in ["a\r\nSet-Cookie: b", "a\nb", "a\0b", "\u{7f}"] {
        let reply = Reply::empty(StatusCode::OK).with(subject.clone(), evil);
        assert!(reply.headers.is_empty(), "{evil:?}");
    }
}
