//! The names that strangers give: ids of messages and what stands beside them.

use base::limit::MESSAGE_NAME_BYTES_MAX;

/// Whether a name may stand in a history, on the audit chain and in a header: it is short, and
/// nothing but letters, signs and spaces.
pub(crate) fn is_fit(name: &str) -> bool {
    name.len() <= MESSAGE_NAME_BYTES_MAX && !name.chars().any(misleads)
}

/// Whether a letter ends a line, or turns the direction of writing.
fn misleads(letter: char) -> bool {
    letter.is_control() || matches!(letter, '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_short_and_stands_on_one_line() {
        for name in ["", "5B0A4CE1-9D4E", "uuid:1 of 2", "Zoë_1@x.example", &"A".repeat(255)] {
            assert!(is_fit(name), "{name:?}");
        }
        assert!(!is_fit(&"ë".repeat(128)), "bytes are counted");
        for letter in
            ['\0', '\t', '\n', '\r', '\u{7f}', '\u{85}', '\u{2028}', '\u{202e}', '\u{2066}']
        {
            assert!(!is_fit(&format!("a{letter}b")), "{letter:?}");
        }
    }
}
