//! The compact copy of index rows: what goes in comes out.

use proptest::prelude::*;

use super::*;

proptest! {
    #[test]
    fn what_goes_in_comes_out(
        terms in prop::collection::vec(
            (1..5_i64, prop::collection::vec(any::<u8>(), 0..300), any::<[u8; 3]>()), 0..20)
    ) {
        let rows: Vec<Row<'_>> = terms
            .iter()
            .map(|(parameter, value, cover)| Row { parameter: *parameter, value, cover })
            .collect();
        let mut due = rows.clone();
        due.sort_unstable();
        due.dedup_by_key(|row| (row.parameter, row.value));
        let bytes = Terms::from_rows(rows);
        prop_assert_eq!(bytes.rows().unwrap(), due);
    }

    #[test]
    fn any_bytes_are_rows_or_damaged(bytes in prop::collection::vec(any::<u8>(), 0..50)) {
        let _ = decode(&bytes);
    }
}
