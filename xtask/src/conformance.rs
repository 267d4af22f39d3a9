//! `cargo xtask conformance`: what the exchange and the local systems emit, against schemas that a
//! tester brings, and recorded messages against their names. Nothing of either is part of the
//! repository.

use std::path::PathBuf;

use crate::exchange::BINARY;
use crate::house::{self, Outcome};
use crate::test::tools;

const USAGE: &str = "cargo xtask conformance --schemas DIR [--parse DIR]";
const SCRIPT: &str = "tests/outside/conformance.py";

/// Builds the program as it is shipped, and puts it to the trial.
pub(crate) fn conformance(arguments: &[&str]) -> Outcome {
    let (schemas, recorded) = match arguments {
        ["--schemas", schemas] => (*schemas, None),
        ["--schemas", schemas, "--parse", recorded] => (*schemas, Some(*recorded)),
        _ => return Err(USAGE.into()),
    };
    let schemas = folder(schemas)?;
    let recorded = recorded.map(folder).transpose()?;
    let python = tools::python()?;
    house::run("cargo", &["build", "--release", "--package", "vertebra"])?;
    let mut words = vec![SCRIPT, BINARY, "--schemas", schemas.as_str()];
    words.extend(recorded.iter().flat_map(|recorded| ["--parse", recorded.as_str()]));
    house::run(&python, &words)
}

/// A folder that a tester names, from where they are.
fn folder(named: &str) -> Result<String, String> {
    let path: PathBuf = std::path::absolute(named).map_err(|error| format!("{named}: {error}"))?;
    if !path.is_dir() {
        return Err(format!("{named}: there is no such folder\nhint: {USAGE}"));
    }
    path.into_os_string().into_string().map_err(|_| format!("{named}: the name is not UTF-8"))
}
