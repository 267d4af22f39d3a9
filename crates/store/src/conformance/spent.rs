//! What may be used once.

use jiff::Timestamp;

use super::{Failure, Outcome, holds, same, sound};
use crate::Store;

fn until() -> Timestamp {
    Timestamp::MAX
}

pub(super) async fn once(store: &Store) -> Outcome {
    let spent = store.spent();
    holds("nothing is used at first", !spent.is_spent("token", "a"))?;
    same("the first use", &spent.spend("token", "a", until()).await?, &true)?;
    same("the second", &spent.spend("token", "a", until()).await?, &false)?;
    holds("it is known", spent.is_spent("token", "a"))?;
    same("another", &spent.spend("token", "b", until()).await?, &true)?;
    same("of another kind", &spent.spend("code", "a", until()).await?, &true)?;
    same("counted", &store.check(&mut |_, _| ())?.spent, &3)?;
    sound(store)
}

pub(super) async fn contest(store: &Store) -> Outcome {
    let mut uses = tokio::task::JoinSet::new();
    for n in 0..400 {
        let store = store.clone();
        uses.spawn(
            async move { store.spent().spend("token", &(n % 100).to_string(), until()).await },
        );
    }
    let mut first = 0;
    while let Some(used) = uses.join_next().await {
        first += i32::from(used.map_err(|error| Failure(error.to_string()))??);
    }
    same("first uses", &first, &100)
}

pub(super) async fn given_back(store: &Store) -> Outcome {
    let spent = store.spent();
    spent.spend("token", "a", until()).await?;
    spent.give_back("token", "a");
    holds("given back", !spent.is_spent("token", "a"))?;
    same("used again", &spent.spend("token", "a", until()).await?, &true)?;
    same("and no more", &spent.spend("token", "a", until()).await?, &false)?;
    sound(store)
}
