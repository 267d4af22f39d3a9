//! Sets of public keys.
#![no_main]

use libfuzzer_sys::fuzz_target;
use security::KeySet;

fuzz_target!(|bytes: &[u8]| {
    if let Ok(keys) = KeySet::parse(bytes) {
        let _ = keys.has("one");
    }
});
