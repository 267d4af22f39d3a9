//! Forms at the token endpoint.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|body: &[u8]| {
    let _ = service::Form::parse(body);
});
