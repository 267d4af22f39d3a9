use super::{Separators, read, write};

#[test]
fn escape_sequences_are_understood() {
    let rows: [(&[u8], &str); 10] = [
        (br"a\F\b\S\c\R\d\E\e\T\f", r"a|b^c~d\e&f"),
        (br"one\.br\two", "one\ntwo"),
        (br"\X0D0a\", "\r\n"),
        (br"\X0\", r"\X0\"),
        (br"\Xzz\", r"\Xzz\"),
        (br"\H\bold\N\", r"\H\bold\N\"),
        (br"C:\temp", r"C:\temp"),
        (br"\", r"\"),
        ("Zoë".as_bytes(), "Zoë"),
        (b"Zo\xeb", "Zoë"),
    ];
    for (bytes, text) in rows {
        assert_eq!(read(bytes, Separators::default()), text);
    }
}

#[test]
fn what_would_divide_is_escaped() {
    let mut out = Vec::new();
    write(&mut out, "a|b^c~d\\e&f\r\u{1c}", Separators::default());
    assert_eq!(out, br"a\F\b\S\c\R\d\E\e\T\f\X0D\\X1C\");
}
