use super::*;

#[test]
fn a_traceparent_names_a_span() {
    let context = parse("00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01").unwrap();
    assert_eq!(context.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
    assert!(context.is_sampled() && context.is_remote());
}

#[test]
fn a_malformed_traceparent_is_ignored() {
    for header in [
        "",
        "00",
        "00-0-0-00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b716920333z-01",
    ] {
        assert!(parse(header).is_none(), "{header}");
    }
}
