//! Errors in every form that exchanges use, and what becomes of them.

use super::*;

fn refused(status: u16) -> Trouble {
    Trouble::Refused { status, code: "12".into(), text: "No such".into(), retry_after_s: None }
}

#[test]
fn errors_are_read_in_every_form() {
    for (body, code, text) in [
        (r#"{"detail":[{"event":"SEND","code":"12","msg":"Unregistered"}]}"#, "12", "Unregistered"),
        (r#"{"errorEvent":"SEND","errorCode":"08","errorDescription":"Missing"}"#, "08", "Missing"),
        (
            r#"{"detail":[{"type":"missing","loc":["header","mex-To"],"msg":"Field required"},
                {"type":"x","loc":["query"],"msg":"Odd"}]}"#,
            "",
            "mex-To: Field required; query: Odd",
        ),
        (r#"{"detail":"Not Found"}"#, "", "Not Found"),
        (r#"{"title":"Forbidden","status":403}"#, "", "Forbidden"),
        (r#"{"title":"T","detail":"Why","code":"SENDER"}"#, "SENDER", "Why"),
        ("<html>\n <b>Bad\u{7} gateway</b>", "", "<html> <b>Bad gateway</b>"),
        ("", "", ""),
    ] {
        assert_eq!(words(body), (code.to_owned(), text.to_owned()), "{body}");
    }
}

#[test]
fn a_refusal_names_status_code_and_what_to_do() {
    assert_eq!(
        refused(417).to_string(),
        "the exchange said no (417, 12): No such. hint: is the name of the mailbox right?"
    );
    assert_eq!(refused(400).to_string(), "the exchange said no (400, 12): No such");
    let forbidden = refused(403).to_string();
    assert!(forbidden.contains("hint: are the credentials right"), "{forbidden}");
    let busy = Trouble::Refused {
        status: 429,
        code: String::new(),
        text: String::new(),
        retry_after_s: Some(7),
    };
    assert_eq!(busy.to_string(), "the exchange said no (429). hint: try again in 7 s");
}

#[test]
fn only_what_may_pass_is_tried_again() {
    for status in [425, 429, 502, 503, 504] {
        assert!(refused(status).may_pass(), "{status}");
    }
    for status in [300, 400, 403, 404, 406, 410, 417, 422, 423, 500] {
        assert!(!refused(status).may_pass(), "{status}");
    }
    assert!(Trouble::Unanswered(String::new()).may_pass());
    assert!(!Trouble::Here(String::new()).may_pass());
}
