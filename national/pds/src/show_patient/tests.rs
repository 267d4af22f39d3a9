use http::{HeaderMap, Method};
use security::{Caller, Mode};
use service::{Request, Upload};

use super::{Shown, show_patient};
use crate::record::{Annex, State};
use crate::tests::trial::{Trial, beside, person, restricted};

const JANE: &str = "9000000009";
const MERGED: &str = "9000000017";
const HIDDEN: &str = "9000000025";
const UNKNOWN: &str = "9111231130";

async fn trial() -> Trial {
    let one = |number| person(number, ("Jane", "Smith"), "2010-10-22", "LS1 6AE");
    let merged = Annex { state: State::Superseded(JANE.into()), ..Annex::default() };
    let people = vec![one(JANE), beside(one(MERGED), merged), restricted(one(HIDDEN), "R")];
    Trial::of(people).await
}

/// A call on a wire that is not FHIR.
pub(crate) fn call(mode: Mode) -> Request {
    Request {
        method: Method::POST,
        path: "/sync-service".into(),
        path_values: Vec::new(),
        query: Vec::new(),
        headers: HeaderMap::new(),
        body: bytes::Bytes::new(),
        upload: Upload::none(),
        caller: Caller { mode, ..Caller::application("a-system".into()) },
        origin: String::new(),
    }
}

fn show(trial: &Trial, mode: Mode, number: &str) -> Shown {
    show_patient(&trial.house, &call(mode), "retrieve", number)
}

#[tokio::test]
async fn who_has_a_number_is_shown_as_the_caller_may_see_them() {
    let trial = trial().await;
    for (number, is) in [(JANE, JANE), (MERGED, JANE), (HIDDEN, HIDDEN)] {
        let shown = show(&trial, Mode::Application, number);
        assert_eq!(shown.patient.unwrap()["id"], is);
        assert_eq!((shown.access.outcome, shown.access.interaction.as_str()), (200, "retrieve"));
        let audit = trial.house.store.audit();
        assert_eq!(shown.access.subjects, [audit.pseudonym(is)]);
    }
    let hidden = show(&trial, Mode::Application, HIDDEN).patient.unwrap();
    assert!(hidden.get("address").is_none(), "where a restricted patient lives is not told");
    let trusted = show(&trial, Mode::PrivilegedApplication, HIDDEN).patient.unwrap();
    assert!(trusted.get("address").is_some());
}

#[tokio::test]
async fn who_has_none_is_nobody_and_the_asking_is_noted() {
    let trial = trial().await;
    for (mode, number, code, outcome) in [
        (Mode::Application, UNKNOWN, "RESOURCE_NOT_FOUND", 404),
        (Mode::Application, "9000000000", "INVALID_RESOURCE_ID", 400),
        (Mode::Patient, JANE, "NOT_THE_PATIENT", 403),
    ] {
        let shown = show(&trial, mode, number);
        assert_eq!(shown.patient.unwrap_err().code(), code);
        assert_eq!(shown.access.outcome, outcome);
        assert_eq!(shown.access.subjects.len(), 1);
    }
}
