//! The caller: who is calling, proved.

use serde::{Deserialize, Serialize};

/// How a caller was let in. It decides what may be asked and what is left out of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Mode {
    /// A mailbox, proved by its own token. No bearer token of the house stands for one.
    Mailbox,
    /// A system, proved by its certificate. No bearer token of the house stands for one.
    System,
    /// A program, with no person behind it.
    Application,
    /// A program that is trusted with restricted records.
    PrivilegedApplication,
    /// A health worker, signed in.
    Worker,
    /// A patient, signed in, who may see what is theirs.
    Patient,
}

impl Mode {
    /// Every mode, weakest first.
    pub const ALL: [Self; 6] = [
        Self::Mailbox,
        Self::System,
        Self::Application,
        Self::PrivilegedApplication,
        Self::Worker,
        Self::Patient,
    ];

    /// The name used in configuration, logs and the catalogue.
    pub fn name(self) -> &'static str {
        match self {
            Self::Mailbox => "mailbox",
            Self::System => "system",
            Self::Application => "application",
            Self::PrivilegedApplication => "privileged-application",
            Self::Worker => "worker",
            Self::Patient => "patient",
        }
    }
}

/// A role that a worker may take on for a session.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Role {
    /// The identifier of the person in that role, digits only.
    pub id: String,
    /// The organisation that the role is held at.
    #[serde(default)]
    pub organisation: String,
    /// What the role is, by its code; empty when not known.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub code: String,
    /// What the person may do in it, each by its code.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub activities: Vec<String>,
}

/// Who is calling. Made only by the [`Gate`](crate::Gate), trusted ever after.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Caller {
    /// How the caller was let in.
    pub mode: Mode,
    /// The client that calls, as registered.
    pub client: String,
    /// The organisation that owns the calling system; empty when not known.
    pub organisation: String,
    /// The accredited system id of the calling system; empty when it has none.
    pub system: String,
    /// The person behind the call: a worker's or a patient's identifier at the sign-in service.
    pub user: String,
    /// The roles that a worker may act in.
    pub roles: Vec<Role>,
    /// The identifier of the patient who calls, when a patient does.
    pub patient: Option<String>,
    /// Named permissions beyond the mode, granted to the client when it was registered.
    pub grants: Vec<String>,
    /// The scopes of the access token; none for callers who brought another credential.
    pub scopes: Vec<String>,
    /// How surely the person was known, in the words of who signed them in; empty for none.
    pub level: String,
    /// Which sign-in or issue the access token belongs to; empty for none.
    pub session: String,
}

impl Caller {
    /// The permission that whoever comes in at an open door holds: an API that is for programs
    /// alone lets them in by it. No registered client needs it.
    pub const OPEN: &str = "open-door";

    /// A health worker at an open door, for sandboxes only.
    pub fn open() -> Self {
        let base = Self::application("open".into());
        let grants = vec![Self::OPEN.to_owned()];
        Self { mode: Mode::Worker, user: "open".into(), grants, ..base }
    }

    /// A program of which nothing is known but which client it is.
    pub fn application(client: String) -> Self {
        Self {
            mode: Mode::Application,
            client,
            organisation: String::new(),
            system: String::new(),
            user: String::new(),
            roles: Vec::new(),
            patient: None,
            grants: Vec::new(),
            scopes: Vec::new(),
            level: String::new(),
            session: String::new(),
        }
    }

    /// Whether a named permission was granted.
    pub fn has(&self, grant: &str) -> bool {
        self.grants.iter().any(|granted| granted == grant)
    }
}
