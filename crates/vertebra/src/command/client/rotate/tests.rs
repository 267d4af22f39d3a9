use super::seconds;

#[test]
fn times_are_read_in_their_units() {
    for (text, s) in [("90s", 90), ("30m", 1800), ("24h", 86400), ("7d", 604_800), ("0s", 0)] {
        assert_eq!(seconds(text), Ok(s), "{text}");
    }
    for text in ["", "h", "24", "-1h", "1.5h", "24 h", "24é", "99999999999999999999d"] {
        assert!(seconds(text).is_err(), "{text}");
    }
}
