use super::*;

#[test]
fn a_query_is_decoded_in_order() {
    let pairs = query("given=John+Paul&given=Anne&family=O%27Neil&flag&=x&&").unwrap();
    let expected =
        [("given", "John Paul"), ("given", "Anne"), ("family", "O'Neil"), ("flag", ""), ("", "x")];
    assert_eq!(pairs, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
}

#[test]
fn too_many_parameters_are_refused() {
    assert!(query(&"a=1&".repeat(QUERY_PARAMETERS_MAX)).is_ok());
    assert!(query(&"a=1&".repeat(QUERY_PARAMETERS_MAX + 1)).is_err());
}

fn request(target: &str, host: Option<&str>, secure: bool) -> Request<()> {
    let mut request = Request::builder().uri(target);
    if let Some(host) = host {
        request = request.header(HOST, host);
    }
    request.extension(Connection { secure, ..Connection::default() }).body(()).unwrap()
}

#[test]
fn a_host_that_is_no_host_does_not_get_into_links() {
    let good = request("/", Some("127.0.0.1:8600"), false);
    assert_eq!(origin(None, &good), "http://127.0.0.1:8600");
    assert_eq!(origin(Some("https://exchange.example"), &good), "https://exchange.example");
    let evil = request("/", Some("evil\"><script>"), false);
    assert_eq!(origin(None, &evil), "http://localhost");
    assert_eq!(origin(None, &request("/", None, false)), "http://localhost");
}

#[test]
fn links_keep_to_tls_and_to_the_host_that_http_2_names() {
    assert_eq!(origin(None, &request("/", Some("a.example"), true)), "https://a.example");
    assert_eq!(
        origin(None, &request("https://b.example:8443/", None, true)),
        "https://b.example:8443"
    );
}
