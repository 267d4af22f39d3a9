//! The private key of a local system, which signs its requests for tokens.

use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{RSA_PKCS1_SHA512, RsaKeyPair};
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use serde_json::Value;

const BEGIN: &str = "-----BEGIN PRIVATE KEY-----";
const END: &str = "-----END PRIVATE KEY-----";

/// An RSA key that signs by RS512, as the national platform asks for
/// (<https://www.rfc-editor.org/rfc/rfc7518#section-3.3>).
pub struct Key(RsaKeyPair);

impl Key {
    /// Reads a key from PKCS #8 in PEM (RFC 7468).
    ///
    /// # Errors
    /// When it is none.
    pub fn from_pem(text: &str) -> Result<Self, String> {
        let wrong = || "it is no RSA key in PEM (PKCS #8)".to_owned();
        let (_, rest) = text.split_once(BEGIN).ok_or_else(wrong)?;
        let (body, _) = rest.split_once(END).ok_or_else(wrong)?;
        let body: String = body.split_whitespace().collect();
        let der = STANDARD.decode(body).map_err(|_| wrong())?;
        RsaKeyPair::from_pkcs8(&der).map(Self).map_err(|_| wrong())
    }

    /// Claims under a header, signed: a compact JWS (RFC 7515).
    ///
    /// # Errors
    /// When the library of cryptography fails.
    pub fn sign(&self, header: &Value, claims: &Value) -> Result<String, String> {
        let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let text = format!("{}.{}", part(header), part(claims));
        let mut signature = vec![0; self.0.public_modulus_len()];
        self.0
            .sign(&RSA_PKCS1_SHA512, &SystemRandom::new(), text.as_bytes(), &mut signature)
            .map_err(|_| "the key does not sign")?;
        Ok(format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature)))
    }
}

impl std::fmt::Debug for Key {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("***")
    }
}
