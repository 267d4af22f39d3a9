use super::*;
use crate::{Jws, KeySet};

#[test]
fn a_key_that_was_written_down_signs_what_its_public_half_verifies() {
    for key in [PrivateKey::rsa_2048(), PrivateKey::p384(), PrivateKey::p256()] {
        let key = key.unwrap();
        let pem = key.pem().unwrap();
        assert!(pem.lines().all(|line| line.len() <= 64), "{}", pem.lines().count());
        let read = PrivateKey::from_pem(&pem).unwrap();
        let set = json!({ "keys": [key.jwk("one")] }).to_string();
        let set = KeySet::parse(set.as_bytes()).unwrap();
        let algorithm = key.algorithm();
        assert_eq!(read.algorithm(), algorithm);
        let header = json!({ "alg": algorithm.name(), "kid": "one" });
        let token = read.sign(algorithm, &header, &json!({ "a": 1 })).unwrap();
        set.verify(&Jws::parse(&token).unwrap(), &[algorithm]).unwrap();
        assert_eq!(format!("{read:?}"), "***");
    }
}

#[test]
fn what_is_no_key_is_refused() {
    let short = format!("{PEM_BEGIN}\nAAAA\n{PEM_END}\n");
    for text in ["", PEM_BEGIN, short.as_str(), "-----BEGIN PUBLIC KEY-----"] {
        assert!(PrivateKey::from_pem(text).is_err(), "{text}");
    }
    let key = PrivateKey::p384().unwrap();
    assert!(key.sign_text(Algorithm::Rs512, "a.b").is_err());
}

#[test]
fn the_numbers_of_a_public_key_are_read_from_its_der() {
    let long = [&[0x30, 0x81, 0x86, 0x02, 0x81, 0x80][..], &[7; 128], &[0x02, 0x01, 0x03]].concat();
    assert_eq!(rsa_numbers(&long), Some((&[7; 128][..], &[3][..])));
    assert_eq!(rsa_numbers(&[0x30, 7, 2, 2, 0, 0x81, 2, 1, 3]), Some((&[0x81][..], &[3][..])));
    for der in [&[][..], &[0x30], &[0x30, 0x85], &[0x31, 0], &[0x30, 3, 2, 5, 1], &long[..9]] {
        assert_eq!(rsa_numbers(der), None, "{der:?}");
    }
}

/// The example of RFC 7638 section 3.1 is an RSA key without a private half; that the members are
/// the right ones in the right order is seen from its public numbers.
#[test]
fn the_name_of_a_key_follows_from_its_public_half() {
    for key in [PrivateKey::rsa_2048(), PrivateKey::p384(), PrivateKey::p256()] {
        let key = key.unwrap();
        let read = PrivateKey::from_pem(&key.pem().unwrap()).unwrap();
        assert_eq!(read.thumbprint(), key.thumbprint());
        assert_eq!(key.thumbprint().len(), 43);
    }
    assert_ne!(PrivateKey::p384().unwrap().thumbprint(), PrivateKey::p384().unwrap().thumbprint());
}
