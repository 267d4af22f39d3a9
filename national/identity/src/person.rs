//! A person who signed in: what a sign-in service says of them, as far as tokens need it.

use base::Fault;
use base::limit::{PATIENT_REFRESHES_S_MAX, WORKER_REFRESHES_S_MAX};
use security::tokens::digest;
use security::{Mode, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::People;
use crate::client::Client;
use crate::faults::invalid_request;

/// The longest identifier of a person, in bytes.
const SUBJECT_BYTES_MAX: usize = 255;

/// A person who signed in.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
pub(crate) struct Person {
    /// Whose sign-in service it was.
    pub(crate) people: People,
    /// The person's identifier there.
    pub(crate) subject: String,
    /// The roles that they may act in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub(crate) roles: Vec<Role>,
    /// Their NHS number, of patients.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) nhs_number: Option<String>,
    /// How surely they are known: `aal3`, or the vector of trust.
    pub(crate) level: String,
    /// The session there, by a name that is ours; empty when it has none.
    pub(crate) sign_in: String,
    /// When they signed in, in seconds since 1970.
    pub(crate) at_s: i64,
}

impl Person {
    /// The person of an ID token that is proved.
    ///
    /// # Errors
    /// What it should say and does not.
    pub(crate) fn read(
        people: People,
        issuer: &str,
        claims: &Map<String, Value>,
        now_s: i64,
    ) -> Result<Self, Fault> {
        let text = |name: &str| claims.get(name).and_then(Value::as_str);
        let subject = text("sub").filter(|sub| (1..=SUBJECT_BYTES_MAX).contains(&sub.len()));
        let subject = subject.ok_or_else(|| invalid_request("the ID token has no sub"))?;
        if claims.contains_key("act") {
            return Err(invalid_request("delegates who act for a patient are not let in"));
        }
        let level = match people {
            People::Staff => assurance(claims),
            People::Patients => proof(claims),
        };
        let level = level.ok_or_else(|| invalid_request("the ID token has no level"))?;
        let number = text("nhs_number").filter(|number| {
            number.len() == 10 && number.bytes().all(|byte| byte.is_ascii_digit())
        });
        Ok(Self {
            people,
            subject: subject.to_owned(),
            roles: roles(claims),
            nhs_number: number.filter(|_| people == People::Patients).map(str::to_owned),
            level,
            sign_in: text("sid").map_or_else(String::new, |sid| sign_in(issuer, sid)),
            at_s: now_s,
        })
    }

    /// The same person, with the roles that the sign-in service tells of elsewhere. What it says
    /// of somebody else does not count (OpenID Connect Core section 5.3.2).
    pub(crate) fn with_info(mut self, info: &Value) -> Self {
        if let Some(info) = info.as_object()
            && info.get("sub").and_then(Value::as_str) == Some(&self.subject)
            && info.contains_key("nhsid_nrbac_roles")
        {
            self.roles = roles(info);
        }
        self
    }

    /// How the person is let in.
    pub(crate) fn mode(&self) -> Mode {
        match self.people {
            People::Staff => Mode::Worker,
            People::Patients => Mode::Patient,
        }
    }

    /// For how long after the sign-in tokens may be refreshed, in seconds.
    fn refreshes_s(&self) -> i64 {
        match self.people {
            People::Staff => WORKER_REFRESHES_S_MAX,
            People::Patients => PATIENT_REFRESHES_S_MAX,
        }
    }

    /// Until when tokens may be refreshed, in seconds since 1970.
    pub(crate) fn until_s(&self) -> i64 {
        self.at_s.saturating_add(self.refreshes_s())
    }

    /// What a token for the person is good for: what the client is registered for at exactly the
    /// level at which the person signed in.
    pub(crate) fn scopes(&self, client: &Client) -> Vec<String> {
        if !client.access.contains(&self.mode()) {
            return Vec::new();
        }
        let proved = self.level.split('.').next().unwrap_or_default();
        let holds = |scope: &&String| match self.people {
            People::Staff => {
                let level = &self.level;
                scope.contains(&format!(":user-nhs-cis2:{level}:"))
                    || scope.contains(&format!(":user-nhs-id:{level}:"))
            }
            People::Patients => {
                scope.contains(&format!(":user-nhs-login:{proved}:"))
                    || proved == "P9" && scope.starts_with("patient/")
            }
        };
        client.scopes.iter().filter(holds).cloned().collect()
    }
}

/// Our name for a session at a sign-in service.
pub(crate) fn sign_in(issuer: &str, sid: &str) -> String {
    let parts = [&(issuer.len() as u64).to_be_bytes()[..], issuer.as_bytes(), sid.as_bytes()];
    base::hex(digest(&parts.concat()).get(..16).unwrap_or_default())
}

/// How surely a worker was signed in.
fn assurance(claims: &Map<String, Value>) -> Option<String> {
    let level = claims.get("authentication_assurance_level")?;
    let level = level
        .as_u64()
        .map_or_else(|| level.as_str().map(str::to_owned), |level| Some(level.to_string()))?;
    matches!(level.as_str(), "2" | "3").then(|| format!("aal{level}"))
}

/// How surely a patient is known: the vector of trust, which must be of the level that is named.
fn proof(claims: &Map<String, Value>) -> Option<String> {
    let level = claims.get("identity_proofing_level")?.as_str()?;
    if !matches!(level, "P0" | "P5" | "P9") {
        return None;
    }
    let Some(vector) = claims.get("vot") else { return Some(level.to_owned()) };
    let vector = vector.as_str().filter(|vector| vector.len() <= SUBJECT_BYTES_MAX)?;
    (vector.split('.').next() == Some(level)).then(|| vector.to_owned())
}

fn roles(claims: &Map<String, Value>) -> Vec<Role> {
    let role = |row: &Value| {
        let text = |name: &str| row.get(name).and_then(Value::as_str).map(str::to_owned);
        let activities = row.get("activity_codes").and_then(Value::as_array).into_iter().flatten();
        Some(Role {
            id: text("person_roleid")?,
            organisation: text("org_code").unwrap_or_default(),
            code: text("role_code").unwrap_or_default(),
            activities: activities.filter_map(|it| it.as_str().map(str::to_owned)).collect(),
        })
    };
    let rows = claims.get("nhsid_nrbac_roles").and_then(Value::as_array);
    rows.into_iter().flatten().filter_map(role).collect()
}
