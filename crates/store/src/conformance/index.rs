//! The ordered index.

use std::ops::ControlFlow;

use super::{Outcome, coloured, commit, put, same, sound, term};
use crate::{Expect, Put, Store, StoreError};

/// What a range of colours finds: values and covers.
pub(super) fn found(
    store: &Store,
    from: &[u8],
    to: &[u8],
) -> Result<Vec<(String, String)>, StoreError> {
    let mut found = Vec::new();
    store.resources().scan("colour", from, to, &mut |entry| {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        found.push((text(entry.value), text(entry.cover)));
        ControlFlow::Continue(())
    })?;
    Ok(found)
}

fn pairs(due: &[(&str, &str)]) -> Vec<(String, String)> {
    due.iter().map(|(value, cover)| ((*value).to_owned(), (*cover).to_owned())).collect()
}

pub(super) async fn order_and_bounds(store: &Store) -> Outcome {
    for (id, colour) in [("3", "red"), ("1", "blue"), ("2", "green"), ("4", "blue"), ("5", "")] {
        commit(store, coloured(id, &[colour])).await?;
    }
    let all = [("", "5"), ("blue", "1"), ("blue", "4"), ("green", "2"), ("red", "3")];
    same("all", &found(store, b"", b"\xff")?, &pairs(&all))?;
    let some = [("blue", "1"), ("blue", "4")];
    same("up to but not including", &found(store, b"blue", b"green")?, &pairs(&some))?;
    same("an empty range", &found(store, b"green", b"green")?, &Vec::new())?;
    same("a range the wrong way round", &found(store, b"red", b"blue")?, &Vec::new())?;
    let mut seen = 0;
    store.resources().scan("no-such-parameter", b"", b"\xff", &mut |_| {
        seen += 1;
        ControlFlow::Continue(())
    })?;
    same("of another parameter", &seen, &0)
}

pub(super) async fn prefixes(store: &Store) -> Outcome {
    for (id, colour) in [("1", "green"), ("2", "greenish"), ("3", "greeo"), ("4", "gree")] {
        commit(store, coloured(id, &[colour])).await?;
    }
    let due = [("green", "1"), ("greenish", "2")];
    same("a prefix", &found(store, b"green", b"greeo")?, &pairs(&due))?;
    // Values are bytes: what is not text sorts by its bytes too.
    let raw = Put {
        terms: vec![
            crate::Term { parameter: "colour", value: vec![0, 255], cover: Vec::new() },
            crate::Term { parameter: "colour", value: vec![0], cover: Vec::new() },
        ],
        ..put("5", Expect::Any, "{}")
    };
    commit(store, raw).await?;
    same("bytes", &found(store, &[0], &[1])?.len(), &2)?;
    same("some bytes", &found(store, &[0, 1], &[1])?.len(), &1)
}

pub(super) async fn replaced(store: &Store) -> Outcome {
    commit(store, coloured("a", &["red", "green", "blue"])).await?;
    commit(store, coloured("a", &["green", "pink"])).await?;
    let due = [("green", "a"), ("pink", "a")];
    same("after a put", &found(store, b"", b"\xff")?, &pairs(&due))?;
    let covered = Put {
        terms: vec![term("colour", "green", "new"), term("shape", "round", "")],
        ..put("a", Expect::Any, "{}")
    };
    commit(store, covered).await?;
    same("another cover", &found(store, b"", b"\xff")?, &pairs(&[("green", "new")]))?;
    let refused = commit(store, Put { expect: Expect::Version(1), ..coloured("a", &["x"]) }).await;
    super::conflicts(refused, Some(3))?;
    same("after a refusal", &found(store, b"", b"\xff")?, &pairs(&[("green", "new")]))?;
    commit(store, coloured("a", &[])).await?;
    same("none left", &found(store, b"", b"\xff")?, &Vec::new())?;
    sound(store)
}

pub(super) async fn visitors(store: &Store) -> Outcome {
    for number in 0..20 {
        commit(store, coloured(&format!("{number:02}"), &["red"])).await?;
    }
    let mut ids = Vec::new();
    let mut failed = None;
    store.resources().scan("colour", b"", b"\xff", &mut |entry| {
        match store.resources().by_row(entry.row) {
            Ok(stored) => ids.extend(stored.map(|stored| stored.id)),
            Err(error) => failed = Some(error),
        }
        if ids.len() == 3 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    })?;
    if let Some(error) = failed {
        return Err(error.into());
    }
    same("the first three", &ids, &vec!["00".to_owned(), "01".to_owned(), "02".to_owned()])
}

pub(super) async fn repeated(store: &Store) -> Outcome {
    commit(store, coloured("a", &["red", "red"])).await?;
    same("once", &found(store, b"", b"\xff")?, &pairs(&[("red", "a")]))?;
    sound(store)
}
