use super::*;

#[test]
fn a_secret_proves_its_digest_and_no_other() {
    let known = kept("sesame");
    assert!(proves("sesame", &known));
    for (secret, kept_of) in
        [("Sesame", known.as_str()), ("", ""), (&known, &known), ("sesame", "")]
    {
        assert!(!proves(secret, kept_of), "{secret}");
    }
}

#[test]
fn basic_credentials_are_read_as_forms_write_them() {
    let basic = |text: &str| format!("Basic {}", STANDARD.encode(text));
    let pair = |client: &str, secret: &str| Some((client.to_owned(), secret.to_owned()));
    assert_eq!(from_basic(&basic("app:a+b%3Ac:d")), pair("app", "a b:c:d"));
    assert_eq!(from_basic(&basic("app:").replace("Basic", "bASIC")), pair("app", ""));
    for wrong in ["", "Basic", "Basic !", "Bearer YTpi", &basic("nocolon"), &basic("a:%ff")] {
        assert_eq!(from_basic(wrong), None, "{wrong}");
    }
}
