use super::*;

fn rust(text: &str) -> Source {
    Source::rust("crates/x/src/a.rs", text)
}

#[test]
fn a_file_may_have_500_lines() {
    assert!(long_files(&rust(&"a\n".repeat(500))).is_empty());
    assert_eq!(long_files(&rust(&"a\n".repeat(501))).len(), 1);
    assert!(long_files(&Source::text("README.md", &"a\n".repeat(501))).is_empty());
}

#[test]
fn a_line_may_have_100_columns_of_any_script() {
    assert!(wide_lines(&rust(&"é".repeat(100))).is_empty());
    assert_eq!(wide_lines(&rust(&"é".repeat(101))).len(), 1);
    assert!(wide_lines(&Source::text("README.md", &"a".repeat(101))).is_empty());
}

#[test]
fn a_table_and_an_address_may_be_wide() {
    let skipped = format!("#[rustfmt::skip]\nconst T: &[&str] = &[\n{}\n];\n", "a".repeat(120));
    assert!(wide_lines(&rust(&skipped)).is_empty());
    assert!(wide_lines(&rust(&format!("// https://{}", "a".repeat(120)))).is_empty());
    let table = format!("const T: &str = r\"\n{}\n\";\n", "a".repeat(120));
    assert!(wide_lines(&rust(&table)).is_empty());
    assert_eq!(wide_lines(&rust(&table.replace("r\"", "\""))).len(), 1);
}

#[test]
fn a_function_may_have_70_lines() {
    let function = |body: usize| rust(&format!("fn a() {{\n{}}}\n", "b();\n".repeat(body)));
    assert!(long_functions(&function(68)).is_empty());
    assert_eq!(long_functions(&function(69)).len(), 1);
}

#[test]
fn braces_in_strings_and_comments_do_not_count() {
    let body = "let a = \"{\"; // {\nlet b = '{';\n";
    let text = format!("fn a() {{\n{body}}}\nconst B: u8 = 1;\n{}", "// }\n".repeat(80));
    assert!(long_functions(&rust(&text)).is_empty());
}

#[test]
fn a_signature_over_many_lines_belongs_to_its_function() {
    let text = format!("fn a(\n    b: u8,\n) -> u8 {{\n{}}}\n", "b();\n".repeat(67));
    assert_eq!(long_functions(&rust(&text)).len(), 1);
}

#[test]
fn a_declaration_without_a_body_has_no_length() {
    let text = format!("trait T {{\nfn a(&self);\n{}}}\n", "const B: u8;\n".repeat(90));
    assert!(long_functions(&rust(&text)).is_empty());
}
