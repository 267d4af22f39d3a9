//! What the tests need besides Rust: found, or installed, or named as missing. Never skipped.

use std::fs;

use crate::exchange::BINARY;
use crate::house::{self, Outcome};

const PYTHON_PACKAGES: &[&str] = &[
    "Authlib==1.9.9",
    "PyJWT[crypto]==2.15.1",
    "fhirpy==2.3.1",
    "hl7==0.4.5",
    "hl7apy==1.3.5",
    "lxml==6.1.3",
    "playwright==1.65.2",
    "requests==2.34.2",
    "schemathesis==4.32.5",
    "sslyze==6.3.1",
    "standardwebhooks==1.1.0",
    "zeep==4.3.3",
];
/// Apart from the others: the sandbox asks for versions of its own.
const MAILBOX_PACKAGES: &[&str] = &["Mesh-Client==5.0.2", "mesh-sandbox==1.0.137"];
const NODE_PACKAGES: &[&str] = &["fhir-kit-client@2.0.3", "oidc-provider@8.8.1"];

const VENV: &str = "target/tools/venv";
const MAILBOX_VENV: &str = "target/tools/mailbox-venv";
const NODE: &str = "target/tools/node";

/// A program of the system, how to see that it is there, and the Debian packages that bring it.
struct Program {
    name: &'static str,
    probe: &'static [&'static str],
    packages: &'static [&'static str],
}

const PROGRAMS: &[Program] = &[
    Program {
        name: "python3",
        probe: &["-c", "import venv, ensurepip"],
        packages: &["python3", "python3-venv"],
    },
    Program { name: "curl", probe: &["--version"], packages: &["curl"] },
    Program { name: "openssl", probe: &["version"], packages: &["openssl"] },
    Program { name: "chromium", probe: &["--version"], packages: &["chromium"] },
    Program { name: "node", probe: &["--version"], packages: &["nodejs"] },
    Program { name: "npm", probe: &["--version"], packages: &["npm"] },
];

/// The outside clients as command lines, for an exchange at this address with this data folder.
pub(crate) fn clients(base: &str, data: &str) -> Vec<Vec<String>> {
    let python = format!("{VENV}/bin/python");
    let mailbox_python = format!("{MAILBOX_VENV}/bin/python");
    let credentials = format!("{data}/demo/credentials.json");
    [
        vec![python.as_str(), "tests/outside/fhirpy_reads.py", base],
        vec!["node", "tests/outside/fhir_kit_client.mjs", base, NODE],
        vec![python.as_str(), "tests/outside/schemathesis_run.py", base, &credentials],
        vec![python.as_str(), "tests/outside/application_tokens.py", base, &credentials],
        vec![python.as_str(), "tests/outside/user_tokens.py", base, &credentials],
        vec![python.as_str(), "tests/outside/browser_signs_in.py", base, &credentials],
        vec!["node", "tests/outside/external_issuer.mjs", BINARY, NODE],
        vec![python.as_str(), "tests/outside/soap_trace.py", base],
        vec![python.as_str(), "tests/outside/soap_certificate.py", BINARY],
        vec![python.as_str(), "tests/outside/webhook_verifies.py", BINARY],
        vec![python.as_str(), "tests/outside/hl7_messages.py", BINARY],
        vec![python.as_str(), "tests/outside/tls_scan.py", BINARY],
        vec![mailbox_python.as_str(), "tests/outside/mesh_mailbox.py", BINARY],
        vec![mailbox_python.as_str(), "tests/outside/mesh_differences.py", BINARY],
    ]
    .map(|words| words.into_iter().map(str::to_owned).collect())
    .to_vec()
}

/// Sees to it that everything is there.
///
/// # Errors
/// What is missing and could not be installed.
pub(crate) fn ensure() -> Outcome {
    for program in PROGRAMS {
        program.ensure()?;
    }
    for (venv, packages) in [(VENV, PYTHON_PACKAGES), (MAILBOX_VENV, MAILBOX_PACKAGES)] {
        install(venv, packages)?;
    }
    once(NODE, NODE_PACKAGES, || {
        let npm = ["install", "--prefix", NODE, "--no-save", "--no-package-lock"];
        let quiet = ["--no-audit", "--no-fund", "--loglevel=error"];
        house::run("npm", &[&npm[..], &quiet, NODE_PACKAGES].concat())
    })
}

/// The Python that the outside clients run with, and their packages: no other tool.
///
/// # Errors
/// What is missing and could not be installed.
pub(crate) fn python() -> Result<String, String> {
    for program in PROGRAMS.iter().filter(|program| program.name == "python3") {
        program.ensure()?;
    }
    install(VENV, PYTHON_PACKAGES)?;
    Ok(format!("{VENV}/bin/python"))
}

/// Installs packages of Python into a folder of their own.
fn install(venv: &str, packages: &[&str]) -> Outcome {
    once(venv, packages, || {
        house::run("python3", &["-m", "venv", "--clear", venv])?;
        let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check"];
        house::run(&format!("{venv}/bin/python"), &[&pip[..], packages].concat())
    })
}

impl Program {
    fn ensure(&self) -> Outcome {
        if house::has(self.name, self.probe) {
            return Ok(());
        }
        println!("xtask: {} is missing; installing {}", self.name, self.packages.join(" "));
        let install = [&["apt-get", "install", "--yes"][..], self.packages].concat();
        let installed = apt(&["apt-get", "update"]).and_then(|()| apt(&install));
        if installed.is_ok() && house::has(self.name, self.probe) {
            return Ok(());
        }
        let why = installed.err().unwrap_or_else(|| "installed, but it does not answer".into());
        Err(format!("the tests need {}: {why}\nhint: {}", self.name, install.join(" ")))
    }
}

/// Runs apt-get, as root or through sudo where that asks no questions.
fn apt(command: &[&str]) -> Outcome {
    let root = house::run_quietly("id", &["-u"])?.trim() == "0";
    match command {
        [program, rest @ ..] if root => house::run(program, rest),
        _ => house::run("sudo", &[&["--non-interactive"][..], command].concat()),
    }
}

/// Installs packages into a folder unless these very ones are there already.
fn once(folder: &str, packages: &[&str], install: impl Fn() -> Outcome) -> Outcome {
    let wanted = packages.join("\n");
    let note = house::at(folder).join("installed.txt");
    if fs::read_to_string(&note).is_ok_and(|found| found == wanted) {
        return Ok(());
    }
    let _ = fs::remove_dir_all(house::at(folder));
    install()?;
    fs::write(&note, wanted).map_err(|error| format!("{}: {error}", note.display()))
}
