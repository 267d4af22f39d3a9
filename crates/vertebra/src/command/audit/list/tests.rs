use super::*;

#[test]
fn an_nhs_number_is_read_however_it_is_spaced() {
    for text in ["9000000009\n", "900 000 0009\n", " 9000000009", "9000000009\nmore\n"] {
        assert_eq!(number(text.as_bytes()).unwrap(), "9000000009");
    }
}

#[test]
fn what_is_no_nhs_number_is_not_repeated() {
    for text in ["", "\n", "9000000001\n", "900000000\n", "nonsense"] {
        let refused = number(text.as_bytes()).unwrap_err();
        assert!(refused.contains("hint") && !refused.contains("9000000001"), "{refused}");
    }
}

#[test]
fn an_access_is_one_line_and_leaves_out_what_is_not_known() {
    let mut access = Access {
        at: Timestamp::from_second(1_700_000_000).unwrap(),
        service: "pds".into(),
        interaction: "get-patient".into(),
        mode: "application".into(),
        client: "demo".into(),
        outcome: 200,
        ..Access::default()
    };
    let due = "2023-11-14T22:13:20.000Z #7 pds get-patient 200 by demo as application";
    assert_eq!(readable(7, &access), due);
    access.organisation = "Y12345".into();
    access.user = "555254239107".into();
    let due = "2023-11-14T22:13:20.000Z #7 pds get-patient 200 by demo of Y12345 user 555254239107 \
               as application";
    assert_eq!(readable(7, &access), due);
    access.claimed = "Y1".into();
    assert_eq!(readable(7, &access), format!("{due} for Y1"));
    access.recipient = "2000099999".into();
    assert!(readable(7, &access).contains(" get-patient to 2000099999 200 by "));
}
