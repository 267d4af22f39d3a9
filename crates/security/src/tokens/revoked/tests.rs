use base::{Clock, Dice};

use super::*;

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

#[tokio::test]
async fn a_revoked_session_stays_so_over_a_restart_until_its_tokens_have_expired() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::open(folder.path(), Clock::System, &Dice::System).unwrap();
    let revoked = Revoked::load(&store).unwrap();
    assert!(!revoked.holds("one"));
    revoked.revoke(&store, "one", at(100), at(10), Transaction::new()).await.unwrap();
    assert!(revoked.holds("one"));
    let again = Revoked::load(&store).unwrap();
    assert!(again.holds("one") && !again.holds("two"));
    again.revoke(&store, "two", at(300), at(101), Transaction::new()).await.unwrap();
    assert!(!again.holds("one") && again.holds("two"));
    let last = Revoked::load(&store).unwrap();
    assert!(!last.holds("one") && last.holds("two"));
}
