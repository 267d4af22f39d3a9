//! Orders about the audit chain.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::Ground;
use crate::command::Failure;

/// An order about the audit chain.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    /// Replaces the key that signs checkpoints.
    RotateKey,
}

impl Order {
    pub(super) async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        match self {
            Self::RotateKey => rotate_key(ground).await,
        }
    }
}

/// The line that notes who did it is the one that replaces the key.
async fn rotate_key(ground: &Ground) -> Result<Value, Failure> {
    let (store, access) = (ground.store.clone(), ground.access("rotate-audit-key", ""));
    let rotated =
        tokio::task::spawn_blocking(move || store.audit().rotate_signing_key(access)).await;
    let change = rotated.map_err(|error| error.to_string())?.map_err(|error| error.to_string())?;
    Ok(json!({ "line": change.line, "before": change.before, "after": change.after }))
}
