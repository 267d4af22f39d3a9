use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::*;

const BLOCK_BYTES: usize = 100_000;

/// Gives so many blocks and counts them.
fn blocks(
    most: usize,
) -> (Arc<AtomicUsize>, impl FnMut() -> Result<Option<Bytes>, String> + Send + 'static) {
    let made = Arc::new(AtomicUsize::new(0));
    let counter = made.clone();
    let producer = move || {
        let number = counter.load(Ordering::SeqCst);
        if number == most {
            return Ok(None);
        }
        counter.store(number + 1, Ordering::SeqCst);
        Ok(Some(Bytes::from(vec![number as u8; BLOCK_BYTES])))
    };
    (made, producer)
}

/// What is read, and how it ends.
async fn read(download: &Download) -> (usize, Result<(), StreamError>) {
    let mut stream = download.take().unwrap();
    let mut bytes = 0;
    loop {
        match stream.next().await {
            Ok(Some(piece)) => bytes += piece.len(),
            Ok(None) => return (bytes, Ok(())),
            Err(error) => return (bytes, Err(error)),
        }
    }
}

#[tokio::test]
async fn blocks_are_made_only_as_fast_as_they_are_read() {
    let (made, producer) = blocks(50);
    let download = Download::from_blocks(Some(50 * BLOCK_BYTES as u64), producer);
    let clone = download.clone();
    let mut stream = download.take().unwrap();
    assert!(clone.take().is_none());
    assert_eq!(made.load(Ordering::SeqCst), 0, "nothing is made until somebody reads");
    let mut read = 0;
    while let Some(bytes) = stream.next().await.unwrap() {
        assert!(bytes.len() <= FRAME_BYTES_MAX);
        assert!(bytes.iter().all(|byte| usize::from(*byte) == read / BLOCK_BYTES));
        read += bytes.len();
        let ahead = made.load(Ordering::SeqCst) - read.div_ceil(BLOCK_BYTES);
        assert!(ahead <= 1, "{ahead} blocks wait");
    }
    assert_eq!(read, 50 * BLOCK_BYTES);
}

#[tokio::test]
async fn a_size_that_is_not_kept_to_is_an_error_and_never_more_than_announced() {
    let size = 2 * BLOCK_BYTES as u64;
    let (_, producer) = blocks(2);
    assert_eq!(read(&Download::from_blocks(Some(size), producer)).await, (200_000, Ok(())));
    for (most, bytes_most) in [(1, 100_000), (3, 200_000)] {
        let (_, producer) = blocks(most);
        let (bytes, end) = read(&Download::from_blocks(Some(size), producer)).await;
        assert_eq!((bytes, end), (bytes_most, Err(StreamError::BrokenOff)), "{most} blocks");
    }
    let (_, producer) = blocks(3);
    assert_eq!(read(&Download::from_blocks(None, producer)).await, (300_000, Ok(())));
    let nothing = Download::from_blocks(Some(0), || Ok::<_, String>(None));
    assert_eq!(read(&nothing).await, (0, Ok(())));
}

#[tokio::test]
async fn a_producer_that_errs_or_panics_breaks_the_stream_off() {
    let (_, mut blocks) = blocks(9);
    let mut calls = 0;
    let download = Download::from_blocks(None, move || {
        calls += 1;
        if calls == 3 { Err("the disk is gone".to_owned()) } else { blocks() }
    });
    assert_eq!(read(&download).await, (200_000, Err(StreamError::BrokenOff)));
    let download = Download::from_blocks(None, || -> Result<Option<Bytes>, String> { panic!() });
    assert_eq!(read(&download).await, (0, Err(StreamError::BrokenOff)));
}

#[tokio::test]
async fn the_size_that_is_left_is_known() {
    let (_, producer) = blocks(1);
    let download = Download::from_blocks(Some(100_000), producer);
    assert_eq!(download.size(), Some(100_000));
    let mut stream = download.take().unwrap();
    assert_eq!(stream.size_hint().exact(), Some(100_000));
    stream.next().await.unwrap();
    assert_eq!(stream.size_hint().exact(), Some(100_000 - FRAME_BYTES_MAX as u64));
    let (_, producer) = blocks(1);
    assert_eq!(Download::from_blocks(None, producer).take().unwrap().size_hint().exact(), None);
}
