//! What a command prints: results on standard output, one thing a line.

use std::fmt::Write as _;
use std::io::Write;

/// Prints a line. What strangers wrote may stand in it, and can neither begin another line nor give
/// orders to the terminal. A reader who has gone, such as `head`, is no mistake.
pub(crate) fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{}", printable(text));
}

/// Prints a text of ours of several lines.
pub(crate) fn lines(text: &str) {
    text.lines().for_each(line);
}

/// A text in which what is no letter, sign or space is written as JSON writes it.
fn printable(text: &str) -> String {
    let mut written = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_control() || is_order(letter) {
            let _ = write!(written, "\\u{:04x}", u32::from(letter));
        } else {
            written.push(letter);
        }
    }
    written
}

/// Whether a letter ends lines or turns the direction of writing.
fn is_order(letter: char) -> bool {
    matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{200e}' | '\u{200f}')
}

#[cfg(test)]
mod tests {
    use super::printable;

    #[test]
    fn what_strangers_wrote_stays_on_its_line() {
        let forged = "request x\n2026-11-23 #12 200\u{1b}[2J\r\u{85}\u{2028}\u{202e}";
        let due = r"request x\u000a2026-11-23 #12 200\u001b[2J\u000d\u0085\u2028\u202e";
        assert_eq!(printable(forged), due);
        let plain = "  Müller → 王 \u{1f480} \"quoted\\\"";
        assert_eq!(printable(plain), plain);
    }

    #[test]
    fn json_stays_json() {
        let value = serde_json::json!({ "name": "a\u{7f}\u{9b}\n\u{2029}" });
        let printed = printable(&value.to_string());
        assert_eq!(serde_json::from_str::<serde_json::Value>(&printed).unwrap(), value);
    }
}
