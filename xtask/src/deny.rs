//! `cargo xtask deny`: licences, bans, sources and known weaknesses of the dependencies.

use crate::house::{self, Outcome};

/// Checks the dependencies against `deny.toml`. Where cargo-deny is not installed it says so, as
/// loudly as it can without failing: installing it takes longer than everything else together.
pub(crate) fn deny() -> Outcome {
    if house::has("cargo", &["deny", "--version"]) {
        return house::run("cargo", &["deny", "check", "licenses", "bans", "sources"]);
    }
    eprintln!("==========================================================================");
    eprintln!("NOT RUN: licences, bans and sources of the dependencies were not checked.");
    eprintln!("hint: cargo install --locked cargo-deny");
    eprintln!("==========================================================================");
    Ok(())
}

/// Checks the dependencies against the `RustSec` advisory database. Not a part of `deny`, whose
/// answer must not change while the code does not, nor need the network.
pub(crate) fn advisories() -> Outcome {
    house::run("cargo", &["deny", "check", "advisories"])
        .map_err(|error| format!("{error}\nhint: cargo install --locked cargo-deny"))
}
