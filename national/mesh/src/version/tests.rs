use super::Version;

#[test]
fn the_accept_header_names_the_version() {
    let scenarios = [
        ("", Some(Version::One)),
        ("*/*", Some(Version::One)),
        ("application/json", Some(Version::One)),
        ("text/plain", Some(Version::One)),
        ("application/vnd.mesh.v1+json", Some(Version::One)),
        ("application/vnd.mesh.v2+json", Some(Version::Two)),
        ("application/vnd.mesh.v3+json", Some(Version::Two)),
        ("Application/VND.MESH.v2+JSON", Some(Version::Two)),
        ("application/vnd.mesh.v2+json; charset=utf-8", Some(Version::Two)),
        ("text/plain, application/vnd.mesh.v2+json;q=0.9, */*", Some(Version::Two)),
        ("application/vnd.mesh+json", None),
        ("application/vnd.mesh.v+json", None),
        ("application/vnd.mesh.vx+json", None),
        ("application/vnd.mesh.v2", None),
        ("application/vnd.mesh.v2+xml", None),
    ];
    for (accept, version) in scenarios {
        assert_eq!(Version::read(accept), version, "{accept}");
    }
}
