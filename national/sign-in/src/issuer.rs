//! The two issuers, and what differs between them.

use security::jws::Algorithm;

/// Who signs people in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Issuer {
    /// For health workers, as CIS2 is.
    Staff,
    /// For patients, as NHS login is.
    Patient,
}

/// A level of certainty that a person may be signed in at: what the form calls it, and what it
/// means.
pub(crate) type Level = (&'static str, &'static str);

impl Issuer {
    /// The name of the API in the house.
    pub fn name(self) -> &'static str {
        match self {
            Self::Staff => "sign-in-staff",
            Self::Patient => "sign-in-patient",
        }
    }

    /// The path that all its paths start with.
    pub fn base(self) -> &'static str {
        match self {
            Self::Staff => "/sign-in/staff",
            Self::Patient => "/sign-in/patient",
        }
    }

    /// Its name in the catalogue.
    pub(crate) fn title(self) -> &'static str {
        match self {
            Self::Staff => "Sign-in for staff (demonstration)",
            Self::Patient => "Sign-in for patients (demonstration)",
        }
    }

    /// How it signs, as the national one does.
    pub fn algorithm(self) -> Algorithm {
        match self {
            Self::Staff => Algorithm::Rs256,
            Self::Patient => Algorithm::Rs512,
        }
    }

    /// The name of its key.
    pub(crate) fn kid(self) -> &'static str {
        match self {
            Self::Staff => "staff-1",
            Self::Patient => "patient-1",
        }
    }

    /// The levels, highest first.
    pub(crate) fn levels(self) -> &'static [Level] {
        match self {
            Self::Staff => &[("AAL3", "smartcard or security key"), ("AAL2", "authenticator app")],
            Self::Patient => &[
                ("P9", "identity proved in full"),
                ("P5", "some details matched"),
                ("P0", "only an e-mail address"),
            ],
        }
    }

    /// Whether a level is at most another one of this issuer's.
    pub(crate) fn is_within(self, level: &str, most: &str) -> bool {
        let rank = |name: &str| self.levels().iter().position(|(known, _)| *known == name);
        matches!((rank(level), rank(most)), (Some(level), Some(most)) if level >= most)
    }
}
