use proptest::prelude::*;

use super::{alike, code, codes_from, start};

fn coded(name: &str) -> String {
    code(name).map(|code| String::from_utf8(code.to_vec()).unwrap()).unwrap_or_default()
}

#[test]
fn the_examples_of_the_national_archives() {
    let examples = [
        ("WASHINGTON", "W252"),
        ("LEE", "L000"),
        ("GUTIERREZ", "G362"),
        ("PFISTER", "P236"),
        ("JACKSON", "J250"),
        ("TYMCZAK", "T522"),
        ("VANDEUSEN", "V532"),
        ("ASHCRAFT", "A261"),
        ("SMITH", "S530"),
        ("SMYTHE", "S530"),
        ("ATTISON", "A325"),
        ("ATTSON", "A325"),
        ("VAN DEUSEN", "V532"),
        ("", ""),
    ];
    for (name, expected) in examples {
        assert_eq!(coded(name), expected, "{name}");
    }
}

#[test]
fn names_that_sound_alike() {
    for (one, other) in [("SMITH", "SMYTHE"), ("ANN", "ANNE"), ("JANE", "JAYNE")] {
        assert!(alike(one, other), "{one} {other}");
    }
    assert!(!alike("SMITH", "JONES"));
    assert!(!alike("", ""), "no name sounds like no name");
    assert!(!alike("\u{674e}", "\u{738b}"), "names without a letter");
    assert!(alike("\u{674e}", "\u{674e}"));
}

#[test]
fn the_codes_that_begin_alike() {
    assert_eq!(codes_from(b"S530"), [*b"S530"]);
    assert_eq!(codes_from(b"S53").len(), 7);
    assert_eq!(codes_from(b"S5").len(), 1 + 6 * 7);
    assert_eq!(codes_from(b"S").len(), 1 + 6 * (1 + 6 * 7));
}

proptest! {
    #[test]
    fn the_start_of_a_name_gives_the_start_of_its_code(name in "[A-Z ]{1,12}", cut in 0_usize..12) {
        let beginning: String = name.chars().take(cut).collect();
        let code = code(&name).map(Vec::from).unwrap_or_default();
        prop_assert!(code.starts_with(&start(&beginning)));
    }

    #[test]
    fn a_code_is_among_those_that_begin_like_it(name in "[A-Z]{1,12}", cut in 1_usize..4) {
        let code = code(&name).unwrap();
        prop_assert!(codes_from(&code[..cut]).contains(&code));
    }
}
