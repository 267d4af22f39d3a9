use proptest::prelude::*;

use super::*;
use crate::multipart::write;

fn related(boundary: &str, start: &str) -> ContentType {
    ContentType {
        boundary: boundary.to_owned(),
        kind: "text/xml".to_owned(),
        start: start.to_owned(),
    }
}

fn parts(text: &str) -> Result<Vec<Part>, Refused> {
    read(&related("b", ""), text.as_bytes())
}

/// The same body, read in pieces of so many bytes.
fn in_pieces(content_type: &ContentType, body: &[u8], length: usize) -> Result<Vec<Part>, Refused> {
    let mut parts: Vec<Part> = Vec::new();
    let mut reader = Reader::new(content_type);
    let mut see = |event: Event<'_>| match event {
        Event::Part(head) => parts.push(Part { head, body: Vec::new() }),
        Event::Bytes(bytes) => parts.last_mut().unwrap().body.extend_from_slice(bytes),
        Event::End => {}
    };
    for piece in body.chunks(length) {
        reader.feed(piece, &mut see)?;
        assert!(reader.held.len() <= MULTIPART_HEADER_BYTES_MAX + PADDING_MAX + length + 80);
    }
    reader.finish(&mut see)?;
    Ok(parts)
}

#[test]
fn lines_end_in_either_way() {
    let lf =
        "--b\nContent-ID: <one>\ncontent-type:text/plain\n\nA\nB\n--b\nContent-Id: two\n\n\n--b--";
    let crlf = lf.replace('\n', "\r\n");
    for (text, body) in [(lf, "A\nB"), (crlf.as_str(), "A\r\nB")] {
        let parts = parts(text).unwrap();
        assert_eq!(parts.len(), 2, "{text:?}");
        assert_eq!((parts[0].head.id.as_str(), parts[1].head.id.as_str()), ("one", "two"));
        assert_eq!(parts[0].head.media_type, "text/plain");
        assert_eq!(
            (parts[0].body.as_slice(), parts[1].body.as_slice()),
            (body.as_bytes(), &b""[..])
        );
    }
}

#[test]
fn what_stands_around_is_left_out() {
    let parts = parts("hello\r\n--b \t\r\n\r\nA\r\n--b--\r\nbye\n--b\nno part").unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].body, b"A");
}

#[test]
fn a_line_that_only_begins_like_a_boundary_is_none() {
    let parts = parts("--b\n\n--bc\n--b-\nx--b\n--b--").unwrap();
    assert_eq!(parts.len(), 1);
    assert_eq!(parts[0].body, b"--bc\n--b-\nx--b");
}

#[test]
fn the_last_boundary_may_be_missing() {
    let parts = parts("--b\n\nA\n--b\n\nB\n--").unwrap();
    assert_eq!(parts.len(), 2);
    assert_eq!((parts[0].body.as_slice(), parts[1].body.as_slice()), (&b"A"[..], &b"B\n--"[..]));
}

#[test]
fn the_part_to_begin_with_comes_first() {
    let text = b"--b\nContent-ID: <one>\n\n1\n--b\nContent-ID: <two>\n\n2\n--b--";
    let ids = |start: &str| -> Vec<String> {
        let parts = read(&related("b", start), text).unwrap();
        parts.into_iter().map(|part| part.head.id).collect()
    };
    assert_eq!(ids("two"), ["two", "one"]);
    assert_eq!(ids("one"), ["one", "two"]);
    assert_eq!(ids("nobody"), ["one", "two"]);
}

#[test]
fn folded_headers_are_one() {
    let parts = parts("--b\nContent-Type: text/plain;\n  charset=UTF-8\n\nA\n--b--").unwrap();
    assert_eq!(parts[0].head.media_type, "text/plain; charset=UTF-8");
}

#[test]
fn base64_is_undone_with_and_without_its_padding() {
    for body in ["aGVsbG8=", "aGVs\r\nbG8", " aGVsbG8= "] {
        let text = format!("--b\nContent-Transfer-Encoding: BASE64\n\n{body}\n--b--");
        assert_eq!(&*parts(&text).unwrap()[0].content().unwrap(), b"hello");
    }
    let wrong = parts("--b\nContent-Transfer-Encoding: base64\n\n!\n--b--").unwrap();
    assert_eq!(wrong[0].content(), Err(Refused::Encoding));
}

#[test]
fn large_base64_is_undone_wherever_its_lines_break() {
    let content: Vec<u8> = (0..100_000_u32).map(|n| (n * 7 % 251) as u8).collect();
    for bytes in [24_574, 24_575, 24_576, 24_577, 100_000] {
        let content = &content[..bytes];
        let mut part = Part::base64("a@b", "application/octet-stream", content);
        assert_eq!(&*part.content().unwrap(), content);
        part.body.retain(|byte| !byte.is_ascii_whitespace());
        assert_eq!(&*part.content().unwrap(), content, "on one line");
        part.body = part.body.iter().flat_map(|byte| [*byte, b'\n']).collect();
        assert_eq!(&*part.content().unwrap(), content, "a line each");
    }
    let mut part = Part::base64("a@b", "application/octet-stream", &content[..50_000]);
    for at in [0, 100, 21_850, 40_000] {
        let before = std::mem::replace(&mut part.body[at], b'=');
        assert_eq!(part.content(), Err(Refused::Encoding), "padding at {at}");
        part.body[at] = before;
    }
}

#[test]
fn large_bodies_are_read_the_same_in_any_pieces() {
    let content_type = related("-=b", "");
    let part = |length: usize| {
        let body: Vec<u8> = b"\r\n--=\r\n---=".iter().copied().cycle().take(length).collect();
        Part::plain("a@b", "text/plain", body)
    };
    let written = [part(SEAM_BYTES), part(3), part(3 * SEAM_BYTES), part(SEAM_BYTES - 1)];
    let body = write(&content_type, &written).unwrap();
    assert_eq!(read(&content_type, &body).unwrap(), written);
    let seam = SEAM_BYTES;
    for length in [1, 77, seam - 1, seam, seam + 1, 2 * seam + 3, body.len() - 1, body.len()] {
        assert_eq!(in_pieces(&content_type, &body, length).unwrap(), written, "{length}");
    }
}

#[test]
fn what_is_no_body_of_parts_is_refused() {
    let many = "--b\n\nA\n".repeat(MULTIPART_PARTS_MAX + 1) + "--b--";
    let long = format!("--b\nX: {}\n\nA\n--b--", "x".repeat(MULTIPART_HEADER_BYTES_MAX));
    let endless = format!("--b\n{}", "x".repeat(MULTIPART_HEADER_BYTES_MAX + 1));
    for (text, expected) in [
        ("", Refused::BrokenOff),
        ("Message", Refused::BrokenOff),
        ("--b--", Refused::BrokenOff),
        ("--b\n", Refused::BrokenOff),
        ("--b\nContent-Id: a", Refused::BrokenOff),
        ("--b\n\nA\n--b\n", Refused::BrokenOff),
        ("--b\nno header\n\nA\n--b--", Refused::Header),
        ("--b\n: empty\n\nA\n--b--", Refused::Header),
        ("--b\nContent-Transfer-Encoding: gzip\n\nA\n--b--", Refused::Encoding),
        (many.as_str(), Refused::TooMuch),
        (long.as_str(), Refused::TooMuch),
        (endless.as_str(), Refused::TooMuch),
    ] {
        let shown = text.get(..text.len().min(40)).unwrap();
        assert_eq!(parts(text), Err(expected), "{shown:?}");
    }
}

fn any_part() -> impl Strategy<Value = Part> {
    let id = "[A-Za-z0-9.-]{1,20}@[a-z.]{1,10}";
    let body = prop_oneof![
        proptest::collection::vec(any::<u8>(), 0..200),
        // What looks most like the end of a part.
        "(\r|\n|-|b|-b|a){0,40}".prop_map(String::into_bytes),
    ];
    (id, any::<bool>(), body).prop_map(|(id, encoded, body)| {
        let make = if encoded {
            Part::base64
        } else {
            |id: &str, kind: &str, body: &[u8]| Part::plain(id, kind, body)
        };
        make(&id, "application/xml; charset=UTF-8", &body)
    })
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        written in proptest::collection::vec(any_part(), 1..6),
        length in 1..50_usize,
    ) {
        let content_type = related("-=b", "");
        match write(&content_type, &written) {
            Ok(body) => {
                prop_assert_eq!(read(&content_type, &body).unwrap(), written.clone());
                prop_assert_eq!(in_pieces(&content_type, &body, length).unwrap(), written);
            }
            Err(refused) => prop_assert_eq!(refused, Refused::Boundary),
        }
    }

    #[test]
    fn any_bytes_are_read_the_same_in_any_pieces(
        body in "(--b|--|\r\n|\n|\r| |:|a|Content-Id: x){0,60}",
        length in 1..9_usize,
    ) {
        let content_type = related("b", "");
        let whole = read(&content_type, body.as_bytes());
        let pieces = in_pieces(&content_type, body.as_bytes(), length);
        prop_assert_eq!(whole.ok(), pieces.ok().filter(|parts| !parts.is_empty()));
    }
}
