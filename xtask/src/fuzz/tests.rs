use super::*;

#[test]
fn the_command_line_is_read() {
    assert_eq!(parse(&[]), Ok((MINUTES, vec![])));
    assert_eq!(parse(&["soap", "--minutes", "2", "v3"]), Ok((2, vec!["soap", "v3"])));
    for wrong in [&["--minutes"][..], &["--minutes", "0"], &["--minutes", "x"], &["--fast"]] {
        assert!(parse(wrong).is_err(), "{wrong:?}");
    }
}
