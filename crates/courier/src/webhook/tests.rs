use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use broker::{Envelope, Number, Reason, Report};
use bytes::Bytes;
use serde_json::{Value, json};
use store::contents::ContentId;

use super::{document, signature};
use crate::tests::trial::{ORIGIN, push};

fn told(envelope: Envelope, body: &[u8]) -> Value {
    let mut push = push("webhook", "https://hooks.example/");
    push.body = Bytes::copy_from_slice(body);
    push.envelope = Envelope { bytes: body.len() as u64, ..envelope };
    document(&push, ORIGIN)["data"].clone()
}

fn of(media_type: &str) -> Envelope {
    Envelope { media_type: media_type.into(), ..Envelope::default() }
}

/// The example that the standard gives.
#[test]
fn it_is_signed_as_the_standard_says() {
    let key = BASE64_STANDARD.decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").unwrap();
    let signed =
        signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", "1614265330", r#"{"test": 2432232314}"#);
    assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
}

#[test]
fn a_body_is_told_as_what_it_is() {
    let json_body = told(of("application/fhir+json; charset=utf-8"), br#"{"b":1.10,"a":[]}"#);
    assert_eq!(json_body["body"].to_string(), r#"{"b":1.10,"a":[]}"#, "as it was written");
    assert_eq!(json_body["encoding"], Value::Null);
    assert_eq!(told(of("text/plain"), "grüße".as_bytes())["body"], "grüße");
    assert_eq!(told(of("application/json"), b"{no json")["body"], "{no json");
    let binary = told(of("application/pdf"), &[0xff, 0x00, 0x10]);
    assert_eq!((&binary["encoding"], &binary["body"]), (&json!("base64"), &json!("/wAQ")));
    let zipped = told(Envelope { encoding: "gzip".into(), ..of("text/plain") }, b"zip");
    assert_eq!(zipped["encoding"], "base64");
    assert_eq!(zipped["content_encoding"], "gzip");
}

#[test]
fn a_large_body_is_fetched_by_the_receiver() {
    let mut push = push("webhook", "https://hooks.example/");
    push.content = Some(ContentId(push.message.0));
    let data = document(&push, ORIGIN)["data"].clone();
    let message = data["message"].as_str().unwrap();
    assert_eq!(data["content_url"], format!("{ORIGIN}/messages/{message}/body"));
    assert_eq!(data["body"], Value::Null);
}

#[test]
fn a_report_tells_what_it_is_about() {
    let about = Number(1 << 21);
    let report = Report { about, reason: Reason::NoRecipient("EPL".into()), text: "no".into() };
    let envelope =
        Envelope { in_reply_to: Some(about), report: Some(report), ..Envelope::default() };
    let data = told(envelope, b"");
    assert_eq!(data["report"]["reason"], "no-recipient");
    assert_eq!(data["report"]["code"], "EPL");
    assert_eq!(data["report"]["about"], data["in_reply_to"]);
}

#[test]
fn what_is_empty_is_left_out() {
    let data = told(Envelope::default(), b"");
    let names: Vec<&String> = data.as_object().unwrap().keys().collect();
    let wanted =
        ["message", "delivery", "conversation", "from", "to", "media_type", "bytes", "body"];
    assert_eq!(names, wanted);
    assert_eq!(data["to"], "HOOK", "an event is addressed to nobody: the endpoint stands there");
}
