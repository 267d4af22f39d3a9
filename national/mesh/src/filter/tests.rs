use super::Filter;

#[test]
fn the_six_forms() {
    let workflows = ["LETTER", "LETTER_ACK", "A_LETTER", "NOTE"];
    let scenarios: [(&str, &[&str]); 9] = [
        ("", &workflows),
        ("LETTER", &["LETTER"]),
        ("!LETTER", &["LETTER_ACK", "A_LETTER", "NOTE"]),
        ("LETTER*", &["LETTER", "LETTER_ACK"]),
        ("!LETTER*", &["A_LETTER", "NOTE"]),
        ("*LETTER*", &["LETTER", "LETTER_ACK", "A_LETTER"]),
        ("!*_ACK*", &["LETTER", "A_LETTER", "NOTE"]),
        ("letter", &[]),
        ("**", &workflows),
    ];
    for (text, wanted) in scenarios {
        let filter = Filter::read(text);
        let found: Vec<&str> = workflows.into_iter().filter(|one| filter.wants(one)).collect();
        assert_eq!(found, wanted, "{text}");
    }
}
