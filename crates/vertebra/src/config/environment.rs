//! What is read from the environment: secrets that should not stand on a command line, where
//! everybody on the machine can read them.

use base::Secret;

/// The password of the mailbox that commands act for.
pub(crate) const MESH_PASSWORD: &str = "VERTEBRA_MESH_PASSWORD";
/// The key that all mailboxes of an environment share.
pub(crate) const MESH_SHARED_KEY: &str = "VERTEBRA_MESH_SHARED_KEY";
/// The bearer token that commands call with.
pub(crate) const TOKEN: &str = "VERTEBRA_TOKEN";

/// A secret from the environment, when it is set and not empty.
pub(crate) fn secret(name: &str) -> Option<Secret<String>> {
    #[expect(clippy::disallowed_methods, reason = "this is the home of the environment")]
    let value = std::env::var(name).ok();
    value.filter(|value| !value.is_empty()).map(Secret::new)
}
