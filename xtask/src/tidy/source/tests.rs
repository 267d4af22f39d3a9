use super::*;

fn bare(text: &str) -> String {
    let source = Source::rust("crates/x/src/y.rs", text);
    source.lines.iter().map(|line| line.bare.trim_end()).collect::<Vec<_>>().join("\n")
}

#[test]
fn comments_and_strings_are_blanked() {
    for (text, left) in [
        ("let a = 1; // SELECT", "let a = 1;"),
        ("a /* one /* two */ three */ b", "a                           b"),
        (r#"f("a \" { b", c)"#, "f(\"        \", c)"),
        ("f(r#\"a \" { b\"#, c)", "f(r#\"       \"#, c)"),
        ("f(br\"\\\", c)", "f(br\" \", c)"),
        ("m('{', '\\'', '\\u{7d}')", "m(' ', '  ', '      ')"),
        ("fn f<'a>(x: &'a str) {}", "fn f<'a>(x: &'a str) {}"),
        ("let r#type = for_r;", "let r#type = for_r;"),
    ] {
        assert_eq!(bare(text), left, "{text}");
    }
}

#[test]
fn strings_stay_in_the_code_view() {
    let source = Source::rust("a.rs", "let sql = \"SELECT 1\"; // INSERT\n");
    assert_eq!(source.lines[0].code.trim_end(), "let sql = \"SELECT 1\";");
}

#[test]
fn lines_inside_a_raw_string_are_known() {
    let source = Source::rust("a.rs", "let a = r\"\none\ntwo\";\nlet b = 1;\n");
    let inside: Vec<bool> = source.lines.iter().map(|line| line.table).collect();
    assert_eq!(inside, [false, true, true, false]);
}

#[test]
fn test_modules_and_files_are_known() {
    let text = "fn a() {}\n#[cfg(test)]\nmod tests {\n  fn b() {}\n}\nfn c() {}\n";
    let source = Source::rust("crates/x/src/y.rs", text);
    let tests: Vec<bool> = source.lines.iter().map(|line| line.test).collect();
    assert_eq!(tests, [false, false, true, true, true, false]);
    assert!(Source::rust("crates/x/src/y/tests.rs", "fn a() {}").lines[0].test);
    assert!(Source::rust("tests/it/main.rs", "fn a() {}").lines[0].test);
    assert!(!Source::rust("crates/x/src/contests.rs", "fn a() {}").lines[0].test);
}

#[test]
fn a_test_module_in_a_sibling_file_marks_nothing_here() {
    let source = Source::rust("crates/x/src/y.rs", "#[cfg(test)]\nmod tests;\nfn a() {\n}\n");
    assert!(source.lines.iter().all(|line| !line.test));
}

#[test]
fn a_table_that_rustfmt_skips_is_known() {
    let text = "#[rustfmt::skip]\nconst A: &[u8] = &[\n  1,\n];\nlet b = 1;\n";
    let tables: Vec<bool> =
        Source::rust("a.rs", text).lines.iter().map(|line| line.table).collect();
    assert_eq!(tables, [false, true, true, true, false]);
}
