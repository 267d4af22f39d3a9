//! What to measure, from the command line.

use std::time::Duration;

/// How often the cases take turns, so that a bad moment of the machine hits them all.
pub(crate) const ROUNDS: u32 = 3;

/// What to measure.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The sizes of the nation.
    pub(crate) people: Vec<u64>,
    /// How long each case is measured at each size, in seconds, all rounds together.
    pub(crate) seconds: u32,
    /// Whether to print JSON instead of tables.
    pub(crate) json: bool,
}

impl Plan {
    /// Reads `[--people N,N...] [--seconds S] [--quick] [--json]`.
    pub(crate) fn parse(arguments: &[&str]) -> Result<Self, String> {
        let mut plan = Self { people: vec![10_000, 1_000_000], seconds: 9, json: false };
        let mut words = arguments.iter();
        while let Some(word) = words.next() {
            match *word {
                "--quick" => (plan.people, plan.seconds) = (vec![10_000], 3),
                "--json" => plan.json = true,
                "--people" => {
                    plan.people =
                        value(words.next())?.split(',').map(number).collect::<Result<_, _>>()?;
                }
                "--seconds" => plan.seconds = number(value(words.next())?)?,
                other => return Err(format!("`{other}`? {USAGE}")),
            }
        }
        Ok(plan)
    }

    /// How long one turn of one case lasts.
    pub(crate) fn turn(&self) -> Duration {
        Duration::from_secs(u64::from(self.seconds)) / ROUNDS
    }
}

const USAGE: &str = "cargo xtask bench [--people N,N...] [--seconds S] [--quick] [--json]";

fn value<'a>(word: Option<&&'a str>) -> Result<&'a str, String> {
    word.copied().ok_or_else(|| USAGE.to_owned())
}

fn number<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("`{text}` is not a number; {USAGE}"))
}

#[cfg(test)]
mod tests;
