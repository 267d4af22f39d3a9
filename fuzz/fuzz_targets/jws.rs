//! Signed tokens.
#![no_main]

use libfuzzer_sys::fuzz_target;
use security::Jws;

fuzz_target!(|text: &str| {
    if let Ok(jws) = Jws::parse(text) {
        let _ = (jws.text("iss"), jws.instant_s("exp"), jws.names("aud", |_| false));
    }
});
