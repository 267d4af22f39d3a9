use proptest::prelude::*;

use super::*;

#[test]
fn the_published_examples_are_told_apart() {
    for good in ["9000000009", "9000000017", "9000000025", "9000000033", "9111231130", "5182663366"]
    {
        assert_eq!(NhsNumber::parse(good).unwrap().as_str(), good);
    }
    for bad in
        ["9000000000", "900000000", "90000000090", "900000000X", " 9000000009", "", "９000000009"]
    {
        assert!(NhsNumber::parse(bad).is_none(), "{bad}");
    }
}

#[test]
fn debug_does_not_show_it() {
    assert_eq!(format!("{:?}", NhsNumber::parse("9000000009")), "Some(NhsNumber(***))");
}

proptest! {
    #[test]
    fn one_check_digit_at_most_fits(nine in 0_u32..1_000_000_000) {
        let number = |check| NhsNumber::parse(&format!("{nine:09}{check}"));
        let fitting: Vec<_> = (0..10).filter_map(number).collect();
        prop_assert_eq!(fitting.first().copied(), NhsNumber::from_nine(nine));
        prop_assert!(fitting.len() <= 1);
    }

    #[test]
    fn a_changed_digit_is_noticed(
        nine in 0_u32..1_000_000_000, at in 0_usize..10, add in 1_u8..10,
    ) {
        if let Some(number) = NhsNumber::from_nine(nine) {
            let mut digits = number.0;
            digits[at] = b'0' + (digits[at] - b'0' + add) % 10;
            prop_assert!(NhsNumber::parse(std::str::from_utf8(&digits).unwrap()).is_none());
        }
    }
}
