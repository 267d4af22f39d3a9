//! Tokens of mailboxes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|header: &str| {
    let _ = mesh::is_token(header);
});
