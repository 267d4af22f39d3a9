//! What travelled.

use bytes::Bytes;
use jiff::Timestamp;

use super::{Outcome, invalid, same};
use crate::travels::{CONVERSATION_BYTES_MAX, Leg};
use crate::{Store, StoreError, Transaction};

fn at(second: i64) -> Timestamp {
    Timestamp::from_second(1_700_000_000 + second).unwrap_or_default()
}

fn leg(conversation: &str, second: i64) -> Leg {
    let body = Bytes::from(format!("{conversation} {second}"));
    Leg { conversation: conversation.to_owned(), at: at(second), body }
}

async fn tell(store: &Store, legs: &[Leg]) -> Result<(), StoreError> {
    let all = legs.iter().cloned().fold(Transaction::new(), Transaction::leg);
    store.commit(all).await
}

pub(super) async fn in_order(store: &Store) -> Outcome {
    let told = [leg("a", 2), leg("a", 1), leg("b", 3)];
    tell(store, &told).await?;
    tell(store, &[leg("a", 4)]).await?;
    let due = vec![leg("a", 2), leg("a", 1), leg("a", 4)];
    same("as they were told", &store.travels().legs("a", 9)?, &due)?;
    same("at most", &store.travels().legs("a", 1)?.len(), &1)?;
    same("of nothing", &store.travels().legs("c", 9)?, &Vec::new())?;
    let seen = store.travels().conversation("a")?.map(|one| (one.began, one.latest, one.legs));
    same("from afar", &seen, &Some((at(1), at(4), 3)))?;
    let long = "x".repeat(CONVERSATION_BYTES_MAX + 1);
    invalid("a long name", &tell(store, &[leg(&long, 1)]).await)
}

pub(super) async fn latest(store: &Store) -> Outcome {
    tell(store, &[leg("a", 5), leg("b", 7), leg("c", 6)]).await?;
    tell(store, &[leg("a", 8)]).await?;
    let names = |most| -> Result<Vec<String>, StoreError> {
        Ok(store.travels().latest(most)?.into_iter().map(|one| one.id).collect())
    };
    same("all", &names(9)?.concat().as_str(), &"abc")?;
    same("two", &names(2)?.concat().as_str(), &"ab")
}

pub(super) async fn forgotten(store: &Store) -> Outcome {
    tell(store, &[leg("a", 1), leg("b", 2), leg("a", 9)]).await?;
    same("one is old", &store.travels().forget_before(at(3)).await?, &1)?;
    same("it is gone", &store.travels().conversation("b")?, &None)?;
    same("with its legs", &store.travels().legs("b", 9)?, &Vec::new())?;
    same("the other stays", &store.travels().legs("a", 9)?.len(), &2)?;
    tell(store, &[leg("b", 20)]).await?;
    same("it may begin again", &store.travels().legs("b", 9)?, &vec![leg("b", 20)])
}
