//! Why something did not happen: one error for the whole house.
//!
//! A [`Fault`] carries a stable code that each API looks up in its own published table. It has no
//! `Display`, so that nobody logs one by accident: `public` may name what the caller sent.

use std::fmt;

/// The boxed cause of a fault. It never leaves the house.
pub type Cause = Box<dyn std::error::Error + Send + Sync>;

/// The kinds of fault, after the categories that decide what a caller should do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// The caller sent something wrong; sending it again will not help.
    Incorrect,
    /// Nobody knows who is calling.
    Unauthenticated,
    /// The caller is known and may not do this.
    Forbidden,
    /// The house does not do this.
    Unsupported,
    /// There is no such thing.
    NotFound,
    /// Somebody else changed it first, or it is not in the state the caller thought.
    Conflict,
    /// Too much is asked at once; try later.
    Busy,
    /// Something the house needs is away; try later.
    Unavailable,
    /// It took too long; it may still happen.
    Interrupted,
    /// The house is at fault.
    Broken,
}

/// What the caller should do about trying again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Retry {
    /// The same request will fail the same way.
    No,
    /// Try the same request again after this many seconds.
    AfterS(u32),
}

/// How a caller stands with what they may ask for in a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Allowance {
    /// How many times they may ask.
    pub limit: u32,
    /// How often they still may.
    pub remaining: u32,
    /// In how many seconds all of it begins anew.
    pub reset_s: u32,
}

/// Why something did not happen. `public` may reach a client; `cause` never does.
pub struct Fault {
    kind: Kind,
    code: &'static str,
    public: String,
    cause: Option<Cause>,
    retry: Retry,
    allowance: Option<Allowance>,
    credential: Option<String>,
}

impl Fault {
    /// A fault of a kind, with the code that the API's table explains, and text for the caller.
    pub fn new(kind: Kind, code: &'static str, public: impl Into<String>) -> Self {
        Self {
            kind,
            code,
            public: public.into(),
            cause: None,
            retry: Retry::No,
            allowance: None,
            credential: None,
        }
    }

    /// A fault of the house itself. The caller learns nothing but that it happened.
    pub fn broken(code: &'static str, cause: impl Into<Cause>) -> Self {
        Self::new(Kind::Broken, code, "").because(cause)
    }

    /// Remembers what lies behind it, for the operator.
    #[must_use]
    pub fn because(mut self, cause: impl Into<Cause>) -> Self {
        self.cause = Some(cause.into());
        self
    }

    /// Tells the caller when to try again.
    #[must_use]
    pub fn retry_after(mut self, seconds: u32) -> Self {
        self.retry = Retry::AfterS(seconds);
        self
    }

    /// Tells the caller how they stand with what they may ask for.
    #[must_use]
    pub fn standing(mut self, allowance: Allowance) -> Self {
        self.allowance = Some(allowance);
        self
    }

    /// Says that a credential failed, and whose it was to be: a client's, a mailbox's; empty when
    /// it did not say. Such faults are counted.
    #[must_use]
    pub fn failed_credential(mut self, of: &str) -> Self {
        self.credential = Some(of.to_owned());
        self
    }

    /// Whose credential failed, where that is why.
    pub fn credential(&self) -> Option<&str> {
        self.credential.as_deref()
    }

    /// How the caller stands with what they may ask for, where that is why.
    pub fn allowance(&self) -> Option<Allowance> {
        self.allowance
    }

    /// What kind of fault it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// The stable code: a row of the API's published table of errors.
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// What may be told to the caller. Empty when the code says it all.
    pub fn public(&self) -> &str {
        &self.public
    }

    /// What lies behind it, for the operator only.
    pub fn cause(&self) -> Option<&Cause> {
        self.cause.as_ref()
    }

    /// Whether and when to try again.
    pub fn retry(&self) -> Retry {
        self.retry
    }
}

impl fmt::Debug for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The public text may quote what the caller sent, which may be about a patient.
        f.debug_struct("Fault")
            .field("kind", &self.kind)
            .field("code", &self.code)
            .field("cause", &self.cause)
            .field("retry", &self.retry)
            .finish_non_exhaustive()
    }
}
