//! Many at once, and the end.

use tokio::task::JoinSet;

use super::{Failure, Outcome, body, coloured, commit, conflicts, holds, put, same, sound};
use crate::{Expect, Store, StoreError, Transaction};

const TASKS: u64 = 100;

/// Waits for all tasks, and for all of them to have gone well.
async fn all_well(mut tasks: JoinSet<Outcome>) -> Outcome {
    while let Some(done) = tasks.join_next().await {
        done.map_err(|error| Failure(error.to_string()))??;
    }
    Ok(())
}

/// Adds one to the number in a resource, as often as it takes.
async fn increment(store: Store) -> Outcome {
    loop {
        let stored = store.resources().get("thing", "counter")?;
        let stored = stored.ok_or_else(|| Failure("the counter is gone".to_owned()))?;
        let text = String::from_utf8_lossy(&stored.body).into_owned();
        let count: u64 = text.parse().map_err(|_| Failure(format!("not a number: {text}")))?;
        let next = put("counter", Expect::Version(stored.version), &(count + 1).to_string());
        match commit(&store, next).await {
            Err(StoreError::Conflict { .. }) => {}
            other => return Ok(other?),
        }
    }
}

pub(super) async fn increments(store: &Store) -> Outcome {
    commit(store, put("counter", Expect::Absent, "0")).await?;
    let mut tasks = JoinSet::new();
    for _ in 0..TASKS {
        tasks.spawn(increment(store.clone()));
    }
    all_well(tasks).await?;
    same("the count", &body(store, "counter")?, &Some(TASKS.to_string()))?;
    let history = store.resources().history("thing", "counter", usize::MAX)?;
    same("versions", &(history.len() as u64), &(TASKS + 1))?;
    sound(store)
}

pub(super) async fn many(store: &Store) -> Outcome {
    let mut tasks = JoinSet::new();
    for number in 0..TASKS {
        let store = store.clone();
        tasks.spawn(async move {
            for turn in 0..5 {
                commit(&store, coloured(&number.to_string(), &[&turn.to_string()])).await?;
                let stored = store.resources().get("thing", &number.to_string())?;
                let version = stored.map(|stored| stored.version);
                same("what was acknowledged can be read", &version, &Some(turn + 1))?;
            }
            Ok(())
        });
    }
    all_well(tasks).await?;
    same("count", &store.resources().count("thing")?, &TASKS)?;
    same("found", &super::index::found(store, b"4", b"5")?.len(), &(TASKS as usize))?;
    sound(store)
}

pub(super) async fn neighbours(store: &Store) -> Outcome {
    commit(store, put("there", Expect::Absent, "one")).await?;
    let mut tasks = JoinSet::new();
    for number in 0..TASKS {
        let store = store.clone();
        tasks.spawn(async move {
            if number % 2 == 0 {
                return Ok(commit(&store, put(&number.to_string(), Expect::Absent, "")).await?);
            }
            let bad = Transaction::new()
                .put(put(&number.to_string(), Expect::Absent, ""))
                .put(put("there", Expect::Absent, "two"));
            conflicts(store.commit(bad).await, Some(1))
        });
    }
    all_well(tasks).await?;
    same("count", &store.resources().count("thing")?, &(TASKS / 2 + 1))?;
    same("body", &body(store, "there")?, &Some("one".to_owned()))?;
    sound(store)
}

pub(super) async fn closed(store: &Store) -> Outcome {
    commit(store, put("a", Expect::Any, "one")).await?;
    let mut tasks = JoinSet::new();
    for number in 0..TASKS {
        let store = store.clone();
        tasks.spawn(async move {
            match commit(&store, put(&number.to_string(), Expect::Any, "")).await {
                Ok(()) => holds("it is there", body(&store, &number.to_string())?.is_some()),
                Err(StoreError::Stopped) => Ok(()),
                Err(error) => Err(error.into()),
            }
        });
    }
    tokio::task::yield_now().await;
    store.close();
    store.close();
    all_well(tasks).await?;
    let late = commit(store, put("a", Expect::Any, "two")).await;
    holds("a late commit is refused", matches!(late, Err(StoreError::Stopped)))?;
    let late = store.resources().load(vec![put("b", Expect::Any, "")]);
    holds("a late load is refused", matches!(late, Err(StoreError::Stopped)))?;
    same("what was there is there", &body(store, "a")?, &Some("one".to_owned()))
}
