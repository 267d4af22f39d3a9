use base::{Clock, Dice};

use super::*;

const FAR_S: i64 = 4_000_000_000;

fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Clock::System, &Dice::System).unwrap()
}

#[tokio::test]
async fn an_assertion_is_good_once_also_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let before = store(&folder);
    assert!(!is_spent(&before, "app", "1"));
    assert!(spend(&before, "app", "1", FAR_S).await.unwrap());
    assert!(!spend(&before, "app", "1", FAR_S).await.unwrap());
    drop(before);
    let after = store(&folder);
    assert!(is_spent(&after, "app", "1"));
    for (client, id) in [("app", "2"), ("other", "1"), ("app1", ""), ("ap", "p1")] {
        assert!(!is_spent(&after, client, id), "{client} {id}");
    }
    give_back(&after, "app", "1");
    assert!(spend(&after, "app", "1", FAR_S).await.unwrap());
}
