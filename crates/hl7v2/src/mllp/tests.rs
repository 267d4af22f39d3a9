use proptest::prelude::*;

use super::{Broken, Decoder, encode};

type Found = Result<Vec<Vec<u8>>, Broken>;

/// What comes of a stream that comes in pieces of so many bytes.
fn decode(stream: &[u8], piece: usize) -> Found {
    let mut decoder = Decoder::new(40, 8);
    let mut found = Vec::new();
    for piece in stream.chunks(piece) {
        decoder.push(piece);
        while let Some(message) = decoder.next_message()? {
            found.push(message);
        }
    }
    Ok(found)
}

#[test]
fn blocks_are_found_however_they_come() {
    let too_large = Err(Broken::TooLarge(40));
    let too_much = Err(Broken::TooMuchBetween(8));
    let rows: [(&[u8], Found); 11] = [
        (b"\x0bMSH\x1c\r", Ok(vec![b"MSH".to_vec()])),
        (b"\x0bA\x1c\r\x0bB\x1c\r", Ok(vec![b"A".to_vec(), b"B".to_vec()])),
        (b"\r\n\r\n\x0bA\x1c\r\n\n\x0bB\x1c\r\n", Ok(vec![b"A".to_vec(), b"B".to_vec()])),
        (b"\x0bA\x1cB\x0bC\x1c\x1c\r", Ok(vec![b"A\x1cB\x0bC\x1c".to_vec()])),
        (b"\x0b\x1c\r", Ok(vec![Vec::new()])),
        (b"\x0bunfinished\x1c", Ok(vec![])),
        (b"12345678\x0bA\x1c\r", Ok(vec![b"A".to_vec()])),
        (b"123456789", too_much.clone()),
        (b"\x0bA\x1c\r123456789\x0bB\x1c\r", too_much),
        (b"\x0b1234567890123456789012345678901234567890\x1c\r", Ok(vec![b"1234567890".repeat(4)])),
        (b"\x0b12345678901234567890123456789012345678901\x1c\r", too_large),
    ];
    for (stream, wanted) in rows {
        for piece in [1, 2, 3, 7, 100] {
            assert_eq!(decode(stream, piece), wanted, "{stream:?} in pieces of {piece}");
        }
    }
}

#[test]
fn a_block_that_never_ends_is_cut_at_the_limit() {
    let mut decoder = Decoder::new(40, 8);
    decoder.push(b"\x0b");
    let mut last = Ok(None);
    for _ in 0..100 {
        decoder.push(b"x");
        last = decoder.next_message();
        if last.is_err() {
            break;
        }
    }
    assert_eq!(last, Err(Broken::TooLarge(40)));
    assert!(decoder.waiting_bytes() <= 42);
}

/// Any byte, and often one that means something.
fn byte() -> impl Strategy<Value = u8> {
    prop_oneof![any::<u8>(), Just(0x1c), Just(0x0d), Just(0x0b)]
}

proptest! {
    #[test]
    fn what_is_encoded_is_decoded_the_same(
        messages in proptest::collection::vec(
            proptest::collection::vec(byte(), 0..40),
            0..6,
        ),
        piece in 1usize..50,
    ) {
        let mut stream = Vec::new();
        let mut sent = Vec::new();
        for message in messages {
            match encode(&message) {
                Some(block) => {
                    stream.extend(block);
                    sent.push(message);
                }
                None => prop_assert!(message.windows(2).any(|pair| pair == b"\x1c\r")),
            }
        }
        prop_assert_eq!(decode(&stream, piece), Ok(sent));
    }

    #[test]
    fn no_stream_makes_it_hold_more_than_its_limits(
        stream in proptest::collection::vec(byte(), 0..400),
        piece in 1usize..20,
    ) {
        let mut decoder = Decoder::new(40, 8);
        'stream: for piece in stream.chunks(piece) {
            decoder.push(piece);
            loop {
                match decoder.next_message() {
                    Ok(Some(message)) => prop_assert!(message.len() <= 40),
                    Ok(None) => break,
                    Err(_) => break 'stream,
                }
            }
            prop_assert!(decoder.waiting_bytes() <= 41);
        }
    }
}
