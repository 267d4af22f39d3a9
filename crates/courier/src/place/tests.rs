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
fn a_webhook_needs_secrets_that_are_some() {
    let short = "whsec_c2hvcnQ=";
    let bare = SECRET.strip_prefix("whsec_").unwrap();
    for secrets in [vec![], vec![short], vec![bare], vec!["whsec_%"], vec![SECRET, short]] {
        let mut one = endpoint("webhook", "https://hooks.example/");
        one.secrets = secrets.iter().map(|&secret| secret.to_owned()).collect();
        let why = check(&one).unwrap_err();
        assert!(why.contains("secret") && !secrets.iter().any(|s| why.contains(s)), "{why}");
    }
}

#[test]
fn a_wire_that_nobody_speaks_is_named() {
    let why = check(&endpoint("pigeon", "https://hooks.example/")).unwrap_err();
    assert!(why.contains("pigeon"), "{why}");
}
