use std::collections::HashSet;

use super::*;

#[test]
fn a_hundred_thousand_people_have_numbers_of_their_own() {
    for (seed, people) in [(1, 50_000), (0, 1_000), (u64::MAX, 1_000)] {
        let mut seen = HashSet::new();
        for person in (0..people).chain(PEOPLE_MOST - people..PEOPLE_MOST) {
            let number = of(seed, person).unwrap();
            let text = number.as_str();
            assert!(text.starts_with('9'), "{text}");
            assert_eq!(NhsNumber::parse(text), Some(number), "{text} has a good check digit");
            assert!(text < "9690000000", "{text} is below the published people");
            assert!(text > "9020000000", "{text} is above the published people");
            assert!(text.parse::<u64>().unwrap() < FREE_FROM, "{text} leaves room to allocate");
            assert_ne!(text, "9111231130", "nobody has the published unknown number");
            assert!(seen.insert(number), "{text} is given twice");
        }
    }
}

#[test]
fn every_stem_is_used_once() {
    let mut seen = vec![false; STEMS as usize];
    for index in 0..STEMS {
        let stem = permute(7, index) as usize;
        assert!(!seen[stem], "stem {stem} is met twice");
        seen[stem] = true;
    }
}

#[test]
fn seeds_number_people_differently() {
    let same = (0..1_000).filter(|person| of(1, *person) == of(2, *person)).count();
    assert!(same < 5, "{same} of a thousand people have the same number in both nations");
}

#[test]
fn there_are_only_so_many() {
    assert!(of(1, PEOPLE_MOST - 1).is_some());
    assert_eq!(of(1, PEOPLE_MOST), None);
    assert!(of(1, 60_000_000).is_some());
}
