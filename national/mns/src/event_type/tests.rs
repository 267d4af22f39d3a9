use super::*;

#[test]
fn the_types_are_those_that_readers_are_told_of() {
    let rows = TYPES.iter().map(|known| {
        let attributes: Vec<String> =
            known.attributes.iter().map(|name| format!("`{name}`")).collect();
        format!("| `{}` | {} | {} |\n", known.name, known.summary, attributes.join(", "))
    });
    let head = "| type of event | tells | may be asked for |\n|---|---|---|\n".to_owned();
    let table: String = std::iter::once(head).chain(rows).collect();
    assert!(include_str!("../../README.md").contains(&table), "the table should read:\n{table}");
}

#[test]
fn attributes_are_known_whatever_their_case() {
    for (event, attribute, known) in [
        ("pds-change-of-gp-2", "GeneralPractitioner", true),
        ("pds-change-of-gp-2", "nhsnumber", false),
        ("pds-record-change-2", "changed_name", true),
        ("pds-record-change-2", "CHANGED_NAME", true),
        ("pds-record-change-2", "changed_", false),
        ("pds-record-change-2", "nhsnumber", true),
        ("pathology-laboratory-reporting-test-result-stored-1", "requestingorganisationods", true),
        ("pds-death-notification-2", "generalpractitioner", false),
    ] {
        assert_eq!(find(event).unwrap().has(attribute), known, "{attribute} of {event}");
    }
    assert!(find("pds-change-of-gp-1").is_none());
}
