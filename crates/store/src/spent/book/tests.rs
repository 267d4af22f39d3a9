//! What the files of the ledger survive.

use std::fs;
use std::path::{Path, PathBuf};

use base::Clock;
use tempfile::TempDir;

use super::*;
use crate::check::Report;
use crate::spent::files;
use crate::spent::record::RECORD_BYTES;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn clock() -> Clock {
    Clock::stopped(at("2026-03-01T10:30:00Z"))
}

fn token(n: usize) -> Digest {
    Digest::of("token", &n.to_string())
}

/// Uses the tokens of these numbers, until noon.
async fn spend(book: &Book, numbers: std::ops::Range<usize>) {
    for n in numbers {
        assert!(book.spend(token(n), at("2026-03-01T12:00:00Z")).await.unwrap());
    }
}

fn files_of(data: &Path) -> Vec<PathBuf> {
    let mut files: Vec<_> =
        fs::read_dir(data.join("spent")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn problems(data: &Path) -> usize {
    let mut report = Report::default();
    files::check(data, &mut report).unwrap();
    report.problems.len()
}

#[tokio::test]
async fn what_was_used_stays_used_after_opening_again() {
    let data = TempDir::new().unwrap();
    let book = Book::open(data.path(), clock()).unwrap();
    spend(&book, 0..20).await;
    book.give_back(&token(7));
    drop(book);
    let book = Book::open(data.path(), clock()).unwrap();
    for n in 0..20 {
        let first = book.spend(token(n), Timestamp::MAX).await.unwrap();
        assert_eq!(first, n == 7, "{n}");
    }
}

#[tokio::test]
async fn a_record_that_was_cut_off_is_left_out_and_the_rest_holds() {
    for cut in [1, 10, RECORD_BYTES - 1] {
        let data = TempDir::new().unwrap();
        let book = Book::open(data.path(), clock()).unwrap();
        spend(&book, 0..3).await;
        drop(book);
        let [file] = files_of(data.path()).try_into().unwrap();
        let bytes = fs::read(&file).unwrap();
        assert_eq!(bytes.len(), 3 * RECORD_BYTES);
        fs::write(&file, &bytes[..bytes.len() - cut]).unwrap();
        let book = Book::open(data.path(), clock()).unwrap();
        assert_eq!([0, 1, 2].map(|n| book.is_spent(&token(n))), [true, true, false], "{cut}");
        spend(&book, 2..4).await;
        drop(book);
        assert_eq!(problems(data.path()), 0);
        let book = Book::open(data.path(), clock()).unwrap();
        assert!((0..4).all(|n| book.is_spent(&token(n))), "{cut}");
    }
}

#[tokio::test]
async fn a_damaged_record_costs_no_other_and_a_check_tells() {
    let data = TempDir::new().unwrap();
    let book = Book::open(data.path(), clock()).unwrap();
    spend(&book, 0..3).await;
    drop(book);
    let [file] = files_of(data.path()).try_into().unwrap();
    let mut bytes = fs::read(&file).unwrap();
    bytes[RECORD_BYTES + 3] ^= 1;
    fs::write(&file, bytes).unwrap();
    assert_eq!(problems(data.path()), 1);
    let book = Book::open(data.path(), clock()).unwrap();
    assert_eq!([0, 1, 2].map(|n| book.is_spent(&token(n))), [true, false, true]);
}

#[tokio::test]
async fn what_is_over_is_forgotten_and_its_files_go() {
    let data = TempDir::new().unwrap();
    let clock = clock();
    let book = Book::open(data.path(), clock.clone()).unwrap();
    spend(&book, 0..3).await;
    clock.advance_ms(2 * 3_600_000);
    // Half past twelve: the hour of noon is not over.
    assert!(!book.spend(token(0), Timestamp::MAX).await.unwrap());
    assert!(book.spend(token(3), at("2026-03-01T13:59:00Z")).await.unwrap());
    assert_eq!(files_of(data.path()).len(), 2);
    clock.advance_ms(3_600_000);
    assert!(book.spend(token(0), at("2026-03-01T14:00:00Z")).await.unwrap());
    assert_eq!(files_of(data.path()).len(), 2, "that of ten o'clock went");
    drop(book);
    clock.advance_ms(2 * 3_600_000);
    let book = Book::open(data.path(), clock).unwrap();
    assert!(!book.is_spent(&token(0)));
    assert!(files_of(data.path()).is_empty());
}

#[tokio::test]
async fn a_clock_that_goes_back_loses_nothing() {
    let data = TempDir::new().unwrap();
    let clock = clock();
    let book = Book::open(data.path(), clock.clone()).unwrap();
    spend(&book, 0..1).await;
    book.give_back(&token(0));
    clock.advance_ms(-3 * 3_600_000);
    spend(&book, 0..2).await;
    drop(book);
    let book = Book::open(data.path(), clock).unwrap();
    assert!(book.is_spent(&token(0)) && book.is_spent(&token(1)));
}

#[tokio::test]
async fn memory_has_an_end() {
    let data = TempDir::new().unwrap();
    let clock = clock();
    let book = Book::remembering(64, data.path(), clock.clone()).unwrap();
    let mut first = 0;
    for n in 0..300 {
        match book.spend(token(n), at("2026-03-01T12:00:00Z")).await {
            Ok(true) => first += 1,
            Err(StoreError::Busy) => assert!(!book.is_spent(&token(n))),
            other => panic!("{other:?}"),
        }
    }
    assert!((32..=64).contains(&first), "{first}");
    clock.advance_ms(3 * 3_600_000);
    assert!(book.spend(token(299), Timestamp::MAX).await.unwrap(), "there is room again");
}

#[tokio::test]
async fn when_the_disk_refuses_nothing_is_used() {
    let data = TempDir::new().unwrap();
    let book = Book::open(data.path(), clock()).unwrap();
    // A file where the folder should be.
    fs::write(data.path().join("spent"), "").unwrap();
    assert!(book.spend(token(1), Timestamp::MAX).await.is_err());
    let later = book.spend(token(2), Timestamp::MAX).await;
    assert!(matches!(later, Err(StoreError::Stopped)), "{later:?}");
}

#[tokio::test]
async fn a_closed_ledger_takes_no_more() {
    let data = TempDir::new().unwrap();
    let book = Book::open(data.path(), clock()).unwrap();
    spend(&book, 0..1).await;
    book.close();
    assert!(matches!(book.spend(token(1), Timestamp::MAX).await, Err(StoreError::Stopped)));
}
