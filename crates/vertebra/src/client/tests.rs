//! Addresses, and answers that lead elsewhere.

use super::*;

pub(crate) mod trial;

#[test]
fn an_address_has_a_scheme_and_a_host() {
    for (address, good) in [
        ("http://127.0.0.1:8600", true),
        ("https://exchange.example/", true),
        ("https://exchange.example/mesh", true),
        ("127.0.0.1:8600", false),
        ("exchange.example", false),
        ("ftp://exchange.example", false),
        ("http://", false),
        ("http://exchange.example?x=y", false),
        ("", false),
    ] {
        let tls = trust::settings(false, None, None).unwrap();
        assert_eq!(Client::new(address, tls).is_ok(), good, "{address}");
    }
}

#[test]
fn credentials_do_not_follow_a_redirect() {
    let elsewhere = vec![("Location", "http://127.0.0.1:1/elsewhere")];
    let post = trial::Post::answering(vec![(307, elsewhere, b"")]);
    let trouble = post.mailbox().acknowledge("M1").unwrap_err();
    assert_eq!(trouble.status(), Some(307), "{trouble}");
    assert!(trouble.to_string().contains("hint: the address has moved"));
}

#[test]
fn what_no_header_can_carry_is_not_sent() {
    let tls = trust::settings(false, None, None).unwrap();
    let client = Client::new("http://127.0.0.1:1", tls).unwrap();
    let call = Call::new("GET", "/").header("mex-subject", "two\nlines");
    let trouble = client.call(call).err().unwrap();
    assert!(trouble.to_string().contains("mex-subject"), "{trouble}");
}
