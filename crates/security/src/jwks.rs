//! Sets of public keys, and what they prove.
//!
//! Clauses: RFC 7517 (JWK), RFC 7518 sections 3 and 6 (algorithms and their keys).

use std::fmt;

use aws_lc_rs::rsa::PublicKeyComponents;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ParsedPublicKey, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RsaParameters,
};
use base::limit::{JWKS_BYTES_MAX, JWKS_KEYS_MAX, JWS_DEPTH_MAX, KEY_ID_BYTES_MAX};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::json;
use crate::jws::{Algorithm, Jws};

/// The shortest and the longest RSA modulus, in bytes.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=1024;
/// The longest RSA exponent, in bytes.
const EXPONENT_BYTES_MAX: usize = 4;

/// Why a document is no set of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotKeys {
    /// It is larger than [`JWKS_BYTES_MAX`].
    TooLarge,
    /// It is no JSON object with a list of `keys`.
    NotASet,
    /// It has more than [`JWKS_KEYS_MAX`] keys.
    TooMany,
    /// It holds a private key, which is nobody's business but its owner's.
    Private,
    /// No key in it can verify anything here.
    NoneOfUse,
}

impl fmt::Display for NotKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::TooLarge => write!(f, "the key set is larger than {JWKS_BYTES_MAX} bytes"),
            Self::NotASet => f.write_str("it is no JSON object with a list of 'keys'"),
            Self::TooMany => write!(f, "it has more than {JWKS_KEYS_MAX} keys"),
            Self::Private => f.write_str(
                "it holds a private key. hint: make a new pair, and register its public half",
            ),
            Self::NoneOfUse => f.write_str(
                "it has no key with a kid that is RSA of 2048 bits or more, P-256 or P-384, \
                 for signatures",
            ),
        }
    }
}

/// Why a token is not proved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unproved {
    /// It is signed in a way that does not count here.
    Algorithm,
    /// It names no key, or one that the set does not have.
    UnknownKey,
    /// The signature is not by the key that it names.
    Signature,
}

/// A set of public keys for signatures.
#[derive(Clone, Debug)]
pub struct KeySet {
    keys: Vec<Key>,
}

#[derive(Clone)]
struct Key {
    kid: String,
    /// The one algorithm that it is for, when it says so.
    alg: Option<String>,
    public: Public,
}

#[derive(Clone)]
enum Public {
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
    /// A point as `04 || x || y`.
    P256(Vec<u8>),
    P384(Vec<u8>),
}

impl KeySet {
    /// Reads a set. Keys that are not for signatures, not of a kind that counts here, too weak or
    /// without a `kid` are passed over.
    ///
    /// # Errors
    /// [`NotKeys`] says what is wrong with it.
    pub fn parse(bytes: &[u8]) -> Result<Self, NotKeys> {
        if bytes.len() > JWKS_BYTES_MAX {
            return Err(NotKeys::TooLarge);
        }
        let set = json::object(bytes, JWS_DEPTH_MAX).map_err(|_| NotKeys::NotASet)?;
        let keys = set.get("keys").and_then(Value::as_array).ok_or(NotKeys::NotASet)?;
        if keys.len() > JWKS_KEYS_MAX {
            return Err(NotKeys::TooMany);
        }
        let keys: Vec<&Map<String, Value>> = keys.iter().filter_map(Value::as_object).collect();
        // The private part of RSA and of curves, and a shared secret.
        if keys.iter().any(|key| ["d", "p", "q", "k"].iter().any(|name| key.contains_key(*name))) {
            return Err(NotKeys::Private);
        }
        let keys: Vec<Key> = keys.into_iter().filter_map(Key::read).collect();
        if keys.is_empty() { Err(NotKeys::NoneOfUse) } else { Ok(Self { keys }) }
    }

    /// Whether a key is in the set.
    pub fn has(&self, kid: &str) -> bool {
        self.keys.iter().any(|key| key.kid == kid)
    }

    /// Proves that a token was signed by the key that it names, in one of these ways.
    ///
    /// # Errors
    /// [`Unproved`] says why not.
    pub fn verify(&self, jws: &Jws<'_>, allowed: &[Algorithm]) -> Result<(), Unproved> {
        let named = |one: &&Algorithm| jws.header.alg.as_deref() == Some(one.name());
        let algorithm = *allowed.iter().find(named).ok_or(Unproved::Algorithm)?;
        let kid = jws.header.kid.as_deref().ok_or(Unproved::UnknownKey)?;
        if !self.has(kid) {
            return Err(Unproved::UnknownKey);
        }
        let fits = |key: &&Key| {
            key.kid == kid && key.alg.as_deref().is_none_or(|alg| alg == algorithm.name())
        };
        let proves = |key: &Key| key.public.verifies(algorithm, jws);
        let proved = self.keys.iter().filter(fits).any(proves);
        if proved { Ok(()) } else { Err(Unproved::Signature) }
    }
}

impl Key {
    /// A key, when it is of use.
    fn read(members: &Map<String, Value>) -> Option<Self> {
        let text = |name: &str| members.get(name).and_then(Value::as_str);
        let absent_or =
            |name: &str, wanted: &dyn Fn(&Value) -> bool| members.get(name).is_none_or(wanted);
        let verifies =
            |ops: &Value| ops.as_array().is_some_and(|ops| ops.iter().any(|op| op == "verify"));
        let for_signatures = absent_or("use", &|it| it == "sig") && absent_or("key_ops", &verifies);
        let kid = text("kid").filter(|kid| !kid.is_empty() && kid.len() <= KEY_ID_BYTES_MAX)?;
        if !for_signatures || !absent_or("alg", &Value::is_string) {
            return None;
        }
        let public = match (text("kty")?, text("crv")) {
            ("RSA", _) => Public::rsa(&bytes(text("n")?)?, &bytes(text("e")?)?)?,
            ("EC", Some("P-256")) => Public::P256(point(text("x")?, text("y")?, 32)?),
            ("EC", Some("P-384")) => Public::P384(point(text("x")?, text("y")?, 48)?),
            _ => return None,
        };
        Some(Self { kid: kid.to_owned(), alg: text("alg").map(str::to_owned), public })
    }
}

impl Public {
    fn rsa(modulus: &[u8], exponent: &[u8]) -> Option<Self> {
        // Some writers put a zero in front, as ASN.1 does.
        let strip = |number: &[u8]| {
            let zeros = number.iter().take_while(|byte| **byte == 0).count();
            number.get(zeros..).unwrap_or_default().to_vec()
        };
        let (modulus, exponent) = (strip(modulus), strip(exponent));
        let strong = MODULUS_BYTES.contains(&modulus.len())
            && modulus.first().is_some_and(|top| *top >= 0x80 || modulus.len() > 256);
        let odd = exponent.last().is_some_and(|low| low % 2 == 1) && exponent != [1];
        (strong && odd && exponent.len() <= EXPONENT_BYTES_MAX)
            .then_some(Self::Rsa { modulus, exponent })
    }

    fn verifies(&self, algorithm: Algorithm, jws: &Jws<'_>) -> bool {
        let (message, signature) = (jws.signed.as_bytes(), jws.signature.as_slice());
        match self {
            Self::Rsa { modulus, exponent } => rsa_parameters(algorithm).is_some_and(|with| {
                let key = PublicKeyComponents { n: modulus, e: exponent };
                key.verify(with, message, signature).is_ok()
            }),
            Self::P256(point) if algorithm == Algorithm::Es256 => {
                ParsedPublicKey::new(&ECDSA_P256_SHA256_FIXED, point)
                    .is_ok_and(|key| key.verify_sig(message, signature).is_ok())
            }
            Self::P384(point) if algorithm == Algorithm::Es384 => {
                ParsedPublicKey::new(&ECDSA_P384_SHA384_FIXED, point)
                    .is_ok_and(|key| key.verify_sig(message, signature).is_ok())
            }
            Self::P256(_) | Self::P384(_) => false,
        }
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.kid)
    }
}

fn rsa_parameters(algorithm: Algorithm) -> Option<&'static RsaParameters> {
    match algorithm {
        Algorithm::Rs256 => Some(&RSA_PKCS1_2048_8192_SHA256),
        Algorithm::Rs384 => Some(&RSA_PKCS1_2048_8192_SHA384),
        Algorithm::Rs512 => Some(&RSA_PKCS1_2048_8192_SHA512),
        Algorithm::Es256 | Algorithm::Es384 => None,
    }
}

fn bytes(text: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(text).ok()
}

/// A point as `04 || x || y`, when both are as long as they must be (RFC 7518 section 6.2.1.2).
fn point(x: &str, y: &str, coordinate_bytes: usize) -> Option<Vec<u8>> {
    let (x, y) = (bytes(x)?, bytes(y)?);
    let long = x.len() == coordinate_bytes && y.len() == coordinate_bytes;
    long.then(|| [&[4][..], &x, &y].concat())
}

#[cfg(test)]
mod tests;
