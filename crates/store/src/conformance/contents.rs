//! Large bodies: parts go out and come back, and leave nothing behind.

use bytes::Bytes;
use sha2::{Digest, Sha256};

use super::messages::{accept, id};
use super::{Failure, Outcome, conflicts, holds, same, sound, there};
use crate::contents::{BLOCK_BYTES, Content, ContentId, WrittenPart};
use crate::messages::{Accept, Message};
use crate::{Expect, Store, StoreError, Transaction};

/// The content of the nth message.
fn content(n: u64) -> ContentId {
    ContentId(id(n).0)
}

/// Bytes that differ from block to block, and from seed to seed.
fn made_up(bytes: usize, seed: u64) -> Vec<u8> {
    let byte = |place: u64| (place.wrapping_mul(2_654_435_761) >> 13).wrapping_add(seed) as u8;
    (0..bytes as u64).map(byte).collect()
}

/// Writes a part in pieces of an odd size.
fn write(
    store: &Store,
    content: ContentId,
    number: u32,
    bytes: &[u8],
) -> Result<WrittenPart, StoreError> {
    let mut writer = store.contents().write(content, number)?;
    for piece in bytes.chunks(100_003) {
        writer.write(piece)?;
    }
    writer.finish(format!("part {number}"))
}

/// Reads a part to its end.
fn read(store: &Store, content: ContentId, number: u32) -> Result<Option<Vec<u8>>, StoreError> {
    let Some(mut reader) = store.contents().read(content, number)? else { return Ok(None) };
    let mut all = Vec::new();
    while let Some(bytes) = reader.next()? {
        all.extend_from_slice(&bytes);
    }
    Ok(Some(all))
}

/// Fails without printing it when a part is not as it should be.
fn is_part(store: &Store, content: ContentId, number: u32, due: &[u8]) -> Outcome {
    let found = read(store, content, number)?;
    holds("the part is as it was written", found.as_deref() == Some(due))
}

/// What accepts the nth message with a content of so many parts.
fn begin(n: u64, parts: u32) -> Transaction {
    let message =
        Message { body: Bytes::new(), content: Some(content(n)), ..accept(n, "a").message };
    Transaction::new().begin_content(content(n), parts).accept(Accept { message, ..accept(n, "a") })
}

async fn add(store: &Store, part: WrittenPart) -> Result<(), StoreError> {
    store.commit(Transaction::new().part(part)).await
}

/// How much of a content is there.
fn seen(store: &Store, n: u64) -> Result<Content, Failure> {
    there("the content", store.contents().get(content(n))?)
}

pub(super) async fn sizes(store: &Store) -> Outcome {
    let block = BLOCK_BYTES;
    for (n, size) in (1..).zip([0, 1, block - 1, block, block + 1, 3 * block, 5 * block + 7]) {
        let bytes = made_up(size, n);
        let part = write(store, content(n), 1, &bytes)?;
        same("bytes", &part.part().bytes, &(size as u64))?;
        let digest: [u8; 32] = Sha256::digest(&bytes).into();
        same("digest", &part.part().digest, &digest)?;
        store.commit(begin(n, 1).part(part)).await?;
        is_part(store, content(n), 1, &bytes)?;
        let found = seen(store, n)?;
        same("bytes", &found.bytes(), &(size as u64))?;
        same("digests", &found.present.iter().map(|part| part.digest).collect(), &vec![digest])?;
        same("notes", &found.present.iter().all(|part| part.note == "part 1"), &true)?;
        let kept = there("the message", store.messages().get(id(n))?)?;
        same("its content", &kept.content, &Some(content(n)))?;
    }
    let mut reader = there("a part", store.contents().read(content(7), 1)?)?;
    while let Some(bytes) = reader.next()? {
        holds("never more than a block", bytes.len() <= block)?;
    }
    same("the end stays the end", &reader.next()?, &None)?;
    sound(store)
}

pub(super) async fn fills(store: &Store) -> Outcome {
    same("none", &store.contents().get(content(1))?, &None)?;
    store.commit(begin(1, 3)).await?;
    same("begun", &seen(store, 1)?, &Content { parts: 3, present: Vec::new() })?;
    for (number, whole) in [(3, false), (1, false), (2, true)] {
        add(store, write(store, content(1), number, &made_up(10, number.into()))?).await?;
        same("whole", &seen(store, 1)?.is_whole(), &whole)?;
    }
    let numbers: Vec<u32> = seen(store, 1)?.present.iter().map(|part| part.number).collect();
    same("in order", &numbers, &vec![1, 2, 3])?;
    for number in 1..=3 {
        is_part(store, content(1), number, &made_up(10, number.into()))?;
    }
    same("no fourth", &read(store, content(1), 4)?, &None)?;
    sound(store)
}

pub(super) async fn replaced(store: &Store) -> Outcome {
    let (first, second) = (made_up(3 * BLOCK_BYTES, 1), made_up(1000, 2));
    store.commit(begin(1, 1).part(write(store, content(1), 1, &first)?)).await?;
    let mut reader = there("the first", store.contents().read(content(1), 1)?)?;
    add(store, write(store, content(1), 1, &second)?).await?;
    is_part(store, content(1), 1, &second)?;
    same("parts", &seen(store, 1)?.present.len(), &1)?;
    store.contents().sweep()?;
    let mut length = 0;
    while let Some(bytes) = reader.next()? {
        length += bytes.len();
    }
    same("what was begun is read to its end", &length, &first.len())?;
    is_part(store, content(1), 1, &second)?;
    let twice = Transaction::new().part(write(store, content(1), 1, &first)?).part(write(
        store,
        content(1),
        1,
        &second,
    )?);
    store.commit(twice).await?;
    is_part(store, content(1), 1, &second)?;
    store.contents().sweep()?;
    is_part(store, content(1), 1, &second)?;
    sound(store)
}

pub(super) async fn belongs(store: &Store) -> Outcome {
    let part = |number| write(store, content(1), number, b"bytes");
    let refused = store.contents().write(content(1), 0);
    holds("there is no part 0", matches!(refused, Err(StoreError::Invalid(_))))?;
    conflicts(add(store, part(1)?).await, None)?;
    store.commit(begin(1, 2)).await?;
    let again = Transaction::new().begin_content(content(1), 5);
    conflicts(store.commit(again).await, Some(2))?;
    let twice = Transaction::new().begin_content(content(2), 5).begin_content(content(2), 6);
    conflicts(store.commit(twice).await, Some(5))?;
    conflicts(add(store, part(3)?).await, Some(2))?;
    add(store, part(2)?).await?;
    same("nothing is left over", &store.contents().sweep()?, &0)?;
    store.commit(Transaction::new().erase(id(1))).await?;
    conflicts(add(store, part(1)?).await, None)?;
    same("gone", &store.contents().get(content(1))?, &None)?;
    sound(store)
}

pub(super) async fn again(store: &Store) -> Outcome {
    let bytes = made_up(2000, 1);
    let part = write(store, content(1), 1, &bytes)?;
    let late = begin(1, 1).part(part).put(super::put("x", Expect::Version(1), ""));
    conflicts(store.commit(late.clone()).await, None)?;
    super::commit(store, super::put("x", Expect::Absent, "")).await?;
    store.commit(late.clone()).await?;
    is_part(store, content(1), 1, &bytes)?;
    // The part of a transaction that was committed stays when its clones go.
    drop(late);
    store.contents().sweep()?;
    is_part(store, content(1), 1, &bytes)?;
    // A part that is in its place may be added again, but not once another has replaced it.
    let other = Transaction::new().part(write(store, content(1), 1, b"other")?);
    store.commit(other.clone()).await?;
    store.commit(other.clone()).await?;
    store.contents().sweep()?;
    is_part(store, content(1), 1, b"other")?;
    add(store, write(store, content(1), 1, &bytes)?).await?;
    super::invalid("replaced since", &store.commit(other).await)?;
    store.contents().sweep()?;
    is_part(store, content(1), 1, &bytes)?;
    sound(store)
}

pub(super) async fn given_up(store: &Store) -> Outcome {
    store.commit(begin(1, 9)).await?;
    let mut writer = store.contents().write(content(1), 1)?;
    writer.write(&made_up(2 * BLOCK_BYTES, 1))?;
    same("what is being written is spared", &store.contents().sweep()?, &0)?;
    drop(writer);
    let part = write(store, content(1), 2, b"bytes")?;
    same("so is what waits for its commit", &store.contents().sweep()?, &0)?;
    let transaction = Transaction::new().part(part);
    let clone = transaction.clone();
    drop(transaction);
    store.commit(clone).await?;
    drop(write(store, content(1), 3, b"bytes")?);
    same("nothing is left over", &store.contents().sweep()?, &0)?;
    is_part(store, content(1), 2, b"bytes")?;
    same("one part", &seen(store, 1)?.present.len(), &1)?;
    sound(store)
}

pub(super) async fn erased(store: &Store) -> Outcome {
    let bytes = made_up(4 * BLOCK_BYTES, 3);
    for n in [1, 2] {
        store.commit(begin(n, 1).part(write(store, content(n), 1, &bytes)?)).await?;
    }
    let mut reader = there("the part", store.contents().read(content(1), 1)?)?;
    let mut all = there("a block", reader.next()?)?.to_vec();
    store.commit(Transaction::new().erase(id(1))).await?;
    store.contents().sweep()?;
    while let Some(bytes) = reader.next()? {
        all.extend_from_slice(&bytes);
    }
    holds("it is read to its end", all == bytes)?;
    same("gone", &read(store, content(1), 1)?, &None)?;
    same("nothing is there of it", &store.contents().get(content(1))?, &None)?;
    let message = there("the message", store.messages().get(id(1))?)?;
    same("its content had this number", &message.content, &Some(content(1)))?;
    is_part(store, content(2), 1, &bytes)?;
    store.commit(begin(3, 1)).await?;
    store.commit(Transaction::new().erase(id(3))).await?;
    same("nor of one without parts", &store.contents().get(content(3))?, &None)?;
    sound(store)
}

pub(super) async fn backup(store: &Store) -> Outcome {
    let failed = |error: std::io::Error| Failure(error.to_string());
    let folder = std::env::temp_dir().join(format!("conformance-parts-{}", std::process::id()));
    if folder.exists() {
        std::fs::remove_dir_all(&folder).map_err(failed)?;
    }
    let bytes = made_up(2 * BLOCK_BYTES + 5, 1);
    for n in [1, 2] {
        store.commit(begin(n, 2).part(write(store, content(n), 2, &bytes)?)).await?;
    }
    store.commit(Transaction::new().erase(id(2))).await?;
    let (copy, restored) = (folder.join("copy"), folder.join("restored"));
    store.backup(&copy)?;
    store.commit(Transaction::new().erase(id(1))).await?;
    store.contents().sweep()?;
    let keys = folder.join("keys");
    store.copy_keys(&keys)?;
    Store::restore(&copy, &keys, &restored)?;
    let then = Store::open(&restored, base::Clock::System, &base::Dice::System)?;
    is_part(&then, content(1), 2, &bytes)?;
    same("erased", &read(&then, content(2), 2)?, &None)?;
    same("here", &read(store, content(1), 2)?, &None)?;
    then.commit(Transaction::new().part(write(&then, content(1), 1, &bytes)?)).await?;
    same("it goes on", &seen(&then, 1)?.is_whole(), &true)?;
    sound(&then)?;
    drop(then);
    std::fs::remove_dir_all(&folder).map_err(failed)
}

pub(super) fn room(store: &Store) -> Outcome {
    let room = store.room()?;
    holds("some is free", room.free_bytes > 0 && room.free_bytes <= room.total_bytes)
}
