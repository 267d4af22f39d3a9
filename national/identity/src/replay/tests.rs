use base::{Clock, Dice};

use super::*;

fn store(folder: &tempfile::TempDir) -> Store {
    Store::open(folder.path(), Clock::System, &Dice::System).unwrap()
}

fn first(used: Use) -> Transaction {
    match used {
        Use::First(transaction) => *transaction,
        used => panic!("{used:?}"),
    }
}

#[tokio::test]
async fn an_assertion_is_good_once_also_over_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let spent = Spent::load(&store).unwrap();
    assert!(!spent.knows("app", "1"));
    store.commit(first(spent.spend("app", "1", 100, 10))).await.unwrap();
    assert!(spent.knows("app", "1"));
    assert!(matches!(spent.spend("app", "1", 100, 11), Use::Again));
    let again = Spent::load(&store).unwrap();
    assert!(again.knows("app", "1"));
    for (client, id) in [("app", "2"), ("other", "1"), ("app1", ""), ("ap", "p1")] {
        assert!(!again.knows(client, id), "{client} {id}");
    }
}

#[tokio::test]
async fn what_is_over_is_forgotten_in_memory_and_on_disk() {
    let folder = tempfile::tempdir().unwrap();
    let store = store(&folder);
    let spent = Spent::load(&store).unwrap();
    for n in 0..20 {
        store.commit(first(spent.spend("app", &n.to_string(), 100 + n, 10))).await.unwrap();
    }
    // The last second of an assertion is not over.
    store.commit(first(spent.spend("app", "x", 500, 100))).await.unwrap();
    assert!(spent.knows("app", "0"));
    for n in 0..10 {
        store.commit(first(spent.spend("app", &format!("y{n}"), 500, 300))).await.unwrap();
    }
    assert!((0..20).all(|n| !spent.knows("app", &n.to_string())));
    assert_eq!(store.directory().all(SPENT).unwrap().len(), 11);
}

#[test]
fn memory_has_an_end_and_what_came_to_nothing_may_come_again() {
    let spent = Spent { state: Mutex::default(), most: 2 };
    first(spent.spend("app", "1", 100, 10));
    first(spent.spend("app", "2", 100, 10));
    assert!(matches!(spent.spend("app", "3", 100, 10), Use::Full));
    spent.give_back("app", "2");
    first(spent.spend("app", "3", 100, 10));
    assert!(!spent.knows("app", "2"));
    first(spent.spend("app", "4", 300, 200));
}
