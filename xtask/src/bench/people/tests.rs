use super::*;

#[test]
fn people_are_read_ready_for_a_query() {
    let json =
        r#"[{"id":"9000000009","family":"O'Brien Ní","given":"Jane","birthdate":"2010-10-22"}]"#;
    let found = read(json).unwrap();
    assert_eq!(found[0].id, "9000000009");
    assert_eq!(found[0].family, "O%27Brien%20N%C3%AD");
    assert_eq!(found[0].birthdate, "2010%2D10%2D22");
}

#[test]
fn somebody_without_a_name_is_refused() {
    assert!(read(r#"[{"id":"9000000009"}]"#).is_err());
    assert!(read("nobody").is_err());
}
