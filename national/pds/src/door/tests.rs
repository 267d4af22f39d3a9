use bytes::Bytes;
use http::{HeaderMap, HeaderValue};
use security::Role;
use serde_json::json;
use service::{Answer, Interaction, Upload};

use super::*;
use crate::service as api;
use crate::tests::trial::{Trial, person};

const JANE: &str = "9000000009";
const ASID: &str = "200000000001";

/// A house that requires accredited systems, and knows one that is registered for these.
async fn strict(interactions: &[&str]) -> Trial {
    let mut trial = Trial::of(vec![person(JANE, ("Jane", "Smith"), "1990-10-22", "LS1 6AE")]).await;
    let mut body = json!({ "asid": ASID, "organisation": "Y12345", "name": "The Name" });
    if !interactions.is_empty() {
        body["interactions"] = json!(interactions);
    }
    trial.enter("system", ASID, &body).await;
    trial.house = trial.house.requiring_asid(true);
    trial
}

fn caller(mode: Mode, system: &str) -> Caller {
    Caller {
        mode,
        client: "app".into(),
        system: system.into(),
        patient: (mode == Mode::Patient).then(|| JANE.into()),
        ..Caller::open()
    }
}

fn request(caller: Caller) -> Request {
    let mut headers = HeaderMap::new();
    let id = "60e0b220-8136-4ca5-ae46-1d97ef59d068";
    headers.insert("x-request-id", HeaderValue::from_static(id));
    Request {
        method: http::Method::GET,
        path: String::new(),
        path_values: vec![("id", JANE.into())],
        query: Vec::new(),
        headers,
        body: Bytes::new(),
        upload: Upload::none(),
        caller,
        origin: String::new(),
    }
}

async fn ask(interaction: &Interaction, system: &str) -> Answer {
    let mode = interaction.access[0];
    (interaction.handler)(request(caller(mode, system))).await
}

fn code(answer: Answer) -> String {
    answer.err().map(|fault| fault.code().to_owned()).unwrap_or_default()
}

#[tokio::test]
async fn every_interaction_wants_a_system_that_is_registered_for_it() {
    let anything = strict(&[]).await;
    let names: Vec<&str> = api(&anything.house)
        .interactions
        .iter()
        .filter(|interaction| !interaction.access.is_empty())
        .map(|interaction| interaction.name)
        .collect();
    assert!(names.len() >= 9);
    for name in names {
        let of = |house: &House| {
            api(house).interactions.into_iter().find(|known| known.name == name).unwrap()
        };
        let own = strict(&[&format!("pds:{name}")]).await;
        let other = strict(&["pds:another", &format!("other:{name}"), name]).await;
        for house in [&anything.house, &own.house, &other.house] {
            let fault = ask(&of(house), "").await.err().unwrap();
            assert_eq!(fault.code(), "MISSING_VALUE", "{name}");
            let text = "No ASID is associated with your app. Please contact support.";
            assert_eq!(fault.public(), text);
            assert_eq!(code(ask(&of(house), "299999999999").await), "ACCESS_DENIED", "{name}");
        }
        assert_eq!(code(ask(&of(&other.house), ASID).await), "ACCESS_DENIED", "{name}");
        for house in [&anything.house, &own.house] {
            let let_in = code(ask(&of(house), ASID).await);
            assert!(!["MISSING_VALUE", "ACCESS_DENIED"].contains(&let_in.as_str()), "{name}");
        }
        let lax = own.house.clone().requiring_asid(false);
        assert_ne!(code(ask(&of(&lax), "").await), "MISSING_VALUE", "{name}");
    }
}

#[tokio::test]
async fn the_request_id_and_the_role_come_before_the_asid() {
    let house = strict(&[]).await.house;
    let mut request = request(caller(Mode::Worker, ""));
    let role = |id: &str| Role { id: id.into(), ..Role::default() };
    request.caller.roles = vec![role("1"), role("2")];
    let fault = check(&house, &request, "get-patient").unwrap_err();
    assert!(fault.public().contains("NHSD-Session-URID"), "{}", fault.public());
    request.headers.remove("x-request-id");
    let fault = check(&house, &request, "get-patient").unwrap_err();
    assert!(fault.public().contains("X-Request-ID"), "{}", fault.public());
}

#[tokio::test]
async fn an_open_door_asks_for_no_asid() {
    let house = strict(&[]).await.house;
    assert!(check(&house, &request(Caller::open()), "get-patient").is_ok());
}

#[tokio::test]
async fn patients_are_let_in_only_where_their_identity_was_proved_in_full() {
    let trial = strict(&[]).await;
    let patient = |level: &str, session: &str| Caller {
        level: level.into(),
        session: session.into(),
        ..caller(Mode::Patient, ASID)
    };
    let ask = |caller: Caller| check(&trial.house, &request(caller), "get-patient");
    for level in ["P9.Cp.Cd", "P9.Cp.Ck", "P9.Cm"] {
        assert!(ask(patient(level, "s")).is_ok(), "{level}");
    }
    for level in ["", "P9", "P9.Cp", "p9.cp.cd", "P5", "P5.Cp.Cd", "P0", "P0.Cp", "aal3"] {
        let fault = ask(patient(level, "s")).unwrap_err();
        assert_eq!(fault.code(), "ACCESS_DENIED_PATIENT", "{level}");
    }
    assert!(ask(patient("", "")).is_ok(), "a development token");
    let worker = Caller { session: "s".into(), level: "aal2".into(), ..caller(Mode::Worker, ASID) };
    assert!(ask(worker).is_ok());
}
