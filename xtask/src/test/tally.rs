//! How many tests passed and failed, read from what the runners say.

use std::fmt;
use std::ops::AddAssign;

/// Tests passed and failed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Tally {
    pub(crate) passed: u64,
    pub(crate) failed: u64,
}

impl Tally {
    /// A run that went badly without a failed test, or well without any test, failed as a whole.
    pub(crate) fn or_else_failed(self, well: bool) -> Self {
        let says_nothing = self.failed == 0 && (!well || self.passed == 0);
        Self { failed: self.failed + u64::from(says_nothing), ..self }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.passed += other.passed;
        self.failed += other.failed;
    }
}

impl fmt::Display for Tally {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)
    }
}

/// Adds up the closing lines of nextest, of cargo's own runner and of our scripts.
pub(crate) fn read(said: &str) -> Tally {
    let mut tally = Tally::default();
    for line in said.lines().map(str::trim).filter(|line| is_closing(line)) {
        tally.passed += before(line, "passed");
        tally.failed += before(line, "failed") + before(line, "timed out");
    }
    tally
}

fn is_closing(line: &str) -> bool {
    let ours = line.ends_with(" failed") && line.contains(" passed, ") && starts_with_digit(line);
    line.starts_with("Summary [") || line.starts_with("test result: ") || ours
}

fn starts_with_digit(line: &str) -> bool {
    line.starts_with(|c: char| c.is_ascii_digit())
}

/// The number that stands before a word; 0 when there is none.
fn before(line: &str, word: &str) -> u64 {
    let Some((before, _)) = line.split_once(word) else { return 0 };
    before.split_whitespace().next_back().and_then(|number| number.parse().ok()).unwrap_or(0)
}

#[cfg(test)]
mod tests;
