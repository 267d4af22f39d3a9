use jiff::civil::date as on;

use super::*;

#[test]
fn a_date_may_carry_a_prefix() {
    assert_eq!(date("2010-10-22"), Some((Prefix::Eq, on(2010, 10, 22))));
    assert_eq!(date("eq2010-10-22"), Some((Prefix::Eq, on(2010, 10, 22))));
    assert_eq!(date("ge2010-10-22"), Some((Prefix::Ge, on(2010, 10, 22))));
    assert_eq!(date("le2010-10-22"), Some((Prefix::Le, on(2010, 10, 22))));
}

#[test]
fn anything_else_is_no_date() {
    for text in [
        "",
        "e",
        "2010",
        "2010-10",
        "2010-13-01",
        "2011-02-29",
        "gt2010-10-22",
        "20101022",
        "2010-10-22T00:00:00Z",
        "+010-10-22",
        "é10-10-22",
        "eq 2010-10-2",
    ] {
        assert_eq!(date(text), None, "{text}");
    }
}
