//! Orders about the keys of the data folder.

use base::Dice;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::Transaction;

use super::Ground;
use crate::command::Failure;
use crate::credentials::keys;

/// An order about the keys of the data folder.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    /// Tells which keys there are.
    List,
    /// Replaces those of some rings.
    Rotate(Vec<Ring>),
}

/// Keys that are replaced together.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, clap::ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Ring {
    /// What the directory is sealed with: passwords, shared keys, secrets.
    Directory,
    /// What access tokens are sealed with.
    AccessTokens,
}

impl Ring {
    /// Every ring.
    pub(crate) const ALL: [Self; 2] = [Self::Directory, Self::AccessTokens];

    fn name(self) -> &'static str {
        match self {
            Self::Directory => "directory",
            Self::AccessTokens => "access-tokens",
        }
    }
}

impl Order {
    pub(super) async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        match self {
            Self::List => list(ground, &[]),
            Self::Rotate(rings) => {
                let mut sealed = Vec::new();
                for ring in rings {
                    let records = rotate(ground, ring).await?;
                    sealed.push((ring, records));
                    ground.commit("rotate-keys", ring.name(), Transaction::new()).await?;
                }
                list(ground, &sealed)
            }
        }
    }
}

/// Every ring with its keys, the newest last, and how many records were sealed anew.
fn list(ground: &Ground, sealed: &[(Ring, u64)]) -> Result<Value, Failure> {
    let mut rings = Vec::new();
    for ring in Ring::ALL {
        let known = match ring {
            Ring::Directory => ground.store.keys(),
            Ring::AccessTokens => match keys::keyring(&ground.data)? {
                Some(ring) => ring.shown(),
                None => Vec::new(),
            },
        };
        let row = |key: base::keyring::Shown| json!({ "id": key.id, "made": key.made.to_string() });
        let known: Vec<Value> = known.into_iter().map(row).collect();
        let mut shown = json!({ "ring": ring.name(), "keys": known });
        let anew = sealed.iter().find(|(rotated, _)| *rotated == ring);
        if let (Some(shown), Some((_, records))) = (shown.as_object_mut(), anew) {
            shown.insert("sealed_anew".into(), (*records).into());
        }
        rings.push(shown);
    }
    Ok(Value::Array(rings))
}

/// Replaces the key of a ring. How many records were sealed anew.
async fn rotate(ground: &Ground, ring: Ring) -> Result<u64, Failure> {
    match ring {
        Ring::Directory => {
            let store = ground.store.clone();
            let rotated = tokio::task::spawn_blocking(move || store.rotate_keys()).await;
            let rotated = rotated.map_err(|error| error.to_string())?;
            rotated.map_err(|error| error.to_string())
        }
        Ring::AccessTokens => {
            let turned = keys::turn(&ground.data, ground.now(), &Dice::System)?;
            if let Some(live) = &ground.live {
                live.access.seal_with(turned);
            }
            Ok(0)
        }
    }
}
