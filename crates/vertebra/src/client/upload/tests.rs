//! Uploads to an exchange whose answers were planned.

use std::io::Write;

use flate2::read::GzDecoder;

use super::*;
use crate::client::tests::trial::{Planned, Post};

const ACCEPTED: Planned = (202, Vec::new(), br#"{"message_id":"M1"}"#);
const TAKEN: Planned = (202, Vec::new(), b"");

/// An answer to come back at once.
fn busy(status: u16) -> Planned {
    (status, vec![("Retry-After", "0")], b"")
}

fn send(post: &Post, body: &[u8], part_bytes: u64, compress: bool) -> Result<String, Trouble> {
    let mut file = tempfile::tempfile().unwrap();
    file.write_all(body).unwrap();
    let headers = vec![("mex-to", "TEST2".to_owned()), ("mex-subject", String::new())];
    let bytes = body.len() as u64;
    let upload = Upload { file: &file, bytes, part_bytes, compress, headers };
    let mut seen = 0;
    let sent = upload.send(&post.mailbox(), &Halt::default(), &mut |done| seen = done);
    if sent.is_ok() {
        assert_eq!(seen, bytes, "the progress ends at the end");
    }
    sent
}

#[test]
fn a_small_file_is_one_request() {
    let post = Post::answering(vec![ACCEPTED]);
    assert_eq!(send(&post, b"hello", 5, false).unwrap(), "M1");
    let [asked] = &post.asked()[..] else { panic!("one request") };
    assert_eq!(asked.line, "POST /messageexchange/TEST1/outbox");
    assert_eq!(asked.body, b"hello");
    assert_eq!(asked.header("mex-to"), "TEST2");
    assert_eq!(asked.header("content-length"), "5");
    assert_eq!(asked.header("mex-chunk-range"), "", "it is no part of anything");
    assert!(asked.header("authorization").starts_with("NHSMESH TEST1:"));
}

#[test]
fn a_large_file_is_sent_in_parts_which_are_tried_again() {
    let post = Post::answering(vec![ACCEPTED, busy(503), busy(429), TAKEN, TAKEN]);
    assert_eq!(send(&post, b"aaabbbc", 3, false).unwrap(), "M1");
    let asked = post.asked();
    let seen: Vec<_> = asked
        .iter()
        .map(|asked| (asked.line.as_str(), asked.header("mex-chunk-range"), &asked.body[..]))
        .collect();
    let (first, second, third) = (
        "POST /messageexchange/TEST1/outbox",
        "POST /messageexchange/TEST1/outbox/M1/2",
        "POST /messageexchange/TEST1/outbox/M1/3",
    );
    assert_eq!(
        seen,
        [
            (first, "1:3", &b"aaa"[..]),
            (second, "2:3", b"bbb"),
            (second, "2:3", b"bbb"),
            (second, "2:3", b"bbb"),
            (third, "3:3", b"c"),
        ]
    );
    let tokens: std::collections::HashSet<_> =
        asked.iter().map(|asked| asked.header("authorization")).collect();
    assert_eq!(tokens.len(), 5, "a token is good for one request");
}

#[test]
fn the_first_request_is_never_sent_again() {
    let post = Post::answering(vec![busy(503), ACCEPTED]);
    let trouble = send(&post, b"aaabbb", 3, false).unwrap_err();
    assert_eq!(trouble.status(), Some(503));
    assert_eq!(post.asked().len(), 1);
}

#[test]
fn a_part_that_got_through_after_all_is_well() {
    let post = Post::answering(vec![ACCEPTED, busy(502), (423, Vec::new(), b"")]);
    assert_eq!(send(&post, b"aaab", 3, false).unwrap(), "M1");
    // Nobody sent it before: it is not ours.
    let post = Post::answering(vec![ACCEPTED, (423, Vec::new(), b"")]);
    assert_eq!(send(&post, b"aaab", 3, false).unwrap_err().status(), Some(423));
}

#[test]
fn parts_are_compressed_each_on_its_own() {
    let post = Post::answering(vec![ACCEPTED, TAKEN]);
    assert_eq!(send(&post, b"aaaaaabbb", 6, true).unwrap(), "M1");
    let asked = post.asked();
    assert_eq!(asked[0].header("mex-content-compressed"), "Y");
    for (asked, body) in asked.iter().zip(["aaaaaa", "bbb"]) {
        assert_eq!(asked.header("content-encoding"), "gzip");
        assert_eq!(io::read_to_string(GzDecoder::new(&asked.body[..])).unwrap(), body);
    }
}

#[test]
fn an_answer_without_an_id_may_have_been_an_acceptance() {
    let post = Post::answering(vec![(202, Vec::new(), b"<html>")]);
    assert!(matches!(send(&post, b"a", 3, false), Err(Trouble::Unanswered(_))));
}
