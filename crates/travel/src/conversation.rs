//! The names of conversations.

/// How long a UUID is as text.
const UUID_CHARS: usize = 36;

/// Whether a name may stand for a conversation: only what looks like a UUID may, in whatever case,
/// so that no name can tell of a patient.
pub fn is_conversation(name: &str) -> bool {
    let fits = |(at, byte): (usize, u8)| match at {
        8 | 13 | 18 | 23 => byte == b'-',
        _ => byte.is_ascii_hexdigit(),
    };
    name.len() == UUID_CHARS && name.bytes().enumerate().all(fits)
}

#[cfg(test)]
mod tests {
    use super::is_conversation;

    #[test]
    fn only_uuids_name_conversations() {
        assert!(is_conversation("60e0b220-8136-4ca5-ae46-1d97ef59d068"));
        assert!(is_conversation("60E0B220-8136-4CA5-AE46-1D97EF59D068"));
        for not in [
            "",
            "9000000009",
            "60e0b22008136-4ca5-ae46-1d97ef59d068",
            "60e0b220-8136-4ca5-ae46-1d97ef59d06g",
            "60e0b220-8136-4ca5-ae46-1d97ef59d0688",
        ] {
            assert!(!is_conversation(not), "{not}");
        }
    }
}
