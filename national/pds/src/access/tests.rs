use crate::tests::trial::{Ask, Trial, person};

const JANE: &str = "9000000009";
const OTHER: &str = "9000000017";
const UNKNOWN: &str = "9111231130";

/// Every access to a record is on the chain, granted or not; what asks for no record is not.
#[tokio::test]
async fn accesses_granted_and_refused_are_on_the_audit_chain() {
    for (token, target, noted) in [
        ("worker", format!("/Patient/{JANE}"), Some(("get-patient", 200))),
        ("jane", format!("/Patient/{JANE}"), Some(("get-patient", 200))),
        ("jane", format!("/Patient/{OTHER}"), Some(("get-patient", 403))),
        ("worker", format!("/Patient/{UNKNOWN}"), Some(("get-patient", 404))),
        ("jane", format!("/Patient/{OTHER}/RelatedPerson"), Some(("get-related-people", 403))),
        ("jane", format!("/Coverage?subscriber:identifier={OTHER}"), Some(("get-coverage", 403))),
        ("worker", "/Patient/9000000000".to_owned(), None),
        ("worker", "/HelloWorld".to_owned(), None),
    ] {
        let jane = person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
        let other = person(OTHER, ("Jayne", "Smyth"), "1980-01-01", "LS1 6AE");
        let trial = Trial::of(vec![jane, other]).await;
        trial.ask(Ask::get(token, &target)).await;
        let audited = trial.audited();
        let noted: Vec<_> =
            noted.map(|(name, status)| (name.to_owned(), status, 1)).into_iter().collect();
        assert_eq!(audited, noted, "{token} asks for {target}");
    }
}
