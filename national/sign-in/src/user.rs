//! The people who can sign in.

use security::Role;
use security::tokens::{Digested, digest, same};

use crate::Issuer;

/// A person who can sign in.
#[derive(Clone, Debug)]
pub struct User {
    /// What the person signs in with.
    pub sign_in: String,
    /// The name of the person.
    pub name: String,
    /// The person's identifier at the issuer: what `sub` says.
    pub subject: String,
    /// The highest level that the person can be signed in at.
    pub level: String,
    /// What else there is to know.
    pub details: Details,
    secret: Digested,
}

/// What there is to know of a person.
#[derive(Clone, Debug)]
pub enum Details {
    /// Of a health worker.
    Staff {
        /// The roles that they may act in.
        roles: Vec<Role>,
    },
    /// Of a patient.
    Patient {
        /// Their NHS number, when it is known.
        nhs_number: Option<String>,
    },
}

impl User {
    /// A person with a secret, of which only the digest is kept.
    pub fn new(sign_in: &str, name: &str, subject: &str, secret: &str) -> Self {
        Self {
            sign_in: sign_in.to_owned(),
            name: name.to_owned(),
            subject: subject.to_owned(),
            level: String::new(),
            details: Details::Patient { nhs_number: None },
            secret: digest(secret.as_bytes()),
        }
    }

    /// The same person as a health worker, signed in at this level at most.
    #[must_use]
    pub fn staff(self, level: &str, roles: Vec<Role>) -> Self {
        Self { level: level.to_owned(), details: Details::Staff { roles }, ..self }
    }

    /// The same person as a patient, signed in at this level at most.
    #[must_use]
    pub fn patient(self, level: &str, nhs_number: Option<&str>) -> Self {
        let nhs_number = nhs_number.map(str::to_owned);
        Self { level: level.to_owned(), details: Details::Patient { nhs_number }, ..self }
    }

    /// Which issuer knows the person.
    pub fn issuer(&self) -> Issuer {
        match self.details {
            Details::Staff { .. } => Issuer::Staff,
            Details::Patient { .. } => Issuer::Patient,
        }
    }
}

/// The person who signs in with a name and a secret. Takes as long whether there is no such
/// person or the secret is wrong.
pub(crate) fn proved<'a>(users: &'a [User], sign_in: &str, secret: &str) -> Option<&'a User> {
    const NOBODY: Digested = [0; 32];
    let user = users.iter().find(|user| user.sign_in.eq_ignore_ascii_case(sign_in));
    let right = same(&digest(secret.as_bytes()), user.map_or(&NOBODY, |user| &user.secret));
    user.filter(|_| right)
}
