use proptest::prelude::*;

use super::*;

#[test]
fn depth_counts_brackets_outside_strings() {
    assert_eq!(depth(br#"{"a":["[[[\"[[",{}]}"#), 3);
    assert_eq!(depth(b"1"), 0);
}

#[test]
fn what_nests_too_deep_is_refused_before_it_is_built() {
    let deep = |levels| "[".repeat(levels) + &"]".repeat(levels);
    assert!(parse(deep(JSON_DEPTH_MAX).as_bytes()).is_ok());
    assert_eq!(parse(deep(JSON_DEPTH_MAX + 1).as_bytes()), Err(Refused::TooDeep));
    assert_eq!(parse("[".repeat(1_000_000).as_bytes()), Err(Refused::TooDeep));
}

#[test]
fn decimals_and_order_survive() {
    let text = r#"{"b":1.10,"a":0.0000001000}"#;
    assert_eq!(parse(text.as_bytes()).unwrap().to_string(), text);
}

proptest! {
    #[test]
    fn rubbish_never_panics(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = parse(&bytes);
    }
}
