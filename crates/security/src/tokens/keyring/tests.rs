use proptest::prelude::*;

use super::*;

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

fn ring() -> Keyring {
    Keyring::new(now(), &Dice::seeded(1))
}

#[test]
fn no_bit_of_a_sealed_token_can_be_changed() {
    let ring = ring();
    let token = ring.seal("x", b"content", &Dice::seeded(2)).unwrap();
    assert_eq!(ring.open("x", &token).unwrap(), b"content");
    let bytes = URL_SAFE_NO_PAD.decode(&token).unwrap();
    for bit in 0..bytes.len() * 8 {
        let mut changed = bytes.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let changed = URL_SAFE_NO_PAD.encode(changed);
        assert_eq!(ring.open("x", &changed), Err(Refusal::Invalid), "bit {bit}");
    }
    for cut in 0..token.len() {
        assert_eq!(ring.open("x", &token[..cut]), Err(Refusal::Invalid), "cut at {cut}");
    }
    for spelled in [format!("{token}="), format!(" {token}"), format!("{token}A")] {
        assert_eq!(ring.open("x", &spelled), Err(Refusal::Invalid));
    }
}

#[test]
fn the_newest_key_seals_and_the_one_before_still_opens() {
    let mut ring = ring();
    let first = ring.seal("x", b"one", &Dice::seeded(2)).unwrap();
    ring.turn(now(), &Dice::seeded(3));
    let second = ring.seal("x", b"two", &Dice::seeded(4)).unwrap();
    assert_eq!(ring.open("x", &first).unwrap(), b"one");
    assert_eq!(ring.open("x", &second).unwrap(), b"two");
    ring.turn(now(), &Dice::seeded(5));
    assert_eq!(ring.open("x", &first), Err(Refusal::Invalid));
    assert_eq!(ring.open("x", &second).unwrap(), b"two");
}

#[test]
fn a_ring_that_was_written_down_is_the_same_ring() {
    let mut ring = ring();
    ring.turn(now(), &Dice::seeded(3));
    let token = ring.seal("x", b"one", &Dice::seeded(4)).unwrap();
    let read = Keyring::from_toml(&ring.to_toml()).unwrap();
    assert_eq!(read.open("x", &token).unwrap(), b"one");
    assert_eq!(read.to_toml(), ring.to_toml());
    let another = Keyring::new(now(), &Dice::seeded(9));
    assert_eq!(another.open("x", &token), Err(Refusal::Invalid));
}

#[test]
fn a_key_is_due_to_be_replaced_after_thirty_days() {
    let ring = ring();
    let later = |s: i64| Timestamp::from_second(now().as_second() + s).unwrap();
    assert!(!ring.is_due(later(SEALS_S_MAX)));
    assert!(ring.is_due(later(SEALS_S_MAX + 1)));
}

#[test]
fn a_damaged_file_is_no_ring_and_no_secret_is_quoted() {
    let whole = ring().to_toml();
    let secret = whole.split("secret = \"").nth(1).unwrap().split('"').next().unwrap().to_owned();
    for damaged in [
        String::new(),
        "key = []".into(),
        whole.replace(&secret, &secret[1..]),
        whole.replace("secret", "sesame"),
    ] {
        let error = Keyring::from_toml(&damaged).unwrap_err();
        assert!(!error.contains(&secret[1..]), "{error}");
    }
    assert!(!format!("{:?}", ring()).contains(&secret));
}

#[test]
fn what_was_sealed_for_one_purpose_is_not_opened_for_another() {
    let token = ring().seal("x", b"one", &Dice::seeded(4)).unwrap();
    for other in ["", "y", "xx"] {
        assert_eq!(ring().open(other, &token), Err(Refusal::Invalid), "{other}");
    }
}

#[test]
fn what_is_too_long_is_not_sealed() {
    assert_eq!(ring().seal("x", &vec![0; ACCESS_TOKEN_BYTES_MAX], &Dice::seeded(1)), None);
}

proptest! {
    #[test]
    fn any_content_comes_back(content in proptest::collection::vec(any::<u8>(), 0..300)) {
        let token = ring().seal("x", &content, &Dice::System).unwrap();
        prop_assert_eq!(ring().open("x", &token).unwrap(), content);
    }

    #[test]
    fn no_text_makes_it_fall_over(text in ".{0,200}") {
        prop_assert_eq!(ring().open("x", &text), Err(Refusal::Invalid));
    }
}
