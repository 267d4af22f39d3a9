use super::*;

#[test]
fn a_path_fits_its_pattern_part_by_part() {
    let values = |pattern, path| match_path(pattern, path);
    assert_eq!(values("/Patient", "/Patient"), Some(vec![]));
    assert_eq!(values("/Patient/{id}", "/Patient/9%30"), Some(vec![("id", "90".to_owned())]));
    assert_eq!(values("/Patient/{id}", "/Patient"), None);
    assert_eq!(values("/Patient/{id}", "/Patient/9/RelatedPerson"), None);
    assert_eq!(values("/Patient", "/patient"), None);
}
