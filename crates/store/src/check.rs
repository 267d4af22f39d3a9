//! What a check of the whole store found.

/// The most problems that a report lists: beyond that the store needs its backup, not a list.
const PROBLEMS_MAX: usize = 1_000;

/// What a check of the whole store found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// How many resources were looked at.
    pub resources: u64,
    /// How many versions of them, current and past.
    pub versions: u64,
    /// How many index rows.
    pub terms: u64,
    /// How many lines of the audit chain.
    pub accesses: u64,
    /// How many messages.
    pub messages: u64,
    /// How many deliveries of them.
    pub deliveries: u64,
    /// How many records of what was used once.
    pub spent: u64,
    /// Everything that is not as it should be, one sentence each. They name rows, not patients.
    pub problems: Vec<String>,
}

impl Report {
    /// Whether everything is as it should be.
    pub fn is_clean(&self) -> bool {
        self.problems.is_empty()
    }

    /// Notes a problem.
    pub(crate) fn problem(&mut self, problem: impl Into<String>) {
        if self.problems.len() < PROBLEMS_MAX {
            self.problems.push(problem.into());
        } else if self.problems.len() == PROBLEMS_MAX {
            self.problems.push("and more".to_owned());
        }
    }
}
