use super::*;

fn breaches(text: &str) -> usize {
    reexports(&Source::rust("crates/x/src/lib.rs", text)).len()
}

#[test]
fn a_crate_hands_on_only_its_own() {
    assert_eq!(breaches("pub use http::Method;"), 1);
    assert_eq!(breaches("pub use ::serde_json::Value;"), 1);
    assert_eq!(breaches("pub mod audit;\npub use audit::{Access, Audit};"), 0);
    assert_eq!(breaches("pub use crate::audit::Access;\npub use self::b::C;"), 0);
    assert_eq!(breaches("use http::Method;"), 0);
}
