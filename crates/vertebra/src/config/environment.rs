//! What is read from the environment, or from files instead: secrets, which must not stand on a
//! command line, where everybody on the machine can read them.

use std::path::Path;

use base::Secret;

/// The password of the mailbox that commands act for.
pub(crate) const MESH_PASSWORD: &str = "VERTEBRA_MESH_PASSWORD";
/// The key that all mailboxes of an environment share.
pub(crate) const MESH_SHARED_KEY: &str = "VERTEBRA_MESH_SHARED_KEY";
/// The bearer token that commands call with.
pub(crate) const TOKEN: &str = "VERTEBRA_TOKEN";

/// The secret in a file, but for the end of its line; `-` is standard input.
///
/// # Errors
/// When it cannot be read, or is empty.
pub(crate) fn secret_in(path: &Path) -> Result<Secret<String>, String> {
    let from = if path.as_os_str() == "-" { Path::new("/dev/stdin") } else { path };
    let text = std::fs::read_to_string(from)
        .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
    match text.trim_end_matches(['\r', '\n']) {
        "" => Err(format!("{} is empty", path.display())),
        secret => Ok(Secret::new(secret.to_owned())),
    }
}

/// A secret from the environment, when it is set and not empty.
pub(crate) fn secret(name: &str) -> Option<Secret<String>> {
    #[expect(clippy::disallowed_methods, reason = "this is the home of the environment")]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty()).map(Secret::new)
}
