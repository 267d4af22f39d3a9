use proptest::prelude::*;

use super::*;

fn criteria(event: &str, conditions: &[(&str, &str)]) -> Criteria {
    let pair = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Criteria { event: event.into(), conditions: conditions.iter().map(pair).collect() }
}

#[test]
fn criteria_as_published_are_understood() {
    for (text, event, conditions) in [
        ("eventType=pds-record-change-2", "pds-record-change-2", &[][..]),
        ("eventType='gpreg-change-gp-req-1'", "gpreg-change-gp-req-1", &[]),
        (
            "eventType='pds-change-of-gp-2' AND generalpractitioner='XY11'",
            "pds-change-of-gp-2",
            &[("generalpractitioner", "XY11")],
        ),
        (
            "eventType='gpreg-change-gp-req-1' AND registrationencountercode='3' and \
             GeneralPractitioner_manufacturer_org='Y12345'",
            "gpreg-change-gp-req-1",
            &[
                ("generalpractitioner_manufacturer_org", "Y12345"),
                ("registrationencountercode", "3"),
            ],
        ),
        (
            "  eventType = imms-vaccination-record-change-1  AND  immunisationtype = 'H P V' ",
            "imms-vaccination-record-change-1",
            &[("immunisationtype", "H P V")],
        ),
        (
            "eventType='pds-record-change-2' AND changed_name='true'",
            "pds-record-change-2",
            &[("changed_name", "true")],
        ),
    ] {
        assert_eq!(Criteria::parse(text), Ok(criteria(event, conditions)), "{text}");
    }
}

#[test]
fn everything_else_is_refused_without_being_repeated() {
    let gp = "eventType='pds-change-of-gp-2'";
    let many = "eventType='pds-record-change-2'".to_owned()
        + &(0..11).map(|n| format!(" AND changed_{n}='true'")).collect::<Vec<_>>().concat();
    for (text, why) in [
        ("", "criteria such as"),
        ("pds-change-of-gp-2", "criteria such as"),
        ("generalpractitioner='9000000009'", "criteria such as"),
        ("eventtype='pds-change-of-gp-2'", "criteria such as"),
        ("eventType='9000000009'", "valid event type"),
        ("eventType=''", "1 to 200 bytes"),
        ("eventType='pds-change-of-gp-2", "end each value"),
        (&format!("{gp} AND nhsnumber='9000000009'"), "can be asked for of pds-change-of-gp-2"),
        ("eventType='pds-death-notification-2' AND a='9000000009'", "Nothing can be asked for"),
        (&format!("{gp} OR generalpractitioner='9000000009'"), "join conditions with AND"),
        (&format!("{gp}AND generalpractitioner='9000000009'"), "join conditions with AND"),
        (&format!("{gp} AND"), "criteria such as"),
        (&format!("{gp} AND general practitioner='9000000009'"), "attribute='value'"),
        (&format!("{gp} AND generalpractitioner='9000000009' x"), "join conditions with AND"),
        (
            &format!("{gp} AND generalpractitioner='9000000009' AND generalpractitioner='2'"),
            "each attribute once",
        ),
        ("eventType='pds-record-change-2' AND changed_='true'", "What can be asked for"),
        (&many, "at most 10 conditions"),
        (&format!("{gp}{}", " ".repeat(1_000)), "at most 1000 bytes"),
        (&format!("{gp} AND generalpractitioner='{}'", "9".repeat(201)), "1 to 200 bytes"),
    ] {
        let refused = Criteria::parse(text).unwrap_err();
        assert!(refused.contains(why), "{text}: {refused}");
        assert!(!refused.contains("9000000009"), "{refused}");
    }
}

proptest! {
    #[test]
    fn no_text_is_too_strange(text in "\\PC{0,80}|eventType=[ -~]{0,60}") {
        if let Ok(read) = Criteria::parse(&text) {
            prop_assert!(event_type::find(&read.event).is_some());
        }
    }

    #[test]
    fn what_is_written_is_what_is_read(
        values in proptest::collection::btree_map("changed_[a-z]{1,10}", "[^'\\p{C}]{1,20}", 0..5),
    ) {
        let conditions: Vec<(String, String)> = values.into_iter().collect();
        let written: Vec<String> =
            conditions.iter().map(|(name, value)| format!(" AND {name}='{value}'")).collect();
        let written = written.concat();
        let read = Criteria::parse(&format!("eventType='pds-record-change-2'{written}")).unwrap();
        prop_assert_eq!(read.conditions, conditions);
    }
}
