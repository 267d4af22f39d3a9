use proptest::prelude::*;

use super::{fold, postcode};

#[test]
fn what_is_the_same_name_folds_the_same() {
    let same = [
        ("smith", "SMITH"),
        ("attisón", "ATTISON"),
        ("ATTSÖN", "ATTSON"),
        ("Weiß", "WEISS"),
        ("Kociński", "KOCINSKI"),
        ("Łukasz", "LUKASZ"),
        ("Þórður", "THORDUR"),
        ("Æthelred", "AETHELRED"),
        ("O'Reilly", "OREILLY"),
        ("O\u{2019}Reilly", "OREILLY"),
        ("Smith-Jones", "SMITH JONES"),
        ("  John   Paul ", "JOHN PAUL"),
        ("St. John", "ST JOHN"),
        ("Anne -", "ANNE"),
        ("Jose\u{301}", "JOSE"),
        ("Smi*", "SMI*"),
        ("...", ""),
    ];
    for (written, folded) in same {
        assert_eq!(fold(written), folded, "{written}");
    }
}

#[test]
fn a_postcode_has_no_spaces_and_no_case() {
    assert_eq!(postcode(" ls1 6ae "), "LS16AE");
    assert_eq!(postcode("Ls *"), "LS*");
}

#[test]
fn every_letter_that_is_stored_folds_to_plain_ones() {
    for letter in '\u{c0}'..='\u{17f}' {
        let folded = fold(&letter.to_string());
        assert!(folded.is_ascii(), "{letter} folds to {folded}");
        assert_eq!(folded.is_empty(), matches!(letter, '\u{d7}' | '\u{f7}'), "{letter}");
    }
}

proptest! {
    #[test]
    fn folding_twice_changes_nothing(text in "\\PC{0,40}") {
        let once = fold(&text);
        prop_assert_eq!(fold(&once), once);
    }

    #[test]
    fn case_does_not_matter(text in "[A-Za-zÀ-ÖØ-öø-ÿ' -]{0,20}") {
        prop_assert_eq!(fold(&text.to_lowercase()), fold(&text));
    }
}
