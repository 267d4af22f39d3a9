use security::Mode;

use super::{Shown, trace_patient};
use crate::show_patient::tests::call;
use crate::tests::trial::{Trial, person, restricted};

type Query = &'static [(&'static str, &'static str)];

const JANE: &str = "9000000009";
const JOHN: &str = "9000000017";
const TWIN: &str = "9000000033";
const HIDDEN: &str = "9000000025";

async fn trial() -> Trial {
    Trial::of(vec![
        person(JANE, ("Jane", "Smith"), "2010-10-22", "LS1 6AE"),
        person(JOHN, ("John", "Doe"), "1970-01-02", "LS1 6AE"),
        person(TWIN, ("John", "Doe"), "1970-01-02", "LS2 7UE"),
        restricted(person(HIDDEN, ("Janet", "Smythe"), "2010-10-22", "LS1 6AE"), "R"),
    ])
    .await
}

async fn trace(trial: &Trial, mode: Mode, query: &[(&str, &str)]) -> Shown {
    let query: Vec<(String, String)> =
        query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    trace_patient(&trial.house, &call(mode), "trace", &query).await
}

#[tokio::test]
async fn one_patient_or_none() {
    let trial = trial().await;
    let rows: [(Query, Result<&str, &str>); 6] = [
        (&[("family", "Smith"), ("birthdate", "eq2010-10-22")], Ok(JANE)),
        (&[("family", "Smythe"), ("birthdate", "eq2010-10-22")], Ok(HIDDEN)),
        (&[("family", "Smith"), ("birthdate", "eq2010-10-23")], Err("RESOURCE_NOT_FOUND")),
        (&[("family", "Doe"), ("birthdate", "eq1970-01-02")], Err("TOO_MANY_MATCHES")),
        (&[("family", "Smith")], Err("MISSING_VALUE")),
        (&[("birthdate", "eq2010-10-22")], Err("INVALID_SEARCH_DATA")),
    ];
    for mode in [Mode::Application, Mode::Worker] {
        for (query, expected) in &rows {
            let shown = trace(&trial, mode, query).await;
            assert_eq!(shown.access.interaction, "trace");
            assert_eq!(shown.access.subjects.len(), usize::from(expected.is_ok()));
            match (&shown.patient, expected) {
                (Ok(patient), Ok(number)) => assert_eq!(patient["id"], **number),
                (Err(fault), Err(code)) => assert_eq!(fault.code(), *code),
                (got, expected) => panic!("{query:?}: {got:?}, not {expected:?}"),
            }
        }
    }
}

#[tokio::test]
async fn what_a_search_does_not_show_is_not_shown() {
    let trial = trial().await;
    let query = [("family", "Smythe"), ("birthdate", "eq2010-10-22")];
    let hidden = trace(&trial, Mode::Application, &query).await.patient.unwrap();
    assert!(hidden.get("address").is_none());
    assert!(hidden.get("managingOrganization").is_none());
}
