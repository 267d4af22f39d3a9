//! `vertebra audit verify`: was anything on the audit chain changed, dropped, reordered or cut off?

use std::fs;
use std::path::{Path, PathBuf};

use store::{AuditFolder, Checkpoint, PublicKey, Verdict, Witness};

use crate::command::Failure;
use crate::progress::Progress;
use crate::say;

/// Verify every line and every signed checkpoint; needs no running exchange.
#[derive(clap::Args)]
pub(crate) struct Verify {
    /// The data folder, or a backup; the exchange may be serving
    #[arg(long, value_name = "DIR", default_value = "./vertebra-data")]
    data: PathBuf,
    /// The public key that you kept, so that you need not trust the folder's own
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// Checkpoints that you kept, as `audit head` printed them, one a line
    #[arg(long, value_name = "FILE")]
    against: Option<PathBuf>,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Verify {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let witness = self.witness()?;
        let failed = |error: store::StoreError| error.to_string();
        let chain = AuditFolder::open(&self.data).map_err(failed)?;
        let mut progress = Progress::new("verifying");
        progress.at(0, chain.lines().map_err(failed)?);
        let verdict = chain.verify(&witness, &mut |done, total| progress.at(done, total));
        let verdict = verdict.map_err(failed)?;
        progress.done(verdict.lines);
        self.tell(&verdict);
        if verdict.is_clean() {
            Ok(())
        } else {
            Err(format!("{} problems found", verdict.problems.len()))
        }
    }

    fn witness(&self) -> Result<Witness, Failure> {
        let public_key = self.public_key.as_deref().map(public_key).transpose()?;
        let kept = self.against.as_deref().map(kept).transpose()?.unwrap_or_default();
        Ok(Witness { public_key, kept })
    }

    fn tell(&self, verdict: &Verdict) {
        let Verdict { lines, checkpoints, sealed, problems } = verdict;
        if self.json {
            let result = serde_json::json!({
                "clean": verdict.is_clean(),
                "lines": lines,
                "checkpoints": checkpoints,
                "sealed": sealed,
                "problems": problems,
            });
            say::line(&result.to_string());
        } else if verdict.is_clean() {
            let by = format!("{checkpoints} checkpoints");
            say::line(&format!("clean: {lines} lines, the first {sealed} of them sealed by {by}"));
        } else {
            for problem in problems {
                say::line(problem);
            }
        }
    }
}

fn public_key(file: &Path) -> Result<PublicKey, Failure> {
    PublicKey::from_pem(&read(file)?).map_err(|error| format!("{}: {error}", file.display()))
}

fn kept(file: &Path) -> Result<Vec<Checkpoint>, Failure> {
    let text = read(file)?;
    let lines = text.lines().filter(|line| !line.trim().is_empty());
    let kept: Result<Vec<_>, _> = lines.map(Checkpoint::from_line).collect();
    match kept {
        Ok(kept) if kept.is_empty() => Err(format!("{}: no checkpoint is in it", file.display())),
        other => other.map_err(|error| format!("{}: {error}", file.display())),
    }
}

fn read(file: &Path) -> Result<String, Failure> {
    fs::read_to_string(file).map_err(|error| format!("cannot read {}: {error}", file.display()))
}
