use super::*;

const READ: &str = "app:read";
const READ_ALL: &str = "app:read-all";
const SCOPES: &[ScopeRow] = &[(Mode::Application, READ), (Mode::PrivilegedApplication, READ_ALL)];

fn tokens() -> (AccessTokens, Clock) {
    let clock = Clock::stopped(Timestamp::from_second(1_000).unwrap());
    let keyring = Keyring::new(clock.now(), &Dice::seeded(1));
    let tokens = AccessTokens::new(keyring, Revoked::default(), clock.clone(), Dice::seeded(2));
    (tokens, clock)
}

fn token(scopes: &[&str]) -> AccessToken {
    AccessToken {
        client: "app".into(),
        organisation: "Y1".into(),
        system: "200".into(),
        scopes: scopes.iter().map(|&scope| scope.to_owned()).collect(),
        grants: vec!["tell".into()],
        user: "555".into(),
        roles: vec![Role { id: "1".into(), organisation: "Y1".into(), ..Role::default() }],
        patient: Some("9".into()),
        level: "high".into(),
        session: "s-1".into(),
        sign_in: "n-1".into(),
        issued_s: 1_000,
        expires_s: 1_599,
    }
}

#[test]
fn what_a_token_says_is_what_its_caller_is() {
    let (tokens, _) = tokens();
    let said = token(&[READ]);
    let sealed = tokens.issue(&said).unwrap();
    assert!(!sealed.contains("app") && !sealed.contains('.'));
    assert_eq!(tokens.check(&sealed), Ok(said.clone()));
    let caller = tokens.admit(&sealed, SCOPES).unwrap();
    assert_eq!(caller, said.into_caller(Mode::Application));
    assert!(caller.has("tell"));
}

#[test]
fn the_mode_follows_from_the_scopes_for_the_api() {
    let (tokens, _) = tokens();
    for (held, mode) in [
        (&[READ][..], Ok(Mode::Application)),
        (&[READ_ALL], Ok(Mode::PrivilegedApplication)),
        (&[READ_ALL, READ], Ok(Mode::PrivilegedApplication)),
        (&["app:other", READ], Ok(Mode::Application)),
        (&["app:other"], Err(Refusal::OtherApi)),
        (&["app:rea"], Err(Refusal::OtherApi)),
        (&["APP:READ"], Err(Refusal::OtherApi)),
        (&[], Err(Refusal::OtherApi)),
    ] {
        let sealed = tokens.issue(&token(held)).unwrap();
        let admitted = tokens.admit(&sealed, SCOPES).map(|caller| caller.mode);
        assert_eq!(admitted, mode, "{held:?}");
        assert_eq!(tokens.admit(&sealed, &[]), Err(Refusal::OtherApi), "{held:?}");
    }
}

#[test]
fn a_token_is_good_until_its_last_second() {
    let (tokens, clock) = tokens();
    let sealed = tokens.issue(&token(&[READ])).unwrap();
    clock.advance_ms(598_999);
    assert!(tokens.check(&sealed).is_ok());
    clock.advance_ms(1);
    assert_eq!(tokens.check(&sealed), Err(Refusal::Expired));
}

#[tokio::test]
async fn the_tokens_of_a_revoked_session_are_nobodys() {
    let folder = tempfile::tempdir().unwrap();
    let store = store::Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let (tokens, clock) = tokens();
    let sealed = tokens.issue(&token(&[READ])).unwrap();
    let other = tokens.issue(&AccessToken { session: "s-2".into(), ..token(&[READ]) }).unwrap();
    let (now, together) = (clock.now(), store::Transaction::new());
    tokens.revoked().revoke(&store, "s-1", clock.in_s(599), now, together).await.unwrap();
    assert_eq!(tokens.check(&sealed), Err(Refusal::Invalid));
    assert!(tokens.check(&other).is_ok());
}

#[tokio::test]
async fn a_revoked_sign_in_ends_the_sessions_that_came_of_it() {
    let folder = tempfile::tempdir().unwrap();
    let (tokens, clock) = tokens();
    let store = store::Store::open(folder.path(), clock.clone(), &Dice::System).unwrap();
    let (one, other) = (token(&[READ]), AccessToken { session: "s-2".into(), ..token(&[READ]) });
    let elsewhere = AccessToken { sign_in: "n-2".into(), ..other.clone() };
    let [one, other, elsewhere] = [one, other, elsewhere].map(|it| tokens.issue(&it).unwrap());
    let (now, none) = (clock.now(), store::Transaction::new());
    tokens.revoked().revoke(&store, "n-1", now, now, none).await.unwrap();
    assert_eq!(tokens.check(&one), Err(Refusal::Invalid));
    assert_eq!(tokens.check(&other), Err(Refusal::Invalid));
    assert!(tokens.check(&elsewhere).is_ok());
}

#[test]
fn no_other_sealed_value_is_an_access_token() {
    let (tokens, _) = tokens();
    let sealed = tokens.seal("code", &token(&[READ])).unwrap();
    assert_eq!(tokens.check(&sealed), Err(Refusal::Invalid));
    assert_eq!(tokens.open::<AccessToken>("code", &sealed), Some(token(&[READ])));
    let access = tokens.issue(&token(&[READ])).unwrap();
    assert_eq!(tokens.open::<AccessToken>("code", &access), None);
    assert_eq!(tokens.open::<AccessToken>("", &access), None);
    assert_eq!(tokens.seal("", &token(&[READ])), None);
}
