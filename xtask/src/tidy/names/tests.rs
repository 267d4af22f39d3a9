use super::*;

#[test]
fn names_say_what_is_inside() {
    for (path, breaches) in [
        ("crates/store/src/helpers.rs", 1),
        ("crates/common/src/lib.rs", 1),
        ("crates/store/src/utils/misc.rs", 2),
        ("crates/broker/src/commonwealth.rs", 0),
        ("national/pds/src/retrieve_patient.rs", 0),
    ] {
        assert_eq!(empty_names(&Source::rust(path, "")).len(), breaches, "{path}");
    }
}
