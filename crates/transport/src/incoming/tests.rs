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

#[test]
fn a_host_that_is_no_host_does_not_get_into_links() {
    let mut headers = HeaderMap::new();
    headers.insert(HOST, "127.0.0.1:8600".parse().unwrap());
    assert_eq!(origin(None, &headers), "http://127.0.0.1:8600");
    assert_eq!(origin(Some("https://exchange.example"), &headers), "https://exchange.example");
    headers.insert(HOST, "evil\"><script>".parse().unwrap());
    assert_eq!(origin(None, &headers), "http://localhost");
}
