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
        assert_eq!(gate.admit(header.map(str::as_bytes)), Err(refusal), "{header:?}");
    }
}

#[test]
fn a_token_selects_the_mode_even_at_an_open_gate() {
    for gate in [Gate::closed(tokens()), Gate::open(tokens())] {
        let caller = gate.admit(Some(b"Bearer good")).unwrap();
        assert_eq!(caller.mode, Mode::Patient);
        assert_eq!(caller.patient.as_deref(), Some("9000000009"));
    }
}

#[test]
fn an_open_gate_takes_a_call_without_credentials_for_a_worker() {
    assert_eq!(Gate::open(tokens()).admit(None).unwrap().mode, Mode::Worker);
    assert_eq!(Gate::open(tokens()).admit(Some(b"Bearer nobody")), Err(Refusal::Invalid));
}
