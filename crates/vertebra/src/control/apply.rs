//! The order to apply a file of the directory.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ground;
use crate::command::Failure;
use crate::model::File;

/// The order to apply a file of the directory.
#[derive(Deserialize, Serialize)]
pub(crate) struct Apply {
    /// What the file says.
    pub(crate) text: String,
    /// Whether only to tell what would change.
    pub(crate) dry_run: bool,
}

impl Apply {
    pub(super) async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        let difference = File::parse(&self.text)?.compare(&ground.store)?;
        if !self.dry_run && !difference.records.is_empty() {
            let changed = difference.created.len() + difference.updated.len();
            let about = format!("{changed} records");
            ground.commit("apply", &about, difference.transaction()).await?;
        }
        Ok(json!(difference))
    }
}
