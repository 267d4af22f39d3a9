//! Signed tokens in their compact form, read with suspicion. Nothing of one is proved until a
//! [`KeySet`](crate::KeySet) has verified it.
//!
//! Clauses: RFC 7515 (JWS), RFC 7519 (JWT), RFC 8725 (best current practice).

use base::limit::{JWS_BYTES_MAX, JWS_DEPTH_MAX, KEY_ID_BYTES_MAX};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Map, Value};

use crate::json;

/// The ways of signing that the house can verify. Which of them count is up to whoever asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Algorithm {
    /// RSA PKCS#1 v1.5 with SHA-256.
    Rs256,
    /// RSA PKCS#1 v1.5 with SHA-384.
    Rs384,
    /// RSA PKCS#1 v1.5 with SHA-512.
    Rs512,
    /// ECDSA on P-256 with SHA-256.
    Es256,
    /// ECDSA on P-384 with SHA-384.
    Es384,
}

impl Algorithm {
    /// Its name in a header (RFC 7518 section 3.1).
    pub fn name(self) -> &'static str {
        match self {
            Self::Rs256 => "RS256",
            Self::Rs384 => "RS384",
            Self::Rs512 => "RS512",
            Self::Es256 => "ES256",
            Self::Es384 => "ES384",
        }
    }
}

/// Headers that would have a token say where its own key is, or change what is signed.
const REFUSED_HEADERS: [&str; 4] = ["jku", "x5u", "jwk", "crit"];

/// Why some text is no token that is looked at any further.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unreadable {
    /// It is longer than [`JWS_BYTES_MAX`].
    TooLarge,
    /// It is not three parts with dots between.
    NotCompact,
    /// A part is not base64url without padding.
    NotBase64,
    /// The header or the claims are no JSON object that is taken.
    NotAnObject(json::Refused),
    /// The header has a member that is never taken.
    RefusedHeader(&'static str),
    /// The header has a member of a wrong type or size.
    WrongHeader(&'static str),
}

/// What the header says. None of it is to be believed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// How it says that it is signed.
    pub alg: Option<String>,
    /// Which key it says that it is signed with.
    pub kid: Option<String>,
    /// What it says that it is.
    pub typ: Option<String>,
}

/// A token that was read. Nothing of it is proved.
#[derive(Clone, Debug)]
pub struct Jws<'a> {
    /// The header.
    pub header: Header,
    /// The claims.
    pub claims: Map<String, Value>,
    /// The header and the claims as they were signed.
    pub(crate) signed: &'a str,
    pub(crate) signature: Vec<u8>,
}

impl<'a> Jws<'a> {
    /// Reads a token.
    ///
    /// # Errors
    /// [`Unreadable`] says what is wrong with its form.
    pub fn parse(text: &'a str) -> Result<Self, Unreadable> {
        if text.len() > JWS_BYTES_MAX {
            return Err(Unreadable::TooLarge);
        }
        let (signed, signature) = text.rsplit_once('.').ok_or(Unreadable::NotCompact)?;
        let (header, claims) = signed.split_once('.').ok_or(Unreadable::NotCompact)?;
        if header.is_empty() || claims.is_empty() || claims.contains('.') {
            return Err(Unreadable::NotCompact);
        }
        Ok(Self {
            header: Header::read(&object(header)?)?,
            claims: object(claims)?,
            signed,
            signature: decode(signature)?,
        })
    }

    /// A claim that is text.
    pub fn text(&self, claim: &str) -> Option<&str> {
        self.claims.get(claim)?.as_str()
    }

    /// A claim that is an instant: seconds since 1970, a fraction cut off (RFC 7519 section 2).
    pub fn instant_s(&self, claim: &str) -> Option<i64> {
        let number = self.claims.get(claim)?.as_number()?;
        // A number too large for the type is the last instant there is.
        number.as_i64().or_else(|| number.as_f64().map(|seconds| seconds.floor() as i64))
    }

    /// Whether a claim is this text, or a list that holds it (RFC 7519 section 4.1.3).
    pub fn names(&self, claim: &str, wanted: impl Fn(&str) -> bool) -> bool {
        match self.claims.get(claim) {
            Some(Value::String(one)) => wanted(one),
            Some(Value::Array(several)) => several.iter().filter_map(Value::as_str).any(wanted),
            _ => false,
        }
    }
}

impl Header {
    fn read(members: &Map<String, Value>) -> Result<Self, Unreadable> {
        if let Some(name) = REFUSED_HEADERS.iter().find(|name| members.contains_key(**name)) {
            return Err(Unreadable::RefusedHeader(name));
        }
        let text = |name: &'static str| match members.get(name) {
            None => Ok(None),
            Some(Value::String(text)) if text.len() <= KEY_ID_BYTES_MAX => Ok(Some(text.clone())),
            Some(_) => Err(Unreadable::WrongHeader(name)),
        };
        Ok(Self { alg: text("alg")?, kid: text("kid")?, typ: text("typ")? })
    }
}

fn object(part: &str) -> Result<Map<String, Value>, Unreadable> {
    json::object(&decode(part)?, JWS_DEPTH_MAX).map_err(Unreadable::NotAnObject)
}

/// Undoes base64url. Padding, other letters and stray bits are refused, so that one signature has
/// one spelling.
fn decode(part: &str) -> Result<Vec<u8>, Unreadable> {
    URL_SAFE_NO_PAD.decode(part).map_err(|_| Unreadable::NotBase64)
}

#[cfg(test)]
mod tests;
