use super::*;
use crate::tidy::source::has_extension;

fn breaches(path: &str, text: &str) -> Vec<String> {
    let source =
        if has_extension(path, "rs") { Source::rust(path, text) } else { Source::text(path, text) };
    words(&source).into_iter().map(|breach| breach.what).collect()
}

#[test]
fn each_word_is_refused_away_from_home_and_welcome_there() {
    for (line, away, home) in [
        ("run(\"SELECT 1\");", "national/pds/src/a.rs", "crates/store/src/sqlite/a.rs"),
        ("run(\"DELETE FROM a\");", "crates/portal/src/a.rs", "crates/store/src/a.rs"),
        ("use rusqlite::Connection;", "crates/vertebra/src/a.rs", "crates/store/src/a.rs"),
        ("use axum::Router;", "crates/service/src/a.rs", "crates/transport/src/a.rs"),
        ("use axum::Router;", "crates/vertebra/src/a.rs", "crates/portal/src/a.rs"),
        ("let t = Timestamp::now();", "national/pds/src/a.rs", "crates/base/src/clock.rs"),
        ("let t = SystemTime::now();", "crates/store/src/a.rs", "crates/base/src/clock.rs"),
        ("getrandom::fill(&mut b)", "crates/security/src/a.rs", "crates/base/src/dice.rs"),
        ("let n = fastrand::u8(..);", "crates/vertebra/src/a.rs", "crates/base/src/dice.rs"),
        ("let id = Uuid::new_v4();", "crates/testkit/src/a.rs", "crates/base/src/dice.rs"),
        ("env::var(\"A\")", "crates/store/src/a.rs", "crates/vertebra/src/config.rs"),
        ("/// The NHS number.", "crates/service/src/a.rs", "national/pds/src/a.rs"),
        ("let code = \"ODS\";", "crates/store/src/a.rs", "crates/vertebra/src/demo.rs"),
        ("a.unwrap();", "crates/store/src/a.rs", "crates/store/src/a/tests.rs"),
        ("todo!()", "national/nhs/src/a.rs", "national/nhs/src/a/tests.rs"),
        (concat!("see /", "work/a"), "README.md", "xtask/src/tidy/words.rs"),
    ] {
        assert_eq!(breaches(away, line).len(), 1, "{line} in {away}");
        assert_eq!(breaches(home, line), Vec::<String>::new(), "{line} in {home}");
    }
}

#[test]
fn a_word_inside_another_is_not_that_word() {
    for line in [
        "fail(\"INSERT_BIRTH_DEATH_STATUS_INCONSISTENT\");",
        "// SELECT in a comment is only talk",
        "let METHODS = 1;",
        "operand::new()",
        "let rng = fastrand::Rng::with_seed(7);",
        "a.unwrap_or_default();",
        "taxum::new()",
    ] {
        assert_eq!(breaches("crates/security/src/a.rs", line), Vec::<String>::new(), "{line}");
    }
}

#[test]
fn tests_may_read_the_environment_and_nothing_may_tell_the_time() {
    let text = "#[cfg(test)]\nmod tests {\n env::var(\"A\").unwrap();\n SystemTime::now();\n}\n";
    assert_eq!(breaches("crates/x/src/a.rs", text), ["the time of day: `SystemTime::now`"]);
}

#[test]
fn a_promise_names_its_issue() {
    let judged = |text: &str| promises(&Source::rust("crates/x/src/a.rs", text)).len();
    assert_eq!(judged("// TODO: later"), 1);
    assert_eq!(judged("// FIXME some day #soon"), 1);
    assert_eq!(judged("// TODO(#12): later"), 0);
    assert_eq!(judged("let TODOS = 1;"), 0);
}
