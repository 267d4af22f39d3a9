use super::*;
use crate::Mode;

fn tokens() -> Tokens {
    Tokens::from_toml(
        r#"
            [[token]]
            token = "good"
            mode = "patient"
            client = "app"
            patient = "9000000009"

            [[token]]
            token = "old"
            mode = "worker"
            client = "app"
            expired = true

            [[api_key]]
            key = "first"
            client = "monitor"

            [[api_key]]
            key = "second"
            client = "dashboard"
        "#,
    )
    .unwrap()
}

#[test]
fn every_refusal_has_its_reason() {
    let gate = Gate::closed(tokens());
    for (header, refusal) in [
        (None, Refusal::Missing),
        (Some(""), Refusal::Empty),
        (Some("Bearer"), Refusal::NoToken),
        (Some("Basic abc"), Refusal::WrongScheme("Basic".into())),
        (Some("Bearer nobody"), Refusal::Invalid),
        (Some("Bearer old"), Refusal::Expired),
    ] {
        assert_eq!(gate.admit(header.map(str::as_bytes), &[]), Err(refusal), "{header:?}");
    }
}

#[test]
fn a_token_selects_the_mode_even_at_an_open_gate() {
    for gate in [Gate::closed(tokens()), Gate::open(tokens())] {
        let caller = gate.admit(Some(b"Bearer good"), &[]).unwrap();
        assert_eq!(caller.mode, Mode::Patient);
        assert_eq!(caller.patient.as_deref(), Some("9000000009"));
    }
}

#[test]
fn an_open_gate_takes_a_call_without_credentials_for_a_worker() {
    assert_eq!(Gate::open(tokens()).admit(None, &[]).unwrap().mode, Mode::Worker);
    assert_eq!(Gate::open(tokens()).admit(Some(b"Bearer nobody"), &[]), Err(Refusal::Invalid));
}

#[test]
fn an_api_key_selects_the_client_and_no_token_does() {
    let gate = Gate::closed(tokens());
    for (key, client) in [("first", "monitor"), ("second", "dashboard")] {
        let caller = gate.admit_key(Some(key.as_bytes())).unwrap();
        assert_eq!((caller.client.as_str(), caller.mode), (client, Mode::Application));
    }
    for (key, refusal) in [
        (None, Refusal::NoKey),
        (Some(""), Refusal::NoKey),
        (Some("good"), Refusal::InvalidKey),
        (Some("firs"), Refusal::InvalidKey),
        (Some("first "), Refusal::InvalidKey),
    ] {
        assert_eq!(gate.admit_key(key.map(str::as_bytes)), Err(refusal), "{key:?}");
    }
    assert_eq!(gate.admit(Some(b"Bearer first"), &[]), Err(Refusal::Invalid));
}

#[test]
fn an_open_gate_asks_for_no_api_key_but_looks_at_one() {
    let gate = Gate::open(tokens());
    assert_eq!(gate.admit_key(None), Ok(Caller::open()));
    assert_eq!(gate.admit_key(Some(b"first")).unwrap().client, "monitor");
    assert_eq!(gate.admit_key(Some(b"nobody")), Err(Refusal::InvalidKey));
}

#[test]
fn an_empty_api_key_is_a_mistake_in_the_file() {
    let file = "[[api_key]]\nkey = \"\"\nclient = \"monitor\"";
    assert!(Tokens::from_toml(file).unwrap_err().contains("monitor"));
}

#[test]
fn registered_clients_come_and_go_while_the_gate_is_open_for_business() {
    let gate = Gate::closed(tokens());
    let clone = gate.clone();
    assert_eq!(clone.admit_key(Some(b"third")), Err(Refusal::InvalidKey));
    gate.know(vec![(crate::tokens::digest(b"third"), "surgery".into())]);
    assert_eq!(clone.admit_key(Some(b"third")).unwrap().client, "surgery");
    assert_eq!(clone.admit_key(Some(b"first")).unwrap().client, "monitor");
    gate.know(Vec::new());
    assert_eq!(clone.admit_key(Some(b"third")), Err(Refusal::InvalidKey));
}

#[tokio::test]
async fn a_revoked_client_is_refused_whatever_it_brings() {
    let folder = tempfile::tempdir().unwrap();
    let (clock, dice) = (base::Clock::System, base::Dice::System);
    let store = store::Store::open(folder.path(), clock.clone(), &dice).unwrap();
    let revoked = crate::Revoked::load(&store).unwrap();
    let ring = crate::Keyring::new(clock.now(), &dice);
    let access = AccessTokens::new(ring, revoked, clock.clone(), dice);
    let gate = Gate::closed(tokens()).with_access_tokens(access.clone());
    let token = access.issue(&crate::AccessToken {
        client: "app".into(),
        scopes: vec!["scope".into()],
        expires_s: clock.now().as_second() + 60,
        ..crate::AccessToken::default()
    });
    let header = format!("Bearer {}", token.unwrap());
    let scopes = [(Mode::Application, "scope")];
    gate.know(vec![(crate::tokens::digest(b"third"), "app".into())]);
    assert!(gate.admit(Some(header.as_bytes()), &scopes).is_ok());
    assert!(gate.admit(Some(b"Bearer good"), &scopes).is_ok());
    assert!(gate.admit_key(Some(b"third")).is_ok());
    let record = store::directory::Record {
        kind: crate::tokens::revoked::REVOKED_CLIENT,
        id: "app".into(),
        body: Some("0".into()),
    };
    store.commit(store::Transaction::new().record(record)).await.unwrap();
    access.revoked().read_clients(&store).unwrap();
    assert_eq!(gate.admit(Some(header.as_bytes()), &scopes), Err(Refusal::Invalid));
    assert_eq!(gate.admit(Some(b"Bearer good"), &scopes), Err(Refusal::Invalid));
    assert_eq!(gate.admit_key(Some(b"third")), Err(Refusal::InvalidKey));
    assert!(gate.admit_key(Some(b"first")).is_ok(), "other clients are none the wiser");
}
