//! A change of the key holds for its place and its keys, and nothing of it can be changed.

use proptest::prelude::*;

use super::*;

fn key(seed: u8) -> SigningKey {
    SigningKey::from_seed(&[seed; 32]).unwrap()
}

fn access() -> Access {
    Access { at: "2026-11-22T10:00:00.5Z".parse().unwrap(), ..Access::default() }
}

fn made() -> String {
    line(access(), (&key(1), &key(2)), (45, &[0xab; 32]))
}

#[test]
fn a_change_is_an_access_and_holds_at_its_place_only() {
    let made = made();
    assert!(is_change(&made));
    assert_eq!(serde_json::from_str::<Access>(&made).unwrap(), access());
    let due = Change { line: 45, before: key(1).public(), after: key(2).public() };
    assert_eq!(read(&made, 45, &[0xab; 32]), Some(due));
    assert_eq!(read(&made, 46, &[0xab; 32]), None);
    assert_eq!(read(&made, 45, &[0xac; 32]), None);
}

#[test]
fn nothing_of_it_can_be_changed() {
    let made = made();
    let other = line(access(), (&key(3), &key(4)), (45, &[0xab; 32]));
    let of = |line: &str, name: &str| {
        let value: serde_json::Value = serde_json::from_str(line).unwrap();
        value["signing_key"][name].as_str().unwrap().to_owned()
    };
    for name in ["before", "after", "signature", "proof"] {
        let changed = made.replace(&of(&made, name), &of(&other, name));
        assert_ne!(changed, made);
        assert_eq!(read(&changed, 45, &[0xab; 32]), None, "{name}");
    }
    let later = made.replace("10:00:00.5Z", "10:00:01.5Z");
    assert_eq!(read(&later, 45, &[0xab; 32]), None);
}

#[test]
fn what_a_caller_sends_is_never_taken_for_a_change() {
    let text = r#"","signing_key":{"before":"#;
    let access = Access { request: text.into(), subjects: vec![text.into()], ..access() };
    assert!(!is_change(&serde_json::to_string(&access).unwrap()));
}

proptest! {
    #[test]
    fn no_text_makes_the_reader_fall_over(text in "\\PC{0,200}") {
        prop_assert!(read(&text, 1, &[0; 32]).is_none());
    }
}
