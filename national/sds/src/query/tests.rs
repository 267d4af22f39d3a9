use proptest::prelude::*;

use super::*;

const MAY: &[&str] = &[ORGANISATION, IDENTIFIER, MANUFACTURER];

fn query(pairs: &[(&str, String)]) -> Vec<(String, String)> {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect()
}

#[test]
fn of_several_values_the_last_counts() {
    let asked = query(&[
        (IDENTIFIER, format!("{PARTY_KEY}|A")),
        (IDENTIFIER, format!("{SERVICE_INTERACTION}|x:y|z")),
        (IDENTIFIER, format!("{PARTY_KEY}| B ")),
        (IDENTIFIER, format!("{PARTY_KEY}|")),
    ]);
    let asked = Asked::read(&asked, MAY).unwrap();
    assert_eq!(asked.party_key.as_deref(), Some("B"));
    assert_eq!(asked.interaction.as_deref(), Some("x:y|z"));
    assert_eq!((asked.organisation, asked.manufacturer), (None, None));
}

proptest! {
    #[test]
    fn nothing_in_a_query_makes_it_fall_over(
        pairs in prop::collection::vec(("[a-z-]{0,12}|organization|identifier", ".{0,60}"), 0..5),
    ) {
        let _ = Asked::read(&pairs, MAY);
    }

    #[test]
    fn what_is_written_rightly_is_read(value in "[A-Za-z0-9:_-]{1,40}") {
        let asked = query(&[(ORGANISATION, format!("{ODS_CODE}|{value}"))]);
        prop_assert_eq!(Asked::read(&asked, MAY).unwrap().organisation, Some(value));
    }
}
