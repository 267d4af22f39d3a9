//! The names that strangers give: ids of messages and what stands beside them.

use base::limit::MESSAGE_NAME_BYTES_MAX;

/// Whether a name may stand in a history, on the audit chain and in a header: it is short, and
/// nothing but letters, signs and spaces.
pub(crate) fn is_fit(name: &str) -> bool {
    name.len() <= MESSAGE_NAME_BYTES_MAX && !name.chars().any(char::is_control)
}
