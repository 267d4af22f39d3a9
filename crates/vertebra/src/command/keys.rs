//! `vertebra keys`: what the data folder is sealed with.

use std::path::PathBuf;

use clap::Subcommand;
use serde_json::Value;

use super::Failure;
use crate::control;
use crate::control::keys::{Order, Ring};
use crate::say;

/// See and replace the keys that secrets and access tokens are sealed with.
#[derive(clap::Args)]
pub(crate) struct Keys {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Show which keys there are; nothing that is shown is secret
    List(List),
    /// Make a new key, seal everything anew with it, and throw the old one away
    Rotate(Rotate),
}

#[derive(clap::Args)]
struct List {
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

#[derive(clap::Args)]
struct Rotate {
    /// Which keys [default: all]
    #[arg(value_name = "KEYS")]
    rings: Vec<Ring>,
    #[command(flatten)]
    list: List,
}

impl Keys {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let (order, list) = match &self.what {
            What::List(list) => (Order::List, list),
            What::Rotate(rotate) if rotate.rings.is_empty() => {
                (Order::Rotate(Ring::ALL.to_vec()), &rotate.list)
            }
            What::Rotate(rotate) => (Order::Rotate(rotate.rings.clone()), &rotate.list),
        };
        let rings = control::ask(&list.data, control::Order::Keys(order))?;
        if list.json {
            say::line(&rings.to_string());
        } else {
            rings.as_array().into_iter().flatten().for_each(tell);
        }
        Ok(())
    }
}

/// A ring for people to read: its name, then a line for each key.
fn tell(ring: &Value) {
    let text = |value: &Value, name: &str| {
        value.get(name).and_then(Value::as_str).unwrap_or_default().to_owned()
    };
    let anew = ring.get("sealed_anew").and_then(Value::as_u64);
    let anew = anew.map(|records| format!(": {records} records sealed anew")).unwrap_or_default();
    say::line(&format!("{}{anew}", text(ring, "ring")));
    for key in ring.get("keys").and_then(Value::as_array).into_iter().flatten() {
        say::line(&format!("  {}  made {}", text(key, "id"), text(key, "made")));
    }
}
