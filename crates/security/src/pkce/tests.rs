use super::*;

/// RFC 7636 appendix B.
const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";

#[test]
fn only_the_verifier_of_a_challenge_proves_it() {
    assert_eq!(challenge(VERIFIER), CHALLENGE);
    assert!(is_challenge(CHALLENGE) && proves(VERIFIER, CHALLENGE));
    let short = "a".repeat(42);
    let odd = "a".repeat(43) + "/";
    for (verifier, wanted) in [
        (VERIFIER, VERIFIER),
        (CHALLENGE, CHALLENGE),
        ("", ""),
        (short.as_str(), challenge(&short).as_str()),
        (odd.as_str(), challenge(&odd).as_str()),
        (VERIFIER, ""),
    ] {
        assert!(!proves(verifier, wanted), "{verifier} {wanted}");
    }
    for no_challenge in ["", "plain", &CHALLENGE[1..], &format!("{}=", &CHALLENGE[1..])] {
        assert!(!is_challenge(no_challenge), "{no_challenge}");
    }
}
