use super::*;

fn breaches(lines: &str) -> usize {
    reasonless(&Source::text("Cargo.toml", lines)).len()
}

#[test]
fn somebody_elses_crate_has_a_reason() {
    assert_eq!(breaches("[workspace.dependencies]\nbytes = \"1\"\n"), 1);
    assert_eq!(breaches("[workspace.dependencies]\nbytes = \"1\" #\n"), 1);
    assert_eq!(breaches("[workspace.dependencies]\nbytes = \"1\" # shared bodies\n"), 0);
}

#[test]
fn our_own_crates_and_other_tables_need_none() {
    assert_eq!(breaches("[workspace.dependencies]\nbase = { path = \"crates/base\" }\n"), 0);
    assert_eq!(breaches("[profile.dev]\ndebug = false\n"), 0);
    assert_eq!(breaches("[workspace.dependencies]\n# tests only\n\n[x]\na = 1\n"), 0);
}
