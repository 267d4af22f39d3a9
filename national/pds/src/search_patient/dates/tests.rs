use fhir::prefix::whole_date;

use super::Dates;

/// The days that some values allow, as first, last and how many.
fn allowed(values: &[&str]) -> Option<(String, String, usize)> {
    let mut dates = Dates::ANY;
    for value in values {
        dates = dates.narrowed(value)?;
    }
    Some((dates.first().to_string(), dates.last().to_string(), dates.count()))
}

#[test]
fn values_narrow_the_days() {
    let day = |first: &str, last: &str, count| Some((first.to_owned(), last.to_owned(), count));
    assert_eq!(allowed(&["2010-10-22"]), day("2010-10-22", "2010-10-22", 1));
    assert_eq!(allowed(&["eq2010-10-22"]), day("2010-10-22", "2010-10-22", 1));
    assert_eq!(allowed(&["ge2010-10-21", "le2010-10-23"]), day("2010-10-21", "2010-10-23", 3));
    assert_eq!(allowed(&["le2010-10-23", "ge2010-10-21"]), day("2010-10-21", "2010-10-23", 3));
    assert_eq!(allowed(&["2010-10-22", "ge2010-01-01"]), day("2010-10-22", "2010-10-22", 1));
    assert_eq!(allowed(&["ge2010-10-23", "le2010-10-21"]).unwrap().2, 0);
    assert_eq!(allowed(&["2010-10-22", "2010-10-23"]).unwrap().2, 0);
    assert_eq!(allowed(&["le2010-10-23"]).unwrap().0, "0000-01-01");
    for wrong in
        ["", "2010", "2010-1-1", "gt2010-10-22", "2010-02-30", "22-10-2010", "EQ2010-10-22"]
    {
        assert_eq!(allowed(&[wrong]), None, "{wrong}");
    }
}

#[test]
fn the_days_are_those_that_it_holds() {
    let dates = Dates::ANY.narrowed("ge2012-02-28").unwrap().narrowed("le2012-03-01").unwrap();
    let days: Vec<_> = dates.days().collect();
    assert_eq!(days.len(), dates.count());
    assert!(days.iter().all(|day| dates.hold(*day)));
    assert!(!dates.hold(whole_date("2012-03-02").unwrap()));
}
