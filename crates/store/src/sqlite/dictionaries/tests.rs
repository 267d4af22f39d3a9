//! Dictionaries make bodies smaller and never unreadable.

use base::{Clock, Dice};
use bytes::Bytes;
use tempfile::TempDir;

use crate::sqlite::{Sqlite, dictionaries};
use crate::{Expect, Key, Put, Transaction};

fn person(number: u32) -> Put {
    let body = format!(
        r#"{{"resourceType":"Patient","id":"{number}","birthDate":"19{:02}-01-{:02}","name":
        [{{"use":"usual","family":"Name{}","given":["Given{}"]}}],"identifier":[{{"system":
        "https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}],"gender":"unknown"}}"#,
        number % 100,
        1 + number % 28,
        number * 7919,
        number * 104_729 % 1_000
    );
    Put {
        key: Key::new("person", number.to_string()),
        expect: Expect::Absent,
        version: None,
        body: Bytes::from(body),
        terms: Vec::new(),
    }
}

fn engine(folder: &TempDir) -> Sqlite {
    Sqlite::open(folder.path(), Clock::System, &Dice::seeded(1)).unwrap()
}

/// The dictionary and the size on disk of a person.
fn kept(engine: &Sqlite, number: u32) -> (i64, i64) {
    let sql = "SELECT dictionary, length(body) FROM resource WHERE id = ?1";
    let found = engine
        .core
        .writing()
        .query_row(sql, [number.to_string()], |row| Ok((row.get(0)?, row.get(1)?)));
    found.unwrap()
}

fn all_there(engine: &Sqlite, numbers: std::ops::Range<u32>) {
    for number in numbers {
        let stored = engine.get("person", &number.to_string()).unwrap().unwrap();
        assert_eq!(stored.body, person(number).body);
    }
}

#[tokio::test]
async fn a_kind_that_grows_gets_one() {
    let folder = TempDir::new().unwrap();
    let engine = engine(&folder);
    for first in (0..1_200).step_by(100) {
        let some = (first..first + 100).fold(Transaction::new(), |all, one| all.put(person(one)));
        engine.commit(some).await.unwrap();
    }
    // The housekeeper does this by itself; it may be at it now, or wait for its turn.
    let kind = engine.core.words.find("person").unwrap();
    for _ in 0..1_000 {
        dictionaries::learn_due(&engine.core).unwrap();
        if engine.core.dictionaries.encoder(kind).is_some() {
            break;
        }
        std::thread::sleep(std::time::Duration::from_millis(10));
    }
    engine.commit(Transaction::new().put(person(1_200))).await.unwrap();
    let ((plain, before), (learnt, after)) = (kept(&engine, 0), kept(&engine, 1_200));
    assert!(plain == 0 && learnt > 0, "{plain} {learnt}");
    assert!(after * 2 < before, "{after} bytes, and {before} without");
    all_there(&engine, 0..1_201);
    drop(engine);
    all_there(&self::engine(&folder), 0..1_201);
}

#[test]
fn a_load_learns_at_once() {
    let folder = TempDir::new().unwrap();
    let engine = engine(&folder);
    engine.load((0..500).map(person).collect()).unwrap();
    assert!(kept(&engine, 0).0 > 0);
    engine.load((500..501).map(person).collect()).unwrap();
    assert_eq!(kept(&engine, 500).0, kept(&engine, 0).0);
    all_there(&engine, 0..501);
    assert!(engine.check(&mut |_, _| ()).unwrap().is_clean());
}
