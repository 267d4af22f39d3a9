use proptest::prelude::*;

use super::Pattern;

#[test]
fn what_a_name_pattern_fits() {
    let table = [
        ("smith", "SMITH", true),
        ("smith", "SMITHSON", false),
        ("Sm*", "SMITH", true),
        ("Sm*", "SM", true),
        ("Sm*h", "SMITH", true),
        ("Sm*h", "SMITHS", false),
        ("Sm*t*s", "SMITHERS", true),
        ("Sm*th*th", "SMITH", false),
        ("Smith*", "SMITH JONES", true),
        ("O'R*", "OREILLY", true),
        ("Wei\u{df}*", "WEISSMANN", true),
    ];
    for (pattern, name, fits) in table {
        assert_eq!(Pattern::name(pattern).unwrap().fits(name), fits, "{pattern} {name}");
    }
}

#[test]
fn what_no_name_pattern_is() {
    for text in ["", "  ", "*", "S*", "*mith", "S*ith", "''", "--*", &"x".repeat(36)] {
        assert_eq!(Pattern::name(text), None, "{text}");
    }
    assert!(Pattern::name(&"x".repeat(35)).is_some());
}

#[test]
fn what_a_postcode_pattern_fits() {
    for (pattern, fits) in [("LS1 6AE", true), ("ls16ae", true), ("LS*", true), ("LS1 *E", true)] {
        assert_eq!(Pattern::postcode(pattern).unwrap().fits("LS16AE"), fits, "{pattern}");
    }
    for text in ["", "L*", "L *", "*"] {
        assert_eq!(Pattern::postcode(text), None, "{text}");
    }
}

proptest! {
    #[test]
    fn a_name_cut_off_with_a_star_fits_the_name(name in "[A-Z]{2,12}", cut in 2_usize..12) {
        let beginning: String = name.chars().take(cut).collect();
        let pattern = Pattern::name(&format!("{beginning}*")).unwrap();
        prop_assert!(pattern.fits(&name));
    }

    #[test]
    fn no_text_breaks_it(pattern in "\\PC{0,40}", text in "\\PC{0,40}") {
        if let Some(pattern) = Pattern::name(&pattern) {
            let _ = pattern.fits(&text);
        }
    }
}
