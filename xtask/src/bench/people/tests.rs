use super::*;

const RECORD: &str = r#"{"resourceType":"Patient","id":"9000000009",
    "birthDate":"2010-10-22","gender":"female",
    "meta":{"security":[{"code":"U"}]},"name":[{"family":"O'Brien Ní","given":["Jane","Marie"]}]}"#;

#[test]
fn a_person_is_read_ready_for_a_query() {
    let found = person(RECORD.as_bytes()).unwrap();
    assert_eq!(found.id, "9000000009");
    assert_eq!(found.family, "O%27Brien%20N%C3%AD");
    assert_eq!(found.given, "Jane");
    assert_eq!(found.birthdate, "2010%2D10%2D22");
    assert_eq!(found.gender, "female");
}

#[test]
fn a_record_without_a_name_and_a_restricted_one_are_nobodys() {
    let restricted = RECORD.replace("\"U\"", "\"R\"");
    assert_eq!(person(restricted.as_bytes()), None);
    let nameless = RECORD.replace("\"name\"", "\"nickname\"");
    assert_eq!(person(nameless.as_bytes()), None);
    assert_eq!(person(br#"{"resourceType":"Patient","id":"9000000009"}"#), None);
    assert_eq!(person(b"gone"), None);
}

#[test]
fn a_sample_is_a_list_of_numbers() {
    assert_eq!(numbers(r#"[{"id":"9000000009","why":"twins"}]"#).unwrap(), ["9000000009"]);
    assert!(numbers(r#"[{"name":"Jane"}]"#).is_err());
    assert!(numbers("nobody").is_err());
}
