//! The project's own commands: `cargo xtask help`.
#![allow(clippy::print_stdout, reason = "these commands talk to the person who runs them")]

mod bench;
mod conformance;
mod deny;
mod exchange;
mod fuzz;
mod house;
mod test;
mod tidy;

use std::process::ExitCode;

use house::Outcome;

const HELP: &str = "\
cargo xtask tidy                 the house rules that a machine can see
cargo xtask test [--quick]       installs what the tests need and runs them all
cargo xtask test guides [WORD...]
                                 every command of the guides; of those whose names hold a word
cargo xtask bench [--people N,N...] [--seconds S] [--quick] [--json]
                                 rates and times, beside a bare web server in the same run
cargo xtask bench messages [--seconds S] [--backlog N] [--alone] [--quick] [--json]
                                 the message engine, beside RabbitMQ and NATS where installed
cargo xtask bench security [--people N] [--seconds S] [--quick] [--json]
                                 what each way to prove who calls costs
cargo xtask bench spine [--people N] [--seconds S] [--quick] [--json]
                                 questions by SOAP and messages by ebXML, end to end
cargo xtask fuzz [--minutes N] [TARGET...]
                                 every parser that faces the network under libFuzzer, in turn
cargo xtask conformance --schemas DIR [--parse DIR]
                                 what is emitted in ebXML, SOAP and HL7 V3, against your schemas;
                                 recorded messages, against their names
cargo xtask deny                 licences, bans and sources of the dependencies
cargo xtask deny --advisories    known weaknesses in them, by the RustSec database";

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
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["tidy"] => tidy::tidy(),
        ["test", rest @ ..] => test::test(rest),
        ["bench", rest @ ..] => bench::bench(rest),
        ["conformance", rest @ ..] => conformance::conformance(rest),
        #[cfg(feature = "bench")]
        ["hello"] => bench::hello(),
        ["fuzz", rest @ ..] => fuzz::fuzz(rest),
        ["deny"] => deny::deny(),
        ["deny", "--advisories"] => deny::advisories(),
        [] | ["help" | "--help" | "-h"] => {
            println!("{HELP}");
            Ok(())
        }
        [other, ..] => Err(format!("there is no command `{other}`\nhint: cargo xtask help")),
    }
}
