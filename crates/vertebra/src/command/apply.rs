//! `vertebra apply FILE`: the directory as an operator writes it.

use std::path::{Path, PathBuf};

use store::Store;

use super::Failure;
use crate::control::{self, Order};
use crate::model::{Difference, File};
use crate::say;

/// Create or update organisations, systems and clients from a TOML file.
#[derive(clap::Args)]
pub(crate) struct Apply {
    /// The file to apply
    file: PathBuf,
    /// The data folder
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// Show what would change, and change nothing
    #[arg(long)]
    dry_run: bool,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Apply {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let order = control::Apply { text: text(&self.file)?, dry_run: self.dry_run };
        let difference = control::ask(&self.data, Order::Apply(order))
            .map_err(|why| format!("{}:\n{why}", self.file.display()))?;
        let difference = serde_json::from_value(difference).map_err(|error| error.to_string())?;
        self.tell(&difference);
        Ok(())
    }

    fn tell(&self, difference: &Difference) {
        if self.json {
            say::line(&serde_json::json!(difference).to_string());
            return;
        }
        for label in &difference.created {
            say::line(&format!("+ {label}"));
        }
        for label in &difference.updated {
            say::line(&format!("~ {label}"));
        }
        let would = if self.dry_run { "would be " } else { "" };
        say::line(&format!(
            "{} {would}created, {} {would}updated, {} unchanged",
            difference.created.len(),
            difference.updated.len(),
            difference.unchanged
        ));
    }
}

/// What a file would change in a store.
pub(crate) fn compare(store: &Store, file: &Path) -> Result<Difference, Failure> {
    let text = text(file)?;
    let file_named = |error: String| format!("{}:\n{error}", file.display());
    File::parse(&text).and_then(|parsed| parsed.compare(store)).map_err(file_named)
}

/// Writes a difference, all of it or nothing.
pub(crate) async fn write(store: &Store, difference: &Difference) -> Result<(), Failure> {
    store.commit(difference.transaction()).await.map_err(|error| error.to_string())
}

fn text(file: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(file)
        .map_err(|error| format!("cannot read {}: {error}", file.display()))
}
