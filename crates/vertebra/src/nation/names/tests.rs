use std::collections::HashMap;

use super::*;
use crate::nation::chance::Field;

/// The characters that the national service takes in names.
fn is_allowed(letter: char) -> bool {
    letter.is_ascii_alphabetic()
        || matches!(letter, ' ' | '\'' | '-' | '.')
        || ('\u{C0}'..='\u{17F}').contains(&letter)
}

#[test]
fn every_name_is_one_that_the_national_service_takes() {
    let names = Names::new();
    let lists =
        [&names.families, &names.girls, &names.boys, &names.british_girls, &names.british_boys];
    for name in lists.into_iter().flatten().flat_map(Ranked::all) {
        assert!(name.chars().all(is_allowed), "{name:?}");
        assert!((2..=20).contains(&name.chars().count()), "{name:?}");
        assert!(name.chars().next().is_some_and(char::is_alphabetic), "{name:?}");
    }
}

#[test]
fn smith_is_the_most_common_family_name_at_one_in_a_hundred() {
    let names = Names::new();
    let mut chance = Chance::new(1, 1, Field::Name);
    let mut counts: HashMap<&str, u32> = HashMap::new();
    for _ in 0..100_000 {
        let origin = Names::origin(&mut chance);
        *counts.entry(names.family(origin, &mut chance)).or_default() += 1;
    }
    assert!((1_000..1_400).contains(&counts["Smith"]), "{}", counts["Smith"]);
    let most = counts.iter().filter(|(_, count)| **count > counts["Smith"]).count();
    assert_eq!(most, 0, "nothing is more common");
    assert!(counts.len() > 400, "{} family names", counts.len());
}

#[test]
fn given_names_follow_the_time_of_birth() {
    let names = Names::new();
    let first = |decade| names.given(Origin::British, Sex::Female, decade).unwrap().all()[0];
    let ages =
        [(0, "Mary"), (3, "Margaret"), (5, "Susan"), (7, "Sarah"), (9, "Laura"), (12, "Olivia")];
    for (decade, name) in ages {
        assert_eq!(first(decade), name, "the nineteen-{decade}0s");
    }
}
