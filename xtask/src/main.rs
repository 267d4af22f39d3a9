//! The project's own commands: `cargo xtask help`.
#![allow(clippy::print_stdout, reason = "these commands talk to the person who runs them")]

mod deny;
mod house;
mod tidy;

use std::process::ExitCode;

use house::Outcome;

const HELP: &str = "\
cargo xtask tidy                 the house rules that a machine can see
cargo xtask deny                 licences, bans and sources of the dependencies";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    match obey(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}

fn obey(arguments: &[String]) -> Outcome {
    let mut words = arguments.iter().map(String::as_str);
    match words.next() {
        Some("tidy") => tidy::tidy(),
        Some("deny") => deny::deny(),
        None | Some("help" | "--help" | "-h") => {
            println!("{HELP}");
            Ok(())
        }
        Some(other) => Err(format!("there is no command `{other}`\nhint: cargo xtask help")),
    }
}
