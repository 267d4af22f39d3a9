use super::*;

#[test]
fn the_rate_is_the_one_that_the_program_said() {
    let log = "people: 100 of 1000\npeople: 1000 in 0.02 s, 50000 a second\nserving\n";
    assert_eq!(rate_said(log).map(|rate| rate as u64), Some(50_000));
    assert_eq!(rate_said("people: 100 of 1000\n"), None);
}
