//! Words that repeat on every row, kept as small integers.

use std::collections::HashMap;
use std::sync::{PoisonError, RwLock};

use rusqlite::Connection;

use super::core::Core;
use crate::error::StoreError;

/// The words known so far. There are a few dozen: kinds and parameters are words of our code.
pub(super) struct Words {
    ids: RwLock<HashMap<String, i64>>,
}

impl Words {
    /// Reads the words that the store knows.
    pub(super) fn read(connection: &Connection) -> Result<Self, StoreError> {
        let mut statement = connection.prepare("SELECT text, id FROM word")?;
        let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(Self { ids: RwLock::new(rows.collect::<Result<_, _>>()?) })
    }

    /// The number of a word; nothing when no row can hold it.
    pub(super) fn find(&self, word: &str) -> Option<i64> {
        self.ids.read().unwrap_or_else(PoisonError::into_inner).get(word).copied()
    }

    /// All words and their numbers.
    pub(super) fn all(&self) -> Vec<(String, i64)> {
        let ids = self.ids.read().unwrap_or_else(PoisonError::into_inner);
        ids.iter().map(|(word, id)| (word.clone(), *id)).collect()
    }
}

/// The number of a word, giving it one if it has none. That is a commit of its own, so that a
/// transaction that fails later takes no word back that others have used.
pub(super) fn intern(core: &Core, word: &str) -> Result<i64, StoreError> {
    if let Some(id) = core.words.find(word) {
        return Ok(id);
    }
    let connection = core.writing();
    core.alive()?;
    connection.execute("INSERT INTO word (text) VALUES (?1) ON CONFLICT DO NOTHING", [word])?;
    let id =
        connection.query_row("SELECT id FROM word WHERE text = ?1", [word], |row| row.get(0))?;
    core.words.ids.write().unwrap_or_else(PoisonError::into_inner).insert(word.to_owned(), id);
    Ok(id)
}
