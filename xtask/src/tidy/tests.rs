use super::*;

#[test]
fn every_rule_is_asked_about_every_file() {
    let sources = [
        Source::text("Cargo.toml", "[workspace.dependencies]\nbytes = \"1\"\n"),
        Source::text("crates/base/Cargo.toml", "[package]\nname = \"base\"\n"),
        Source::text(
            "crates/fhir/Cargo.toml",
            "[package]\nname = \"fhir\"\n[dependencies]\nbase.workspace = true\naxum = \"1\"\n",
        ),
        Source::rust("crates/fhir/src/utils.rs", "pub use http::Method; // TODO\nlet a = 1;\n"),
    ];
    let found: Vec<String> = judge(&sources)
        .iter()
        .map(|breach| format!("{}:{}: {}", breach.path, breach.line, breach.what))
        .collect();
    assert_eq!(
        found,
        [
            "crates/fhir/src/utils.rs:1: a promise that nobody tracks",
            "crates/fhir/src/utils.rs:1: the name `utils` says nothing",
            "crates/fhir/src/utils.rs:1: hands on an item of `http`",
            "crates/fhir/Cargo.toml:5: `fhir` (floor 1) imports `axum`",
            "Cargo.toml:2: nobody says why `bytes` is here",
        ]
    );
}

#[test]
fn a_clean_house_has_no_breaches() {
    let sources = [
        Source::text("crates/base/Cargo.toml", "[package]\nname = \"base\"\n"),
        Source::rust("crates/base/src/clock.rs", "fn now() { Timestamp::now() }\n"),
    ];
    assert_eq!(judge(&sources).len(), 0);
}
