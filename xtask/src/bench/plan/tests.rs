use super::*;

#[test]
fn a_plan_is_read_from_words() {
    let usual = Plan::parse(&[]).unwrap();
    assert_eq!(usual.people, [10_000, 1_000_000]);
    let asked = Plan::parse(&["--people", "5,70", "--seconds", "3", "--json"]).unwrap();
    assert_eq!(asked, Plan { people: vec![5, 70], seconds: 3, json: true });
    assert_eq!(asked.turn(), Duration::from_secs(1));
    assert_eq!(Plan::parse(&["--quick"]).unwrap().people, [10_000]);
}

#[test]
fn what_is_not_understood_is_refused() {
    for words in [&["--people"][..], &["--people", "many"], &["--fast"], &["--seconds", "-1"]] {
        assert!(Plan::parse(words).is_err(), "{words:?}");
    }
}
