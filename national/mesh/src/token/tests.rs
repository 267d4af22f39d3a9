use jiff::Timestamp;

use super::{Spent, Token, Use};
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
fn a_token_is_used_once_until_its_time_is_over() {
    let spent = Spent::default();
    let token = Token::read(VECTOR).unwrap();
    let now = at("2022-10-24T11:55:00Z");
    assert_eq!(spent.spend(&token, now), Use::First);
    assert_eq!(spent.spend(&token, now), Use::Again);
    // The same nonce and count under another time are the same token in another dress.
    let later = VECTOR.replace("202210241155", "202210241156");
    assert_eq!(spent.spend(&Token::read(&later).unwrap(), now), Use::Again);
    let counted = VECTOR.replace(":1:", ":2:");
    assert_eq!(spent.spend(&Token::read(&counted).unwrap(), now), Use::First);
    assert_eq!(spent.spend(&token, at("2022-10-24T13:55:00Z")), Use::Again);
    assert_eq!(spent.spend(&token, at("2022-10-24T13:56:00Z")), Use::First);
}

#[test]
fn a_token_that_was_given_back_is_good_again() {
    let spent = Spent::default();
    let token = Token::read(VECTOR).unwrap();
    let now = at("2022-10-24T11:55:00Z");
    assert_eq!(spent.spend(&token, now), Use::First);
    spent.give_back(token.once());
    assert_eq!(spent.spend(&token, now), Use::First);
}

#[test]
fn no_more_are_remembered_than_there_is_room_for() {
    let spent = Spent::remembering(64);
    let now = at("2022-10-24T11:55:00Z");
    let uses: Vec<Use> = (0..200)
        .map(|count| {
            let text = VECTOR.replace(":1:", &format!(":{count}:"));
            spent.spend(&Token::read(&text).unwrap(), now)
        })
        .collect();
    let taken = uses.iter().filter(|one| **one == Use::First).count();
    assert!((1..=64).contains(&taken), "{taken}");
    assert!(uses.iter().all(|one| *one != Use::Again));
}
