use proptest::prelude::*;

use super::{Flaw, score};

const ALL: [Flaw; 14] = [
    Flaw::GivenBeyond,
    Flaw::OtherName,
    Flaw::WildPostcode,
    Flaw::WildGiven,
    Flaw::AlikeGiven,
    Flaw::PastPostcode,
    Flaw::GivenMissing,
    Flaw::OtherPractice,
    Flaw::WildFamily,
    Flaw::AlikeFamily,
    Flaw::OtherDeath,
    Flaw::PastName,
    Flaw::Swapped,
    Flaw::PastGender,
];

fn exactly(score: f64, expected: f64) {
    assert!((score - expected).abs() < 1e-9, "{score} is not {expected}");
}

#[test]
fn no_flaw_is_a_score_of_one() {
    exactly(score(&[]), 1.0);
}

#[test]
fn a_graver_flaw_leaves_less() {
    for pair in ALL.windows(2) {
        assert!(pair[0] < pair[1], "{pair:?} are out of order");
        assert!(score(&pair[..1]) > score(&pair[1..]), "{pair:?}");
    }
}

#[test]
fn it_has_four_decimals() {
    exactly(score(&[Flaw::WildPostcode, Flaw::WildGiven, Flaw::WildFamily]), 0.8569);
}

fn flaws() -> impl Strategy<Value = Vec<Flaw>> {
    prop::collection::vec(prop::sample::select(ALL.to_vec()), 0..40)
}

proptest! {
    #[test]
    fn it_lies_above_nought_and_up_to_one(flaws in flaws()) {
        let score = score(&flaws);
        prop_assert!(score > 0.0 && score <= 1.0);
        prop_assert_eq!(score >= 1.0, flaws.is_empty());
    }

    #[test]
    fn one_more_flaw_never_raises_it(flaws in flaws(), more in prop::sample::select(ALL.to_vec())) {
        let before = score(&flaws);
        let after = score(&[flaws, vec![more]].concat());
        prop_assert!(after <= before);
    }

    #[test]
    fn the_order_of_flaws_does_not_matter(flaws in flaws()) {
        let mut turned = flaws.clone();
        turned.reverse();
        prop_assert!((score(&flaws) - score(&turned)).abs() < 2e-4);
    }
}
