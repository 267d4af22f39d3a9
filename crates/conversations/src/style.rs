//! How the API words what goes wrong: as problems of RFC 9457.

use base::{Fault, Kind};
use service::{Style, problem};

use crate::faults::TABLE;

/// How the API words what goes wrong.
pub(crate) const STYLE: Style = problem::style(
    |fault, _| problem::render(fault, TABLE),
    |what| Fault::new(Kind::Incorrect, "invalid-parameter", what),
);
