//! Who is calling, and what may they do? Every security check ends in one value: [`Caller`].
//!
//! Read in this order: [`gate`] is the door; [`tokens`] is what it takes; [`jws`] and [`jwks`]
//! read and verify what others signed, strictly ([`json`]); [`certificate`] says whom one is of;
//! [`pkce`] and [`client_secret`] prove clients; [`signing`] signs; [`rate`] counts calls, and
//! [`throttle`] what fails.

pub mod caller;
pub mod certificate;
pub mod client_secret;
pub mod gate;
pub mod json;
pub mod jwks;
pub mod jws;
pub mod pkce;
pub mod rate;
pub mod signing;
pub mod throttle;
pub mod tokens;

pub use caller::{Caller, Mode, Role};
pub use certificate::{Certificate, Certified};
pub use gate::{Gate, Refusal};
pub use jwks::KeySet;
pub use jws::Jws;
pub use rate::{Excess, Meters};
pub use throttle::Failures;
pub use tokens::{AccessToken, AccessTokens, Keyring, Revoked, ScopeRow, Tokens};
