use jiff::Timestamp;

use super::Token;
use crate::house::Secret;

/// The vector that the specification's readers checked their clients with.
const VECTOR: &str = "NHSMESH X26:97bf007e-3027-4127-ac9d-f9a25de4de68:1:202210241155:\
    b1a882d3615305602f10b8f9a0453865284ce3e4b9e88e7899fb8bb5339da179";

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn secret(password: &str, shared_key: &str) -> Secret {
    Secret { password: password.into(), shared_key: shared_key.into() }
}

#[test]
fn the_published_vector_is_proved() {
    let token = Token::read(VECTOR).unwrap();
    assert_eq!(token.mailbox, "X26");
    assert!(token.is_made_with(&secret("testing", "SharedKey")));
    assert!(!token.is_made_with(&secret("Testing", "SharedKey")));
    assert!(!token.is_made_with(&secret("testing", "sharedkey")));
    let changed = VECTOR.replace(":1:", ":2:");
    assert!(!Token::read(&changed).unwrap().is_made_with(&secret("testing", "SharedKey")));
}

#[test]
fn what_is_no_token_is_not_read() {
    let (start, hash) = VECTOR.rsplit_once(':').unwrap();
    let refused = [
        "",
        "NHSMESH",
        "NHSMESH ",
        "Bearer x",
        "NHSMESH X26:a:b",
        &format!("nhsmesh {}", &VECTOR[8..]),
        &format!("{VECTOR}:more"),
        &format!("{VECTOR}0"),
        &format!("{start}:{}", hash.replace('b', "x")),
        &VECTOR.replace(":1:", "::"),
        &VECTOR.replace(":1:", ":one:"),
        &VECTOR.replace(":1:", ":123456789012345678901:"),
        &VECTOR.replace("202210241155", "20221024115"),
        &VECTOR.replace("202210241155", "202213241155"),
        &VECTOR.replace("202210241155", "2022-0-24115"),
    ];
    for header in refused {
        assert!(Token::read(header).is_none(), "{header}");
    }
}

#[test]
fn a_token_is_fresh_for_two_hours_either_way() {
    let token = Token::read(VECTOR).unwrap();
    for (now, fresh) in [
        ("2022-10-24T11:55:59Z", true),
        ("2022-10-24T13:55:59Z", true),
        ("2022-10-24T13:56:00Z", false),
        ("2022-10-24T09:55:00Z", true),
        ("2022-10-24T09:54:59Z", false),
    ] {
        assert_eq!(token.is_fresh(at(now)), fresh, "{now}");
    }
}

#[test]
fn a_token_is_remembered_for_as_long_as_it_is_fresh() {
    let token = Token::read(VECTOR).unwrap();
    assert_eq!(token.over(), at("2022-10-24T13:56:00Z"));
    assert!(!token.is_fresh(token.over()));
}

#[test]
fn a_token_is_its_mailbox_nonce_and_count() {
    let once = |text: &str| Token::read(text).unwrap().once();
    let first = once(VECTOR);
    // The same nonce and count under another time are the same token in another dress.
    assert_eq!(once(&VECTOR.replace("202210241155", "202210241156")), first);
    assert_ne!(once(&VECTOR.replace(":1:", ":2:")), first);
    assert_ne!(once(&VECTOR.replace("X26", "X27")), first);
    assert_ne!(once(&VECTOR.replace("97bf", "97be")), first);
}
