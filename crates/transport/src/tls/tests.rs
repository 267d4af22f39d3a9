use super::*;

#[test]
fn what_was_made_can_be_shown() {
    let made = Tls::self_signed(&["localhost", "127.0.0.1"]).unwrap();
    assert!(Tls::from_pem(made.certificate.as_bytes(), made.key.as_bytes()).is_ok());
    assert!(!format!("{made:?}").contains("PRIVATE"));
    assert!(Tls::self_signed(&["no\u{e9}"]).is_err());
}

#[test]
fn what_does_not_serve_is_named() {
    let made = Tls::self_signed(&["localhost"]).unwrap();
    let other = Tls::self_signed(&["localhost"]).unwrap();
    for (certificate, key, named) in [
        ("", made.key.as_str(), "no certificate"),
        ("rubbish", &made.key, "no certificate"),
        (&made.key, &made.key, "no certificate"),
        ("-----BEGIN CERTIFICATE-----\n%\n-----END CERTIFICATE-----\n", &made.key, "no PEM"),
        (&made.certificate, "", "no private key"),
        (&made.certificate, &made.certificate, "no private key"),
        (&made.certificate, &other.key, "do not serve"),
    ] {
        let wrong = Tls::from_pem(certificate.as_bytes(), key.as_bytes()).unwrap_err();
        assert!(wrong.contains(named), "{wrong}");
        assert!(!wrong.contains("BEGIN PRIVATE"));
    }
}
