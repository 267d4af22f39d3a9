use super::*;

fn breaches(path: &str, name: &str, dependency: &str) -> Vec<String> {
    let members: Vec<String> = ROOMS
        .iter()
        .map(|room| room.name)
        .chain(["pds", "mesh", "vertebra", "testkit", "new"])
        .map(str::to_owned)
        .collect();
    let text =
        format!("[package]\nname = \"{name}\"\n[dependencies]\n{dependency}.workspace = true\n");
    let manifest = Source::text(path, &text);
    imports(&manifest, &members).iter().map(|breach| format!("{}", breach.line)).collect()
}

#[test]
fn imports_point_down() {
    for (path, name, dependency, allowed) in [
        ("crates/fhir/Cargo.toml", "fhir", "base", true),
        ("crates/fhir/Cargo.toml", "fhir", "hl7v2", false),
        ("crates/base/Cargo.toml", "base", "fhir", false),
        ("crates/store/Cargo.toml", "store", "fhir", false),
        ("crates/security/Cargo.toml", "security", "store", true),
        ("crates/store/Cargo.toml", "store", "security", false),
        ("crates/service/Cargo.toml", "service", "transport", false),
        ("national/pds/Cargo.toml", "pds", "service", true),
        ("national/pds/Cargo.toml", "pds", "nhs", true),
        ("national/pds/Cargo.toml", "pds", "mesh", false),
        ("national/pds/Cargo.toml", "pds", "transport", false),
        ("national/nhs/Cargo.toml", "nhs", "pds", false),
        ("crates/transport/Cargo.toml", "transport", "service", true),
        ("crates/transport/Cargo.toml", "transport", "store", false),
        ("crates/portal/Cargo.toml", "portal", "pds", false),
        ("crates/vertebra/Cargo.toml", "vertebra", "pds", true),
        ("crates/portal/Cargo.toml", "portal", "vertebra", false),
        ("crates/new/Cargo.toml", "new", "base", false),
        ("xtask/Cargo.toml", "xtask", "broker", true),
    ] {
        let expected: &[&str] = if allowed { &[] } else { &["4"] };
        assert_eq!(breaches(path, name, dependency), expected, "{name} -> {dependency}");
    }
}

#[test]
fn some_outside_crates_have_one_home() {
    assert!(breaches("crates/transport/Cargo.toml", "transport", "axum").is_empty());
    assert_eq!(breaches("crates/vertebra/Cargo.toml", "vertebra", "axum").len(), 1);
    assert_eq!(breaches("national/pds/Cargo.toml", "pds", "rusqlite").len(), 1);
    assert_eq!(breaches("crates/base/Cargo.toml", "base", "rand").len(), 1);
    assert!(breaches("national/pds/Cargo.toml", "pds", "serde").is_empty());
}

#[test]
fn the_table_itself_points_down() {
    let floor = |name: &str| ROOMS.iter().find(|room| room.name == name).map(|room| room.floor);
    for room in ROOMS {
        for below in room.may {
            let peer = [
                ("security", "store"),
                ("broker", "store"),
                ("travel", "store"),
                ("courier", "service"),
                ("fhir-server", "service"),
            ];
            let down = floor(below).is_some_and(|floor| floor < room.floor);
            assert!(down || peer.contains(&(room.name, below)), "{} -> {below}", room.name);
        }
    }
}
