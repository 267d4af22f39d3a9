use super::*;

fn now() -> Timestamp {
    "2026-01-01T12:00:00Z".parse().unwrap()
}

#[test]
fn a_ring_that_lost_a_key_no_longer_opens_what_that_sealed() {
    let mut ring = Keyring::new(now(), &Dice::seeded(1));
    let first = ring.seal("x", b"one", &Dice::seeded(2)).unwrap();
    ring.turn(now(), &Dice::seeded(3));
    let second = ring.seal("x", b"two", &Dice::seeded(4)).unwrap();
    assert_eq!(ring.shown().len(), 2);
    assert_eq!(ring.open("x", &first).unwrap(), b"one");
    let newest = ring.newest(1);
    assert_eq!(newest.shown(), ring.shown()[1..]);
    assert_eq!((newest.open("x", &first), newest.open("x", &second)), (None, Some(b"two".into())));
    let read = Keyring::from_toml(&newest.to_toml("about")).unwrap();
    assert_eq!(read.open("x", &second).unwrap(), b"two");
    assert_eq!(read.shown(), newest.shown());
}

#[test]
fn nothing_that_is_shown_is_secret() {
    let ring = Keyring::new(now(), &Dice::seeded(1));
    let text = ring.to_toml("about");
    let secret = text.split("secret = \"").nth(1).unwrap().split('"').next().unwrap();
    assert!(!format!("{ring:?} {:?}", ring.shown()).contains(secret));
}
