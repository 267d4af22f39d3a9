use std::sync::LazyLock;

use proptest::prelude::*;
use serde_json::json;

use super::*;
use crate::signing::PrivateKey;

static RSA: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::rsa_2048().unwrap());
static OTHER_RSA: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::rsa_2048().unwrap());
static P384: LazyLock<PrivateKey> = LazyLock::new(|| PrivateKey::p384().unwrap());

const PLATFORM: &[Algorithm] = &[Algorithm::Rs512];
const SMART: &[Algorithm] = &[Algorithm::Rs384, Algorithm::Es384];

/// A JWK with members changed; null takes one away.
fn changed(jwk: &Value, changes: &Value) -> Value {
    let mut jwk = jwk.clone();
    for (name, value) in changes.as_object().unwrap() {
        if value.is_null() {
            jwk.as_object_mut().unwrap().remove(name);
        } else {
            jwk[name] = value.clone();
        }
    }
    jwk
}

fn set(keys: &[Value]) -> Result<KeySet, NotKeys> {
    KeySet::parse(json!({ "keys": keys }).to_string().as_bytes())
}

fn signed(key: &PrivateKey, by: Algorithm, header: &Value) -> String {
    key.sign(by, header, &json!({ "iss": "app" })).unwrap()
}

fn judge(set: &KeySet, token: &str, allowed: &[Algorithm]) -> Result<(), Unproved> {
    set.verify(&Jws::parse(token).unwrap(), allowed)
}

#[test]
fn every_algorithm_verifies_what_its_key_signed() {
    let keys = set(&[changed(&RSA.jwk("rsa"), &json!({ "alg": null })), P384.jwk("p384")]).unwrap();
    for (key, kid, by) in [
        (&*RSA, "rsa", Algorithm::Rs256),
        (&*RSA, "rsa", Algorithm::Rs384),
        (&*RSA, "rsa", Algorithm::Rs512),
        (&*P384, "p384", Algorithm::Es384),
    ] {
        let token = signed(key, by, &json!({ "alg": by.name(), "kid": kid }));
        assert_eq!(judge(&keys, &token, &[by]), Ok(()), "{}", by.name());
        let other = json!({ "alg": by.name(), "kid": kid });
        let other = key.sign(by, &other, &json!({ "iss": "another" })).unwrap();
        let (head, _) = other.rsplit_once('.').unwrap();
        let (_, signature) = token.rsplit_once('.').unwrap();
        let changed = format!("{head}.{signature}");
        assert_eq!(judge(&keys, &changed, &[by]), Err(Unproved::Signature), "{}", by.name());
    }
}

#[test]
fn what_is_not_proved_has_its_reason() {
    let keys = set(&[RSA.jwk("one"), OTHER_RSA.jwk("two"), P384.jwk("curve")]).unwrap();
    let good = signed(&RSA, Algorithm::Rs512, &json!({ "alg": "RS512", "kid": "one" }));
    assert_eq!(judge(&keys, &good, PLATFORM), Ok(()));
    let (head, signature) = good.rsplit_once('.').unwrap();
    let by =
        |alg: &str, kid: &str| signed(&RSA, Algorithm::Rs512, &json!({ "alg": alg, "kid": kid }));
    for (what, token, allowed, why) in [
        ("alg none", by("none", "one"), PLATFORM, Unproved::Algorithm),
        ("alg None", by("None", "one"), PLATFORM, Unproved::Algorithm),
        ("alg in lower case", by("rs512", "one"), PLATFORM, Unproved::Algorithm),
        ("a shared secret", by("HS512", "one"), PLATFORM, Unproved::Algorithm),
        ("an algorithm for others", by("RS256", "one"), PLATFORM, Unproved::Algorithm),
        ("of the platform, at SMART", by("RS512", "one"), SMART, Unproved::Algorithm),
        ("no algorithm counts", by("RS512", "one"), &[], Unproved::Algorithm),
        ("said to be another", by("RS384", "one"), SMART, Unproved::Signature),
        ("an unknown key", by("RS512", "three"), PLATFORM, Unproved::UnknownKey),
        ("a key in other case", by("RS512", "One"), PLATFORM, Unproved::UnknownKey),
        ("a path for a key", by("RS512", "../one"), PLATFORM, Unproved::UnknownKey),
        ("an empty key", by("RS512", ""), PLATFORM, Unproved::UnknownKey),
        ("another's key", by("RS512", "two"), PLATFORM, Unproved::Signature),
        ("a key of another kind", by("RS512", "curve"), PLATFORM, Unproved::Signature),
        ("a curve's name, not its key", by("ES384", "one"), SMART, Unproved::Signature),
        ("no signature", format!("{head}."), PLATFORM, Unproved::Signature),
        ("a short one", format!("{head}.{}", &signature[4..]), PLATFORM, Unproved::Signature),
        ("a long one", format!("{head}.{signature}AAAA"), PLATFORM, Unproved::Signature),
        (
            "no key",
            signed(&RSA, Algorithm::Rs512, &json!({ "alg": "RS512" })),
            PLATFORM,
            Unproved::UnknownKey,
        ),
    ] {
        assert_eq!(judge(&keys, &token, allowed), Err(why), "{what}");
    }
}

#[test]
fn two_keys_of_one_name_are_both_tried() {
    let keys = set(&[OTHER_RSA.jwk("one"), RSA.jwk("one")]).unwrap();
    let token = signed(&RSA, Algorithm::Rs512, &json!({ "alg": "RS512", "kid": "one" }));
    assert_eq!(judge(&keys, &token, PLATFORM), Ok(()));
}

#[test]
fn keys_that_are_of_no_use_are_passed_over() {
    let (rsa, curve) = (RSA.jwk("one"), P384.jwk("one"));
    let weak = URL_SAFE_NO_PAD.encode([0xff; 255]);
    let nearly = URL_SAFE_NO_PAD.encode([&[0x7f][..], &[0xff; 255]].concat());
    let vast = URL_SAFE_NO_PAD.encode([0xff; 1025]);
    for (what, key) in [
        ("for encryption", changed(&rsa, &json!({ "use": "enc" }))),
        ("for signing only", changed(&rsa, &json!({ "key_ops": ["sign"] }))),
        ("without a name", changed(&rsa, &json!({ "kid": null }))),
        ("with an empty name", changed(&rsa, &json!({ "kid": "" }))),
        ("with a number for a name", changed(&rsa, &json!({ "kid": 1 }))),
        ("with a number for an algorithm", changed(&rsa, &json!({ "alg": 1 }))),
        ("of another kind", changed(&rsa, &json!({ "kty": "OKP" }))),
        ("of 2040 bits", changed(&rsa, &json!({ "n": weak }))),
        ("of 2047 bits", changed(&rsa, &json!({ "n": nearly }))),
        ("of 8200 bits", changed(&rsa, &json!({ "n": vast }))),
        ("with exponent one", changed(&rsa, &json!({ "e": "AQ" }))),
        ("with an even exponent", changed(&rsa, &json!({ "e": "AQAA" }))),
        ("with a long exponent", changed(&rsa, &json!({ "e": "AQAAAAE" }))),
        ("without a modulus", changed(&rsa, &json!({ "n": null }))),
        ("in standard base64", changed(&rsa, &json!({ "n": format!("{weak}==") }))),
        ("on another curve", changed(&curve, &json!({ "crv": "secp256k1" }))),
        ("on a shorter curve", changed(&curve, &json!({ "crv": "P-256" }))),
        ("without a half of its point", changed(&curve, &json!({ "y": null }))),
    ] {
        assert_eq!(set(std::slice::from_ref(&key)).map(|_| ()), Err(NotKeys::NoneOfUse), "{what}");
        assert!(set(&[key, P384.jwk("two")]).unwrap().has("two"), "{what}");
    }
}

#[test]
fn a_key_for_one_algorithm_is_for_no_other() {
    let keys = set(&[RSA.jwk("one")]).unwrap();
    let token = signed(&RSA, Algorithm::Rs384, &json!({ "alg": "RS384", "kid": "one" }));
    assert_eq!(judge(&keys, &token, SMART), Err(Unproved::Signature));
}

#[test]
fn a_point_off_its_curve_verifies_nothing() {
    let zero = URL_SAFE_NO_PAD.encode([0; 48]);
    let keys = set(&[changed(&P384.jwk("one"), &json!({ "x": zero, "y": zero }))]).unwrap();
    let token = signed(&P384, Algorithm::Es384, &json!({ "alg": "ES384", "kid": "one" }));
    assert_eq!(judge(&keys, &token, SMART), Err(Unproved::Signature));
}

#[test]
fn what_is_no_set_has_its_reason() {
    let rsa = RSA.jwk("one");
    let many = vec![rsa.clone(); JWKS_KEYS_MAX + 1];
    assert_eq!(set(&many).map(|_| ()), Err(NotKeys::TooMany));
    let large = vec![b' '; JWKS_BYTES_MAX + 1];
    for (text, why) in [
        (&large[..], NotKeys::TooLarge),
        (b"", NotKeys::NotASet),
        (b"[]", NotKeys::NotASet),
        (b"{}", NotKeys::NotASet),
        (b"{\"keys\":{}}", NotKeys::NotASet),
        (b"{\"keys\":[],\"keys\":[]}", NotKeys::NotASet),
        (b"{\"keys\":[]}", NotKeys::NoneOfUse),
        (b"{\"keys\":[1]}", NotKeys::NoneOfUse),
    ] {
        assert_eq!(KeySet::parse(text).map(|_| ()), Err(why));
    }
    for private in [json!({ "d": "AQAB" }), json!({ "p": "AQAB" }), json!({ "k": "AQAB" })] {
        let keys = [changed(&rsa, &private)];
        assert_eq!(set(&keys).map(|_| ()), Err(NotKeys::Private), "{private}");
    }
}

proptest! {
    #[test]
    fn no_bytes_make_it_fall_over(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let _ = KeySet::parse(&bytes);
    }
}
