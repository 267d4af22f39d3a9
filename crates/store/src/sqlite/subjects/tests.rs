//! Whoever is looked for is found, nobody else is, and an index that tells less is found out.

use std::path::Path;

use base::{Clock, Dice};
use tempfile::TempDir;

use super::*;
use crate::sqlite::audit_folder::AuditFolder;
use crate::sqlite::folder::DATABASE;
use crate::{Access, Store, Transaction, Witness};

fn open(folder: &Path) -> Store {
    Store::open(folder, Clock::System, &Dice::seeded(1)).unwrap()
}

fn rows(folder: &Path) -> Connection {
    Connection::open(folder.join(DATABASE)).unwrap()
}

/// A line about each of these people.
fn line(store: &Store, people: &[u64]) -> Access {
    let name = |person: &u64| store.audit().pseudonym(&person.to_string());
    Access { subjects: people.iter().map(name).collect(), ..Access::default() }
}

/// So many lines, one each about person 0 to 99 in turn, and every fifth about nobody.
async fn fill(store: &Store, lines: u64) {
    let (first, _) = store.audit().head().unwrap();
    let numbers: Vec<u64> = (first..first + lines).collect();
    for group in numbers.chunks(1_000) {
        let access = |number: &u64| match number % 5 {
            0 => Access::default(),
            _ => line(store, &[number % 100]),
        };
        let all = group.iter().map(access).fold(Transaction::new(), Transaction::access);
        store.commit(all).await.unwrap();
    }
}

/// The lines about a person, by all pages of at most so many.
fn found(store: &Store, person: u64, most: usize) -> Vec<u64> {
    let name = store.audit().pseudonym(&person.to_string());
    let (mut found, mut before) = (Vec::new(), Some(u64::MAX));
    while let Some(end) = before {
        let mut page = Vec::new();
        let visit = &mut |number, line: &str| {
            assert!(line.contains(&name));
            page.push(number);
            page.len() < most
        };
        before = store.audit().read_back_of(&name, end, visit).unwrap();
        assert!(page.len() <= most);
        found.extend(page);
    }
    found
}

fn due(person: u64, lines: u64) -> Vec<u64> {
    (0..lines).rev().filter(|number| number % 100 == person && number % 5 != 0).collect()
}

fn problems(folder: &Path) -> Vec<String> {
    let chain = AuditFolder::open(folder).unwrap();
    chain.verify(&Witness::default(), &mut |_, _| ()).unwrap().problems
}

#[tokio::test]
async fn lines_are_found_by_whom_they_are_about_the_newest_first() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    assert_eq!(found(&store, 7, 9), Vec::<u64>::new());
    let lines = 2 * SPAN + 50;
    fill(&store, lines).await;
    for person in [7, 49, 99] {
        for most in [1_000, 7] {
            assert_eq!(found(&store, person, most), due(person, lines), "{person}, {most} a page");
        }
    }
    assert_eq!(found(&store, 5, 9), Vec::<u64>::new(), "nobody looked at them");
    store.commit(Transaction::new().access(line(&store, &[7, 8, 7]))).await.unwrap();
    for person in [7, 8] {
        assert_eq!(found(&store, person, 9)[..2], [lines, due(person, lines)[0]]);
    }
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
    let chain = AuditFolder::open(folder.path()).unwrap();
    for most in [3, 1_000] {
        let mut seen = Vec::new();
        let visit = &mut |number, _: &str| {
            seen.push(number);
            seen.len() < most
        };
        chain.read_back_of(&store.audit().pseudonym("8"), visit).unwrap();
        let due: Vec<u64> = [lines].into_iter().chain(due(8, lines)).take(most).collect();
        assert_eq!(seen, due);
    }
}

#[tokio::test]
async fn those_who_share_a_place_in_the_index_are_told_apart_by_the_line() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let same = "0123456789abcdef";
    let names = [format!("{same}{}", "a".repeat(16)), format!("{same}{}", "b".repeat(16))];
    for subjects in [vec![names[0].clone()], vec![names[1].clone()], names.to_vec()] {
        let access = Access { subjects, ..Access::default() };
        store.commit(Transaction::new().access(access)).await.unwrap();
    }
    for (name, due) in names.iter().zip([[2, 0], [2, 1]]) {
        let mut found = Vec::new();
        let visit = &mut |number, _: &str| {
            found.push(number);
            true
        };
        assert_eq!(store.audit().read_back_of(name, u64::MAX, visit).unwrap(), None);
        assert_eq!(found, due);
    }
}

/// As a store looked before there was an index.
fn forget(folder: &Path) {
    let sql = "DELETE FROM audit_subject; DELETE FROM audit_unindexed;
        INSERT INTO audit_unindexed
        SELECT 0, max(first + count) FROM audit_block HAVING count(*) > 0;";
    rows(folder).execute_batch(sql).unwrap();
}

#[tokio::test]
async fn an_index_is_built_for_lines_that_stand_already_and_goes_on_where_it_was_cut_off() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    let lines = BATCH + 3_000;
    fill(&store, lines).await;
    store.close();
    drop(store);
    forget(folder.path());
    assert_eq!(problems(folder.path()), Vec::<String>::new(), "one that is being built");
    let chain = AuditFolder::open(folder.path()).unwrap();
    let (name, mut seen) = (chain.pseudonym("7").unwrap(), Vec::new());
    let visit = &mut |number, _: &str| {
        seen.push(number);
        true
    };
    chain.read_back_of(&name, visit).unwrap();
    assert_eq!(seen, due(7, lines), "without an index");
    let store = open(folder.path());
    assert_eq!(found(&store, 7, 1_000), due(7, lines));
    store.close();
    drop(store);
    // A store that was ended after the first batch.
    let cut_off = "DELETE FROM audit_subject WHERE span >= 8;
        INSERT INTO audit_unindexed SELECT 65536, max(first + count) FROM audit_block;";
    rows(folder.path()).execute_batch(cut_off).unwrap();
    let store = open(folder.path());
    assert_eq!(found(&store, 7, 1_000), due(7, lines));
    assert_eq!(store.check(&mut |_, _| ()).unwrap().problems, Vec::<String>::new());
    fill(&store, 100).await;
    assert_eq!(found(&store, 7, 1_000), due(7, lines + 100));
}

#[tokio::test]
async fn a_chain_that_does_not_hold_keeps_no_index_from_being_built() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    fill(&store, 3_000).await;
    store.close();
    drop(store);
    forget(folder.path());
    let broken = "UPDATE audit_block SET body = x'00' WHERE first = 1000";
    rows(folder.path()).execute_batch(broken).unwrap();
    let store = open(folder.path());
    let name = store.audit().pseudonym("7");
    let mut seen = Vec::new();
    let visit = &mut |number, _: &str| {
        seen.push(number);
        true
    };
    store.audit().read_back_of(&name, 1_000, visit).unwrap();
    assert_eq!(seen, due(7, 1_000));
    assert!(!store.check(&mut |_, _| ()).unwrap().is_clean());
}

#[tokio::test]
async fn an_index_that_tells_less_or_more_than_the_chain_is_found_out() {
    let cases = [
        ("DELETE FROM audit_subject WHERE span = 0 AND line = 7", "lacks 1 rows and has 0"),
        ("DELETE FROM audit_subject WHERE span = 1", "lacks 12 rows and has 0"),
        ("INSERT INTO audit_subject VALUES (0, 17, 5)", "lacks 0 rows and has 1"),
        ("INSERT INTO audit_subject VALUES (9, 17, 5)", "lacks 0 rows and has 1"),
        ("UPDATE audit_subject SET subject = 17 WHERE line = 7", "lacks 2 rows and has 2"),
    ];
    for (harm, due) in cases {
        let folder = TempDir::new().unwrap();
        let store = open(folder.path());
        fill(&store, SPAN + 15).await;
        store.close();
        drop(store);
        assert_eq!(problems(folder.path()), Vec::<String>::new());
        rows(folder.path()).execute_batch(harm).unwrap();
        let problems = problems(folder.path());
        assert!(problems.len() == 1 && problems[0].contains(due), "{harm}: {problems:?}");
        // It is no reason not to serve: the chain itself holds.
        assert!(!open(folder.path()).check(&mut |_, _| ()).unwrap().is_clean());
    }
}

#[tokio::test]
async fn a_row_that_leads_to_a_line_of_somebody_else_shows_nothing() {
    let folder = TempDir::new().unwrap();
    let store = open(folder.path());
    fill(&store, 10).await;
    let wrong = "UPDATE audit_subject SET line = 8 WHERE line = 7";
    rows(folder.path()).execute_batch(wrong).unwrap();
    assert_eq!(found(&store, 7, 9), Vec::<u64>::new());
}
