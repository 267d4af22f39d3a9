//! Floor 3: carries messages out, to the endpoints of the directory.
//!
//! Two wires over HTTP: a signed `webhook` (<https://www.standardwebhooks.com>) and `plain`, the
//! body posted as it is; and `mllp`, for messages of HL7 version 2. When to push, how often and
//! when to give up is the broker's business; here is one attempt, and what its answer means:
//!
//! | answer | outcome |
//! |---|---|
//! | 2xx | delivered |
//! | 3xx | refused: redirects are not followed, since nobody checked where they lead |
//! | 400, 401, 403, 404, 405, 410, 413, 415, 422 | refused: the same again would fare the same |
//! | any other, no answer, no connection | failed: later perhaps, not before Retry-After |
//! | an endpoint that is set up wrongly | failed: an operator can put that right |
//!
//! Over MLLP the acknowledgement is the answer: see the module `mllp`.
//!
//! Calls that an API passes on ([`Courier::pass_on`]) come back with whatever was answered.
//!
//! An endpoint that is not `private` is spoken to over TLS only, and only at an address that
//! anybody on the Internet could reach: the name is looked up here, and the connection goes to
//! the very address that was looked at.

mod answer;
mod courier;
mod dial;
mod line;
mod mllp;
mod onward;
mod place;
mod plain;
mod reach;
mod tls;
mod trouble;
mod webhook;

#[cfg(test)]
mod tests;

pub use courier::Courier;
pub use place::{check, check_base};
pub use tls::{Identity, Trust};
