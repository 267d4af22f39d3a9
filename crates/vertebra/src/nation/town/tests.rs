use std::collections::HashSet;

use nhs::OdsCode;

use super::*;

#[test]
fn every_practice_and_pharmacy_has_a_code_of_its_own() {
    let mut seen = HashSet::new();
    for (town, _) in all() {
        let codes = (0..PRACTICES).map(|which| town.practice(which));
        for code in codes.chain((0..PHARMACIES).map(|which| town.pharmacy(which))) {
            assert!(OdsCode::parse(&code).is_some(), "{code}");
            assert!(seen.insert(code.clone()), "{code} is given twice");
        }
    }
}

#[test]
fn telephone_numbers_are_from_ranges_kept_free_for_drama() {
    let free = [
        "01134960", "01144960", "01154960", "01164960", "01174960", "01214960", "01514960",
        "01614960", "02079460", "01914980", "02920180", "01632960",
    ];
    for (town, _) in all() {
        assert!(free.contains(&town.dial), "{}: {}", town.name, town.dial);
    }
}
