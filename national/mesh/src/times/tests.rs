use super::{digits, http, iso, read};

#[test]
fn an_instant_is_written_three_ways() {
    let at = "2026-01-02T03:04:05.000678Z".parse().unwrap();
    assert_eq!(digits(at), "20260102030405");
    assert_eq!(iso(at), "2026-01-02T03:04:05.000678");
    assert_eq!(http(at), "Fri, 02 Jan 2026 03:04:05 GMT");
}

#[test]
fn what_was_written_is_read() {
    let at = "2026-01-02T03:04:05.000678Z".parse().unwrap();
    assert_eq!(read(&iso(at)), Some(at));
    assert_eq!(read("2026-01-02T04:04:05.000678+01:00"), Some(at));
    assert_eq!(read("2026-01-02 03:04:05.000678"), Some(at));
    assert_eq!(read("yesterday"), None);
}
