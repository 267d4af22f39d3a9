use std::io::Write;

use base::fault::Cause;
use bytes::Bytes;
use flate2::Compression;
use flate2::write::GzEncoder;
use http::{HeaderMap, HeaderValue};

use super::{Blocks, OUT_BYTES, is_accepted, pack, packed, unpacked};

fn blocks(body: &[u8], size: usize) -> Blocks {
    let mut pieces: Vec<Bytes> = body.chunks(size).map(Bytes::copy_from_slice).collect();
    pieces.reverse();
    Box::new(move || Ok(pieces.pop()))
}

fn read(mut blocks: Blocks) -> Result<Vec<u8>, Cause> {
    let mut all = Vec::new();
    while let Some(block) = blocks()? {
        assert!(block.len() <= OUT_BYTES);
        all.extend_from_slice(&block);
    }
    Ok(all)
}

fn gzip(body: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(body).unwrap();
    encoder.finish().unwrap()
}

fn noise(bytes: usize) -> Vec<u8> {
    (0..bytes as u32).map(|at| (at.wrapping_mul(2_654_435_761) >> 13) as u8).collect()
}

#[test]
fn what_is_packed_unpacks_to_the_same() {
    for body in [Vec::new(), b"hello".to_vec(), vec![b'a'; 3 * OUT_BYTES], noise(OUT_BYTES + 7)] {
        let there = read(packed(blocks(&body, 1_000))).unwrap();
        assert_eq!(read(unpacked(blocks(&there, 3))).unwrap(), body);
        assert_eq!(read(unpacked(blocks(&gzip(&body), 1))).unwrap(), body);
        assert_eq!(read(unpacked(blocks(&pack(&body).unwrap(), 100))).unwrap(), body);
    }
}

#[test]
fn several_members_are_one_body() {
    let two = [gzip(b"one "), gzip(b"two")].concat();
    assert_eq!(read(unpacked(blocks(&two, 5))).unwrap(), b"one two");
}

#[test]
fn what_is_not_gzip_comes_as_it_is() {
    for body in [&b""[..], b"\x1f", b"plain"] {
        assert_eq!(read(unpacked(blocks(body, 1))).unwrap(), body);
    }
}

#[test]
fn gzip_that_breaks_off_is_an_error_and_not_the_end() {
    let whole = gzip(&noise(5_000));
    assert!(read(unpacked(blocks(&whole[..whole.len() / 2], 100))).is_err());
}

#[test]
fn a_source_that_fails_fails_the_stream() {
    let failing = || -> Blocks { Box::new(|| Err("the disk".into())) };
    assert!(read(packed(failing())).is_err());
    assert!(read(unpacked(failing())).is_err());
}

#[test]
fn gzip_is_accepted_by_name_only() {
    for (value, accepted) in [
        ("", false),
        ("gzip", true),
        ("GZIP", true),
        ("deflate, gzip;q=0.5", true),
        ("gzip;q=0", false),
        ("gzip; q=0.0", false),
        ("identity", false),
        ("*", false),
        ("xgzip", false),
    ] {
        let mut headers = HeaderMap::new();
        headers.insert("accept-encoding", HeaderValue::from_static(value));
        assert_eq!(is_accepted(&headers), accepted, "{value}");
    }
    assert!(!is_accepted(&HeaderMap::new()));
}
