use std::collections::BTreeSet;

use nhs::NhsNumber;

use super::{SANDBOX_NEXT, SANDBOX_PATIENT, allocate};
use crate::tests::trial::{Trial, person};

#[tokio::test]
async fn numbers_are_of_the_free_range_and_nobodys() {
    let trial = Trial::of(Vec::new()).await;
    let mut given = BTreeSet::new();
    for _ in 0..200 {
        let number = allocate(&trial.house).unwrap();
        assert!(number.as_str() >= "9800000000", "{}", number.as_str());
        assert_eq!(NhsNumber::parse(number.as_str()), Some(number));
        trial.put(&person(number.as_str(), ("Ann", "Other"), "1990-01-01", "LS1 1AA")).await;
        assert!(given.insert(number), "given twice");
    }
}

#[tokio::test]
async fn the_sandbox_gives_its_published_number_first() {
    let jane = person(SANDBOX_PATIENT, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let trial = Trial::of(vec![jane]).await;
    let first = allocate(&trial.house).unwrap();
    assert_eq!(first.as_str(), SANDBOX_NEXT);
    trial.put(&person(first.as_str(), ("Ann", "Other"), "1990-01-01", "LS1 1AA")).await;
    assert!(allocate(&trial.house).unwrap().as_str().starts_with('9'));
}
