//! Downloads from an exchange whose answers were planned.

use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use super::*;
use crate::client::tests::trial::{Planned, Post};

fn part(range: &'static str, body: &'static [u8]) -> Planned {
    (200, vec![("Mex-Chunk-Range", range), ("Mex-From", "TEST2")], body)
}

fn fetch(post: &Post, folder: &TempDir) -> Result<(Arrival, Vec<u8>), Trouble> {
    let mailbox = post.mailbox();
    let download = Download::new(&mailbox, "M1", folder.path())?;
    let arrival = download.fetch(&Halt::default(), &mut |_| {})?;
    let path = folder.path().join("M1.dat");
    download.place(&path)?;
    download.tidy();
    Ok((arrival, fs::read(path).unwrap()))
}

fn files(folder: &TempDir) -> Vec<String> {
    let entries = fs::read_dir(folder.path()).unwrap();
    let mut names: Vec<_> =
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn a_message_in_one_part_is_fetched() {
    let folder = TempDir::new().unwrap();
    let post = Post::answering(vec![part("1:1", b"hello")]);
    let (arrival, body) = fetch(&post, &folder).unwrap();
    assert_eq!(body, b"hello");
    assert_eq!((arrival.bytes, arrival.header("mex-from")), (5, "TEST2"));
    assert_eq!(files(&folder), ["M1.dat"]);
}

#[test]
fn a_message_that_was_cut_off_goes_on_where_it_stopped() {
    let folder = TempDir::new().unwrap();
    let refused: Planned = (404, Vec::new(), b"");
    let post = Post::answering(vec![part("1:3", b"aaa"), part("2:3", b"bb"), refused]);
    assert_eq!(fetch(&post, &folder).unwrap_err().status(), Some(404));
    assert_eq!(files(&folder), ["M1.dat.partial", "M1.notes.partial"]);
    // Something of the third part had come as well.
    let mut partial =
        OpenOptions::new().append(true).open(folder.path().join("M1.dat.partial")).unwrap();
    partial.write_all(b"rubbish").unwrap();
    let post = Post::answering(vec![part("3:3", b"c")]);
    let (arrival, body) = fetch(&post, &folder).unwrap();
    assert_eq!(body, b"aaabbc");
    assert_eq!(arrival.header("mex-from"), "TEST2", "what was said of it is kept");
    assert_eq!(post.asked()[0].line, "GET /messageexchange/TEST1/inbox/M1/3");
    assert_eq!(files(&folder), ["M1.dat"]);
}

#[test]
fn notes_without_what_they_are_about_are_not_believed() {
    let folder = TempDir::new().unwrap();
    let post = Post::answering(vec![part("1:2", b"aaa"), (404, Vec::new(), b"")]);
    fetch(&post, &folder).unwrap_err();
    fs::write(folder.path().join("M1.dat.partial"), b"a").unwrap();
    let post = Post::answering(vec![part("1:2", b"aaa"), part("2:2", b"b")]);
    assert_eq!(fetch(&post, &folder).unwrap().1, b"aaab");
}

#[test]
fn a_part_is_asked_for_again_when_that_may_help() {
    let folder = TempDir::new().unwrap();
    let busy: Planned = (503, vec![("Retry-After", "0")], b"");
    let post = Post::answering(vec![busy, part("1:1", b"hello")]);
    assert_eq!(fetch(&post, &folder).unwrap().1, b"hello");
}

#[test]
fn what_comes_compressed_is_unpacked() {
    let folder = TempDir::new().unwrap();
    let mut packed = GzEncoder::new(Vec::new(), Compression::default());
    packed.write_all(b"hello").unwrap();
    let packed: &'static [u8] = packed.finish().unwrap().leak();
    let headers = vec![("Mex-Chunk-Range", "1:1"), ("Content-Encoding", "gzip")];
    let post = Post::answering(vec![(200, headers, packed)]);
    assert_eq!(fetch(&post, &folder).unwrap().1, b"hello");
}

#[test]
fn a_body_that_breaks_off_is_no_message() {
    let folder = TempDir::new().unwrap();
    let headers = vec![("Mex-Chunk-Range", "1:1"), ("Content-Length", "100")];
    let post = Post::answering(vec![(200, headers, b"hello")]);
    let mailbox = post.mailbox();
    let download = Download::new(&mailbox, "M1", folder.path()).unwrap();
    let cut = download.part(&Arrival::default(), &Halt::default(), &mut |_| {});
    assert!(matches!(cut, Err(Trouble::Unanswered(_))), "{cut:?}");
    assert_eq!(download.begun(), Arrival::default());
}

#[test]
fn a_report_has_no_body() {
    let folder = TempDir::new().unwrap();
    let headers = vec![("Mex-Chunk-Range", "1:0"), ("Mex-MessageType", "REPORT")];
    let post = Post::answering(vec![(200, headers, b"")]);
    let (arrival, body) = fetch(&post, &folder).unwrap();
    assert!(arrival.is_report());
    assert_eq!(body, b"");
}

#[test]
fn an_id_that_leads_elsewhere_is_refused() {
    let folder = TempDir::new().unwrap();
    let post = Post::answering(Vec::new());
    for id in ["", "../M1", "a/b", "a.b", "a b", &"a".repeat(101)] {
        assert!(Download::new(&post.mailbox(), id, folder.path()).is_err(), "{id}");
    }
}
