use super::check;
use crate::tests::trial::{SECRET, endpoint};

#[test]
fn an_endpoint_in_order_passes() {
    let mut one = endpoint("webhook", "https://hooks.example/in?key=1");
    one.private = false;
    assert_eq!(check(&one), Ok(()));
    assert_eq!(check(&endpoint("plain", "http://127.0.0.1:80/in")), Ok(()));
}

#[test]
fn a_url_that_may_not_be_is_named_without_being_quoted() {
    let wrong = [
        ("", "the url is none"),
        ("//", "the url"),
        ("/in", "names no host"),
        ("hooks.example:hidden", "the url"),
        ("ftp://hidden.example/", "neither"),
        ("file:///etc/hidden", "the url"),
        ("https://me:hidden@hooks.example/", "a user or a password"),
        ("https://hidden@hooks.example/", "a user or a password"),
        ("http://hooks.example/?key=hidden", "not https"),
        ("https://hooks.example/\r\nhidden", "the url is none"),
    ];
    for (url, word) in wrong {
        let mut one = endpoint("webhook", url);
        one.private = false;
        let why = check(&one).unwrap_err();
        assert!(why.contains(word) && !why.contains("hidden"), "{url}: {why}");
    }
}

#[test]
fn a_line_has_a_host_and_a_port_and_nothing_else() {
    for (url, private, said) in [
        ("mllps://lab.example:2576", false, ""),
        ("mllps://[2001:db8::1]:2576/", false, ""),
        ("mllp://127.0.0.1:2575", true, ""),
        ("mllp://lab.example:2575", false, "not mllps"),
        ("mllps://lab.example", false, "no port"),
        ("https://lab.example:2575", false, "neither"),
        ("lab.example:2575", false, "the url"),
        ("mllps://lab.example:2575/hidden", false, "no paths"),
        ("mllps://lab.example:2575?hidden", false, "no paths"),
        ("mllps://lab.example:2575#hidden", false, "no paths"),
        ("mllps://me:hidden@lab.example:2575", false, "a user or a password"),
    ] {
        let mut one = endpoint("mllp", url);
        one.private = private;
        match check(&one) {
            Ok(()) => assert_eq!(said, "", "{url}"),
            Err(why) => {
                assert!(!said.is_empty() && why.contains(said), "{url}: {why}");
                assert!(!why.contains("hidden"), "{why}");
            }
        }
    }
    assert!(check(&endpoint("plain", "mllp://127.0.0.1:2575")).is_err());
}

#[test]
fn a_webhook_needs_secrets_that_are_some() {
    let short = "whsec_c2hvcnQ=";
    let bare = SECRET.strip_prefix("whsec_").unwrap();
    for secrets in [vec![], vec![short], vec![bare], vec!["whsec_%"], vec![SECRET, short]] {
        let mut one = endpoint("webhook", "https://hooks.example/");
        one.secrets = secrets.iter().map(|&secret| secret.into()).collect();
        let why = check(&one).unwrap_err();
        assert!(why.contains("secret") && !secrets.iter().any(|s| why.contains(s)), "{why}");
    }
}

#[test]
fn a_wire_that_nobody_speaks_is_named() {
    let why = check(&endpoint("pigeon", "https://hooks.example/")).unwrap_err();
    assert!(why.contains("pigeon"), "{why}");
}
