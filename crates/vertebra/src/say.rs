//! What a command prints: results on standard output, one thing a line.

use std::io::Write;

/// Prints a line. A reader who has gone, such as `head`, is no mistake.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}
