//! How a caller is told how often they may call: the headers of
//! <https://datatracker.ietf.org/doc/draft-ietf-httpapi-ratelimit-headers/03/>, and the fault when
//! it was once too often.

use base::{Allowance, Fault, Kind};
use http::header::HeaderName;
use security::Excess;

use crate::Reply;

const LIMIT: HeaderName = HeaderName::from_static("ratelimit-limit");
const REMAINING: HeaderName = HeaderName::from_static("ratelimit-remaining");
const RESET: HeaderName = HeaderName::from_static("ratelimit-reset");

impl Reply {
    /// Adds what the caller may still ask for.
    #[must_use]
    pub fn with_allowance(self, allowance: Allowance) -> Self {
        self.with(LIMIT, &allowance.limit.to_string())
            .with(REMAINING, &allowance.remaining.to_string())
            .with(RESET, &allowance.reset_s.to_string())
    }
}

/// The fault for a call that is one too many, with the code that the API's table explains. It says
/// which bound was met, how much it is, and when to come back.
pub fn too_many(code: &'static str, excess: &Excess) -> Fault {
    let fault = |why: String| Fault::new(Kind::Busy, code, why);
    match *excess {
        Excess::Quota { allowance, window_s } => fault(format!(
            "The quota of this application for this API is used up: {} requests in {window_s} \
             seconds",
            allowance.limit
        ))
        .retry_after(allowance.reset_s.max(1))
        .standing(allowance),
        Excess::Spike { pace, wait_s } => fault(format!(
            "The requests of this application to this API come too fast: {} a minute are taken, \
             spread evenly, and {} at once",
            pace.a_minute, pace.burst
        ))
        .retry_after(wait_s),
        Excess::Failures { wait_s } => {
            fault("Too many credentials from this address, or of this name, were refused".into())
                .retry_after(wait_s)
        }
        Excess::WholeApi { pace, wait_s } => fault(format!(
            "The requests of all applications to this API come too fast: {} a minute are taken, \
             spread evenly, and {} at once",
            pace.a_minute, pace.burst
        ))
        .retry_after(wait_s),
    }
}
