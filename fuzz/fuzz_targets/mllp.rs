//! Blocks of MLLP: they are the same in whatever pieces they come, and nothing piles up.
#![no_main]

use hl7v2::mllp::{Broken, Decoder};
use libfuzzer_sys::fuzz_target;

fn decode(stream: &[u8], piece: usize) -> Result<Vec<Vec<u8>>, Broken> {
    let (mut decoder, mut found) = (Decoder::new(64, 16), Vec::new());
    for piece in stream.chunks(piece) {
        decoder.push(piece);
        while let Some(message) = decoder.next_message()? {
            found.push(message);
        }
        assert!(decoder.waiting_bytes() <= 65);
    }
    Ok(found)
}

fuzz_target!(|stream: &[u8]| {
    assert_eq!(decode(stream, 1), decode(stream, 7));
});
