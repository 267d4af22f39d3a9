use http::{HeaderMap, Method};
use security::Caller;
use serde_json::json;
use service::{Request, Upload};

use super::{Described, Traced, Untraced, trace_practice};
use crate::record::{Annex, Record, State};
use crate::tests::trial::{Trial, beside, person, restricted};

const JANE: &str = "9000000009";
const MERGED: &str = "9000000017";
const HIDDEN: &str = "9000000025";
const NOWHERE: &str = "9000000033";
const UNKNOWN: &str = "9111231130";

fn registered(mut record: Record) -> Record {
    let identifier = json!({ "system": nhs::url::ODS_CODE, "value": "Y12345" });
    record.patient["generalPractitioner"] = json!([{ "identifier": identifier }]);
    record
}

async fn trial() -> Trial {
    let one =
        |number| registered(person(number, ("Jane", "O'Smith-Jones"), "2010-10-22", "LS1 6AE"));
    let merged = Annex { state: State::Superseded(JANE.into()), ..Annex::default() };
    Trial::of(vec![
        one(JANE),
        beside(one(MERGED), merged),
        restricted(one(HIDDEN), "R"),
        person(NOWHERE, ("Jane", "O'Smith-Jones"), "2010-10-22", "LS1 6AE"),
    ])
    .await
}

fn trace(trial: &Trial, number: &str, born: &str, family: &str) -> Traced {
    let request = Request {
        method: Method::POST,
        path: "/messageexchange/X26ABC1/outbox".into(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
        upload: Upload::none(),
        caller: Caller::application("X26ABC1".into()),
        origin: String::new(),
    };
    trace_practice(&trial.house, &request, Described { number, born, family }).unwrap()
}

#[tokio::test]
async fn the_practice_of_who_is_described_rightly() {
    let trial = trial().await;
    let found = Ok("Y12345".to_owned());
    let scenarios = [
        (JANE, "2010-10-22", "O'Smith-Jones", found.clone()),
        (JANE, "2010-10-22", "osmith jones", found.clone()),
        (MERGED, "2010-10-22", "O'Smith-Jones", found),
        (JANE, "2010-10-23", "O'Smith-Jones", Err(Untraced::NotThem)),
        (JANE, "2010-10-22", "Smith", Err(Untraced::NotThem)),
        (HIDDEN, "2010-10-22", "O'Smith-Jones", Err(Untraced::NotFound)),
        (UNKNOWN, "2010-10-22", "O'Smith-Jones", Err(Untraced::NotFound)),
        (NOWHERE, "2010-10-22", "O'Smith-Jones", Err(Untraced::NoPractice)),
        ("9000000000", "2010-10-22", "O'Smith-Jones", Err(Untraced::NoNumber)),
    ];
    for (number, born, family, practice) in scenarios {
        assert_eq!(trace(&trial, number, born, family).practice, practice, "{number} {family}");
    }
}

#[tokio::test]
async fn a_look_at_a_record_leaves_a_line_whatever_comes_of_it() {
    let trial = trial().await;
    for (number, family, outcome) in
        [(JANE, "O'Smith-Jones", 200), (JANE, "Smith", 404), (UNKNOWN, "Smith", 404)]
    {
        let access = trace(&trial, number, "2010-10-22", family).access.unwrap();
        assert_eq!((access.outcome, access.interaction.as_str()), (outcome, "trace-practice"));
        assert_eq!(access.subjects, [trial.house.store.audit().pseudonym(number)]);
        assert_eq!(access.client, "X26ABC1");
    }
    let merged = trace(&trial, MERGED, "2010-10-22", "O'Smith-Jones").access.unwrap();
    assert_eq!(merged.subjects, [trial.house.store.audit().pseudonym(JANE)]);
    assert!(trace(&trial, "1", "2010-10-22", "Smith").access.is_none());
}
