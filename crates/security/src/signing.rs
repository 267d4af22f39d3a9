//! Private keys of the house's own: for demonstrations, for its commands, and for tests.

use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::KeySize;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair, KeyPair,
    RSA_PKCS1_SHA256, RSA_PKCS1_SHA384, RSA_PKCS1_SHA512, RsaKeyPair,
};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::jws::Algorithm;

const PEM_BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const PEM_END: &str = "-----END PRIVATE KEY-----";

/// A private key that signs tokens. Its chance comes from the library of cryptography.
pub struct PrivateKey {
    pair: Pair,
}

enum Pair {
    Rsa(RsaKeyPair),
    P256(EcdsaKeyPair),
    P384(EcdsaKeyPair),
}

impl PrivateKey {
    /// A new RSA key of 2048 bits.
    ///
    /// # Errors
    /// When the library has no chance to give.
    pub fn rsa_2048() -> Result<Self, String> {
        let pair = RsaKeyPair::generate(KeySize::Rsa2048).map_err(|_| "no RSA key was made")?;
        Ok(Self { pair: Pair::Rsa(pair) })
    }

    /// A new key on the curve P-384.
    ///
    /// # Errors
    /// When the library has no chance to give.
    pub fn p384() -> Result<Self, String> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P384_SHA384_FIXED_SIGNING);
        Ok(Self { pair: Pair::P384(pair.map_err(|_| "no P-384 key was made")?) })
    }

    /// A new key on the curve P-256.
    ///
    /// # Errors
    /// When the library has no chance to give.
    pub fn p256() -> Result<Self, String> {
        let pair = EcdsaKeyPair::generate(&ECDSA_P256_SHA256_FIXED_SIGNING);
        Ok(Self { pair: Pair::P256(pair.map_err(|_| "no P-256 key was made")?) })
    }

    /// Reads a key from PKCS #8 in PEM (RFC 5958, RFC 7468).
    ///
    /// # Errors
    /// When it is none, or of a kind that is not used here.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let wrong = "it is no private key in PEM (PKCS #8)";
        let (_, rest) = text.split_once(PEM_BEGIN).ok_or(wrong)?;
        let (body, _) = rest.split_once(PEM_END).ok_or(wrong)?;
        let body: String = body.split_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| wrong)?;
        let p256 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &der);
        let p384 = || EcdsaKeyPair::from_pkcs8(&ECDSA_P384_SHA384_FIXED_SIGNING, &der);
        let pair = RsaKeyPair::from_pkcs8(&der).map(Pair::Rsa);
        let pair = pair.or_else(|_| p384().map(Pair::P384)).or_else(|_| p256().map(Pair::P256));
        Ok(Self { pair: pair.map_err(|_| "it is no RSA, P-256 or P-384 key")? })
    }

    /// The key as PKCS #8 in PEM. A secret.
    ///
    /// # Errors
    /// When the library cannot write it down.
    pub fn pem(&self) -> Result<String, String> {
        let der = match &self.pair {
            Pair::Rsa(pair) => {
                AsDer::<Pkcs8V1Der<'static>>::as_der(pair).map(|der| STANDARD.encode(der.as_ref()))
            }
            Pair::P256(pair) | Pair::P384(pair) => {
                pair.to_pkcs8v1().map(|der| STANDARD.encode(der.as_ref()))
            }
        };
        let text = der.map_err(|_| "the key cannot be written down")?;
        let mut pem = format!("{PEM_BEGIN}\n");
        let mut rest = text.as_str();
        while !rest.is_empty() {
            let (line, after) = rest.split_at(rest.len().min(64));
            pem.push_str(line);
            pem.push('\n');
            rest = after;
        }
        Ok(pem + PEM_END + "\n")
    }

    /// How it signs by default: as the national platform, or as SMART has it.
    pub fn algorithm(&self) -> Algorithm {
        match &self.pair {
            Pair::Rsa(_) => Algorithm::Rs512,
            Pair::P256(_) => Algorithm::Es256,
            Pair::P384(_) => Algorithm::Es384,
        }
    }

    /// Its public half as a JWK, for signatures by its default algorithm.
    pub fn jwk(&self, kid: &str) -> Value {
        self.jwk_for(kid, self.algorithm())
    }

    /// Its public half as a JWK, for signatures by one algorithm.
    pub fn jwk_for(&self, kid: &str, algorithm: Algorithm) -> Value {
        let encode = |bytes: &[u8]| URL_SAFE_NO_PAD.encode(bytes);
        let curve = |pair: &EcdsaKeyPair, crv: &str| {
            let point = pair.public_key().as_ref().get(1..).unwrap_or_default();
            let (x, y) = point.split_at(point.len() / 2);
            json!({ "kty": "EC", "crv": crv, "x": encode(x), "y": encode(y) })
        };
        let mut jwk = match &self.pair {
            Pair::P256(pair) => curve(pair, "P-256"),
            Pair::P384(pair) => curve(pair, "P-384"),
            Pair::Rsa(pair) => {
                let (n, e) = rsa_numbers(pair.public_key().as_ref()).unwrap_or_default();
                json!({ "kty": "RSA", "n": encode(n), "e": encode(e) })
            }
        };
        for (name, value) in [("use", "sig"), ("kid", kid), ("alg", algorithm.name())] {
            if let Some(jwk) = jwk.as_object_mut() {
                jwk.insert(name.into(), value.into());
            }
        }
        jwk
    }

    /// The name of its public half that follows from it (RFC 7638), for a `kid`.
    pub fn thumbprint(&self) -> String {
        let jwk = self.jwk("");
        let member = |name: &str| jwk.get(name).and_then(Value::as_str).unwrap_or_default();
        let names: &[&str] = match &self.pair {
            Pair::Rsa(_) => &["e", "kty", "n"],
            Pair::P256(_) | Pair::P384(_) => &["crv", "kty", "x", "y"],
        };
        let members: Vec<String> =
            names.iter().map(|name| format!("\"{name}\":\"{}\"", member(name))).collect();
        URL_SAFE_NO_PAD.encode(Sha256::digest(format!("{{{}}}", members.join(","))))
    }

    /// Signs claims under a header as they are, by an algorithm that fits the key: a compact JWS.
    /// The header should name the same algorithm; tests of refusals have it say otherwise.
    ///
    /// # Errors
    /// When the algorithm does not fit the key.
    pub fn sign(
        &self,
        algorithm: Algorithm,
        header: &Value,
        claims: &Value,
    ) -> Result<String, String> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        self.sign_text(algorithm, &format!("{}.{}", part(header), part(claims)))
    }

    /// Signs what stands before the last dot of a compact JWS, and adds the rest.
    ///
    /// # Errors
    /// When the algorithm does not fit the key.
    pub fn sign_text(&self, algorithm: Algorithm, text: &str) -> Result<String, String> {
        let chance = SystemRandom::new();
        let failed = |_| "the key does not sign".to_owned();
        let rsa = |pair: &RsaKeyPair, padding| {
            let mut signature = vec![0; pair.public_modulus_len()];
            pair.sign(padding, &chance, text.as_bytes(), &mut signature).map(|()| signature)
        };
        let signature = match (&self.pair, algorithm) {
            (Pair::Rsa(pair), Algorithm::Rs256) => rsa(pair, &RSA_PKCS1_SHA256).map_err(failed)?,
            (Pair::Rsa(pair), Algorithm::Rs384) => rsa(pair, &RSA_PKCS1_SHA384).map_err(failed)?,
            (Pair::Rsa(pair), Algorithm::Rs512) => rsa(pair, &RSA_PKCS1_SHA512).map_err(failed)?,
            (Pair::P256(pair), Algorithm::Es256) | (Pair::P384(pair), Algorithm::Es384) => {
                pair.sign(&chance, text.as_bytes()).map_err(failed)?.as_ref().to_vec()
            }
            _ => return Err(format!("the key does not sign by {}", algorithm.name())),
        };
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl std::fmt::Debug for PrivateKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}

/// The modulus and the exponent of an RSA public key in DER: a sequence of two numbers
/// (RFC 8017 appendix A.1.1).
fn rsa_numbers(der: &[u8]) -> Option<(&[u8], &[u8])> {
    let (sequence, _) = element(der, 0x30)?;
    let (modulus, rest) = element(sequence, 0x02)?;
    let (exponent, _) = element(rest, 0x02)?;
    Some((unsigned(modulus), unsigned(exponent)))
}

/// A number without the zero that keeps it positive.
fn unsigned(number: &[u8]) -> &[u8] {
    match number {
        [0, rest @ ..] => rest,
        number => number,
    }
}

/// The content of a DER element with this tag, and what comes after it.
fn element(der: &[u8], tag: u8) -> Option<(&[u8], &[u8])> {
    let (found, rest) = der.split_first()?;
    let (first, rest) = rest.split_first()?;
    let (length, rest) = if *first < 0x80 {
        (usize::from(*first), rest)
    } else {
        let (length, rest) = rest.split_at_checked(usize::from(first & 0x7f))?;
        (length.iter().fold(0, |sum, byte| (sum << 8) | usize::from(*byte)), rest)
    };
    (*found == tag).then(|| rest.split_at_checked(length))?
}

#[cfg(test)]
mod tests;
