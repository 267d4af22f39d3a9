use proptest::prelude::*;

use super::*;
use crate::json::Refused;

const CLAIMS: &str = r#"{"iss":"app","exp":1700000000}"#;

fn token(header: &str, claims: &str) -> String {
    let part = |text: &str| URL_SAFE_NO_PAD.encode(text);
    format!("{}.{}.AAAA", part(header), part(claims))
}

#[test]
fn a_token_says_what_stands_in_it() {
    let text = token(r#"{"alg":"RS512","kid":"one","typ":"JWT","x":1}"#, CLAIMS);
    let jws = Jws::parse(&text).unwrap();
    let header =
        Header { alg: Some("RS512".into()), kid: Some("one".into()), typ: Some("JWT".into()) };
    assert_eq!(jws.header, header);
    assert_eq!(jws.text("iss"), Some("app"));
    assert_eq!((jws.text("exp"), jws.instant_s("exp")), (None, Some(1_700_000_000)));
    assert_eq!(jws.signed.len() + 5, text.len());
}

#[test]
fn what_cannot_be_read_has_its_reason() {
    let good = token(r#"{"alg":"RS512"}"#, CLAIMS);
    let (head, _) = good.rsplit_once('.').unwrap();
    let deep = format!("{}1{}", "[".repeat(9), "]".repeat(9));
    let long = "k".repeat(KEY_ID_BYTES_MAX + 1);
    for (text, why) in [
        (String::new(), Unreadable::NotCompact),
        ("a".into(), Unreadable::NotCompact),
        (head.to_owned(), Unreadable::NotCompact),
        (format!("{good}.AAAA"), Unreadable::NotCompact),
        (".e30.AAAA".into(), Unreadable::NotCompact),
        ("e30..AAAA".into(), Unreadable::NotCompact),
        (format!("{head}.AAA="), Unreadable::NotBase64),
        (format!("{head}.AA+A"), Unreadable::NotBase64),
        (format!("{head}.A"), Unreadable::NotBase64),
        (format!("{head}.AB"), Unreadable::NotBase64),
        (format!(" {good}"), Unreadable::NotBase64),
        (format!("{good}\n"), Unreadable::NotBase64),
        ("e30=.e30.AAAA".into(), Unreadable::NotBase64),
        (token("[]", CLAIMS), Unreadable::NotAnObject(Refused::NotJson)),
        (token("{}", "1"), Unreadable::NotAnObject(Refused::NotJson)),
        (
            token(r#"{"alg":"RS512","alg":"none"}"#, CLAIMS),
            Unreadable::NotAnObject(Refused::Repeated),
        ),
        (token("{}", r#"{"iss":"a","iss":"b"}"#), Unreadable::NotAnObject(Refused::Repeated)),
        (token("{}", &format!("{{\"a\":{deep}}}")), Unreadable::NotAnObject(Refused::TooDeep)),
        (token(r#"{"jku":"https://a"}"#, CLAIMS), Unreadable::RefusedHeader("jku")),
        (token(r#"{"x5u":"https://a"}"#, CLAIMS), Unreadable::RefusedHeader("x5u")),
        (token(r#"{"jwk":{}}"#, CLAIMS), Unreadable::RefusedHeader("jwk")),
        (token(r#"{"crit":["b64"],"b64":false}"#, CLAIMS), Unreadable::RefusedHeader("crit")),
        (token(r#"{"alg":null}"#, CLAIMS), Unreadable::WrongHeader("alg")),
        (token(r#"{"kid":1}"#, CLAIMS), Unreadable::WrongHeader("kid")),
        (token(&format!(r#"{{"kid":"{long}"}}"#), CLAIMS), Unreadable::WrongHeader("kid")),
        (token(r#"{"typ":[]}"#, CLAIMS), Unreadable::WrongHeader("typ")),
        (format!("{good}{}", "A".repeat(JWS_BYTES_MAX)), Unreadable::TooLarge),
    ] {
        assert_eq!(Jws::parse(&text).map(|_| ()), Err(why), "{text}");
    }
}

#[test]
fn instants_and_audiences_are_read_as_the_standard_has_them() {
    for (claims, instant) in [
        (r#"{"exp":1}"#, Some(1)),
        (r#"{"exp":1.9}"#, Some(1)),
        (r#"{"exp":-1.5}"#, Some(-2)),
        (r#"{"exp":1e3}"#, Some(1000)),
        (r#"{"exp":1e300}"#, Some(i64::MAX)),
        (r#"{"exp":99999999999999999999}"#, Some(i64::MAX)),
        (r#"{"exp":"1"}"#, None),
        (r#"{"exp":null}"#, None),
        (r#"{"exp":true}"#, None),
        ("{}", None),
    ] {
        let text = token("{}", claims);
        assert_eq!(Jws::parse(&text).unwrap().instant_s("exp"), instant, "{claims}");
    }
    for (claims, named) in [
        (r#"{"aud":"here"}"#, true),
        (r#"{"aud":["there","here"]}"#, true),
        (r#"{"aud":["there",["here"]]}"#, false),
        (r#"{"aud":{"here":1}}"#, false),
        ("{}", false),
    ] {
        let text = token("{}", claims);
        let jws = Jws::parse(&text).unwrap();
        assert_eq!(jws.names("aud", |one| one == "here"), named, "{claims}");
    }
}

proptest! {
    #[test]
    fn no_text_makes_it_fall_over(text in "[A-Za-z0-9_.=-]{0,200}") {
        let _ = Jws::parse(&text);
    }

    #[test]
    fn no_bytes_between_dots_make_it_fall_over(
        one in proptest::collection::vec(any::<u8>(), 0..80),
        two in proptest::collection::vec(any::<u8>(), 0..80),
    ) {
        let part = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let _ = Jws::parse(&format!("{}.{}.", part(&one), part(&two)));
    }
}
