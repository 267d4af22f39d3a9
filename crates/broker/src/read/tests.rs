use store::contents::{ContentId, WrittenPart};
use store::{Store, Transaction};

use super::BodyReader;
use crate::tests::trial::Trial;

fn part(store: &Store, id: ContentId, number: u32, text: &str, note: &str) -> WrittenPart {
    let mut writer = store.contents().write(id, number).unwrap();
    writer.write(text.as_bytes()).unwrap();
    writer.finish(note.to_owned()).unwrap()
}

/// A body of these parts and the notes on them, written last part first.
async fn body(trial: &Trial, parts: &[(&str, &str)]) -> ContentId {
    let store = trial.broker.store();
    let id = ContentId(trial.broker.reserve().0);
    let begun = Transaction::new().begin_content(id, parts.len() as u32);
    let all = parts.iter().enumerate().rev().fold(begun, |all, (at, (text, note))| {
        all.part(part(store, id, at as u32 + 1, text, note))
    });
    store.commit(all).await.unwrap();
    id
}

fn read(mut reader: BodyReader) -> String {
    let mut text = String::new();
    while let Some(block) = reader.next_block().unwrap() {
        text.push_str(std::str::from_utf8(&block).unwrap());
    }
    text
}

#[tokio::test]
async fn all_parts_come_in_order() {
    let trial = Trial::new().await;
    let id = body(&trial, &[("one ", ""), ("two ", "gzip"), ("three", "")]).await;
    let reader = BodyReader::open(trial.broker.store(), id).unwrap().unwrap();
    assert_eq!((reader.bytes(), reader.encoding()), (13, ""));
    assert_eq!(read(reader), "one two three");
}

#[tokio::test]
async fn it_is_compressed_when_every_part_is() {
    let trial = Trial::new().await;
    let id = body(&trial, &[("one", "gzip"), ("two", "gzip")]).await;
    let reader = BodyReader::open(trial.broker.store(), id).unwrap().unwrap();
    assert_eq!(reader.encoding(), "gzip");
}

#[tokio::test]
async fn what_is_not_whole_or_not_there_is_nothing() {
    let trial = Trial::new().await;
    let store = trial.broker.store();
    let id = ContentId(trial.broker.reserve().0);
    assert!(BodyReader::open(store, id).unwrap().is_none());
    let begun = Transaction::new().begin_content(id, 2).part(part(store, id, 1, "one", ""));
    store.commit(begun).await.unwrap();
    assert!(BodyReader::open(store, id).unwrap().is_none());
}
