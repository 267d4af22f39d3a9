use super::*;

fn read(text: &str) -> Option<(String, String, String)> {
    let found = ContentType::parse(text).ok()?;
    Some((found.boundary, found.kind, found.start))
}

#[test]
fn both_ways_of_quoting_are_read() {
    let expected = Some((
        "--=_MIME-Boundary".to_owned(),
        "text/xml".to_owned(),
        "header@x.example".to_owned(),
    ));
    #[rustfmt::skip]
    let ways = [
        r#"multipart/related; boundary="--=_MIME-Boundary"; type=text/xml; start=header@x.example"#,
        r#"multipart/related; boundary="--=_MIME-Boundary"; charset="UTF-8"; type="text/xml"; start="<header@x.example>""#,
        "Multipart/Related;start=<header@x.example>;TYPE=text/xml;Boundary=--=_MIME-Boundary",
        r#"multipart/related;type = "text/xml" ; boundary="\--=_MIME-Boundary";start= <header@x.example> "#,
    ];
    for text in ways {
        assert_eq!(read(text), expected, "{text}");
    }
}

#[test]
fn what_is_written_is_read_again() {
    for (boundary, start) in [("=_one", "header@here"), (r"a\b", r"head\er@here"), (r"\", "")] {
        let written = ContentType {
            boundary: boundary.to_owned(),
            kind: "text/xml".to_owned(),
            start: start.to_owned(),
        };
        assert_eq!(ContentType::parse(&written.to_string()), Ok(written));
    }
}

#[test]
fn other_types_and_impossible_boundaries_are_refused() {
    let long = format!("multipart/related; boundary={}", "b".repeat(71));
    for text in [
        "",
        "text/xml",
        "multipart/mixed; boundary=a",
        "multipart/related",
        "multipart/related; boundary=",
        "multipart/related; boundary=\"\"",
        "multipart/related; boundary=\"a \"",
        "multipart/related; boundary=\u{e9}",
        "multipart/related; boundary=\"a\\\"b\"",
        &long,
    ] {
        assert_eq!(ContentType::parse(text), Err(Refused::ContentType), "{text}");
    }
}
