use proptest::prelude::*;
use serde_json::json;

use super::*;

#[test]
fn what_is_refused_has_its_reason() {
    for (text, refused) in [
        ("", Refused::NotJson),
        ("null", Refused::NotJson),
        ("[]", Refused::NotJson),
        ("{", Refused::NotJson),
        ("{} {}", Refused::NotJson),
        (r#"{"a":1,}"#, Refused::NotJson),
        (r#"{"a":NaN}"#, Refused::NotJson),
        (r#"{"a":1,"a":1}"#, Refused::Repeated),
        (r#"{"a":1,"\u0061":2}"#, Refused::Repeated),
        (r#"{"a":[{"b":1,"b":2}]}"#, Refused::Repeated),
        (r#"{"a":{"b":{"c":{}}}}"#, Refused::TooDeep),
        (r#"{"a":[[[]]]}"#, Refused::TooDeep),
    ] {
        assert_eq!(object(text.as_bytes(), 3), Err(refused), "{text}");
    }
    assert_eq!(object(b"{\"a\":\"\xff\"}", 3), Err(Refused::NotJson));
}

#[test]
fn what_is_taken_is_what_any_reader_reads() {
    let text = r#" {"a":[1,2.50,{"b":null}],"c":"\ud83d\ude00","d":{"e":[]},"f":-1e400} "#;
    let read = object(text.as_bytes(), 4).unwrap();
    assert_eq!(Value::Object(read), serde_json::from_str::<Value>(text).unwrap());
    assert_eq!(Value::Object(object(b"{}", 1).unwrap()), json!({}));
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = object(&bytes, 8);
    }

    #[test]
    fn members_of_any_name_come_back(names in proptest::collection::hash_set(".*", 0..8)) {
        let wanted: Map<String, Value> =
            names.into_iter().map(|name| (name.clone(), name.into())).collect();
        let text = Value::Object(wanted.clone()).to_string();
        prop_assert_eq!(object(text.as_bytes(), 2), Ok(wanted));
    }
}
