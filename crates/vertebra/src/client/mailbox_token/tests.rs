//! The specification's own example.

use base::Secret;

use super::*;

#[test]
fn the_token_is_that_of_the_specification() {
    let identity = Identity {
        mailbox: "X26".into(),
        password: Secret::new("testing".into()),
        shared_key: Secret::new("SharedKey".into()),
    };
    let nonce = "97bf007e-3027-4127-ac9d-f9a25de4de68";
    let now = "2022-10-24T11:55:30Z".parse().unwrap();
    assert_eq!(
        mailbox_token(&identity, nonce, now),
        "NHSMESH X26:97bf007e-3027-4127-ac9d-f9a25de4de68:1:202210241155:\
         b1a882d3615305602f10b8f9a0453865284ce3e4b9e88e7899fb8bb5339da179"
    );
}
