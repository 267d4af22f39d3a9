//! `vertebra check`: is everything that was kept still there, and does the configuration make
//! sense? Every mistake is named at once.

use std::path::PathBuf;

use super::Failure;
use crate::config::Said;
use crate::credentials;
use crate::house;
use crate::progress::Progress;
use crate::say;

/// Verify the store, the audit chain and the configuration.
#[derive(clap::Args)]
pub(crate) struct Check {
    /// The data folder [default: that of the configuration, or ./vertebra-data]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// The configuration file
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Write the result as JSON
    #[arg(long)]
    json: bool,
}

impl Check {
    pub(crate) fn run(&self) -> Result<(), Failure> {
        let mut problems = Vec::new();
        let folder = self.configuration(&mut problems);
        problems.extend(store_problems(&folder));
        self.tell(&problems);
        if problems.is_empty() { Ok(()) } else { Err(format!("{} problems found", problems.len())) }
    }

    /// The data folder, with what is wrong with the configuration noted.
    fn configuration(&self, problems: &mut Vec<String>) -> PathBuf {
        let line = Said { data: self.data.clone(), ..Said::default() };
        let file = self.config.as_deref().map(Said::read).transpose();
        let said = match file {
            Ok(file) => line.clone().or(file.unwrap_or_default()),
            Err(mistake) => {
                problems.push(mistake);
                line
            }
        };
        let folder = said.data.clone().unwrap_or_else(|| "./vertebra-data".into());
        match said.settle() {
            Ok(config) => {
                let tokens = config.tokens.as_deref().map(credentials::read);
                problems.extend(tokens.and_then(Result::err));
            }
            Err(mistakes) => problems.extend(mistakes.lines().map(str::to_owned)),
        }
        folder
    }

    fn tell(&self, problems: &[String]) {
        if self.json {
            let clean = problems.is_empty();
            let result = serde_json::json!({ "clean": clean, "problems": problems });
            say::line(&result.to_string());
        } else if problems.is_empty() {
            say::line("clean");
        } else {
            for problem in problems {
                say::line(problem);
            }
        }
    }
}

fn store_problems(folder: &std::path::Path) -> Vec<String> {
    if !folder.is_dir() {
        return vec![format!("there is no data folder {}", folder.display())];
    }
    let store = match house::open_store(folder) {
        Ok(store) => store,
        Err(problem) => return vec![problem],
    };
    let mut progress = Progress::new("checking");
    let report = store.check(&mut |done, total| progress.at(done, total));
    store.close();
    match report {
        Ok(report) => report.problems,
        Err(error) => vec![error.to_string()],
    }
}
