//! The people of the demonstration who can sign in, and what its clients prove themselves with
//! when they ask for tokens for them.

use std::collections::BTreeMap;
use std::path::Path;

use base::Dice;
use security::{Mode, Role};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sign_in::{Details, Issuer, User};

use super::{ORGANISATION, SYSTEM, private_file, secret};
use crate::model::Client;

/// What clients of the demonstration may have tokens for, for a worker and for a patient.
pub(super) const WORKER_SCOPES: &[&str] = &[
    "urn:nhsd:apim:user-nhs-cis2:aal3:personal-demographics-service",
    "urn:nhsd:apim:user-nhs-cis2:aal2:personal-demographics-service",
];
pub(super) const PATIENT_SCOPES: &[&str] = &[
    "urn:nhsd:apim:user-nhs-login:P9:personal-demographics-service",
    "urn:nhsd:apim:user-nhs-login:P5:personal-demographics-service",
    "urn:nhsd:apim:user-nhs-login:P0:personal-demographics-service",
    "patient/AuditEvent.rs",
];

/// Where people who signed in to a client of the demonstration are sent: to a program of a tester's
/// on the same machine, or to a page that shows the answer in its address.
const REDIRECT_URIS: [&str; 3] = [
    "http://127.0.0.1:8610/callback",
    "http://localhost:3000/callback",
    "https://example.org/callback",
];
/// The clients that people sign in to, and that can keep a secret.
const CONFIDENTIAL: [&str; 3] = ["demo-worker", "demo-worker-two-roles", "demo-patient"];
/// The one that cannot.
const PUBLIC: &str = "demo-public";

/// What nobody but their owners knows.
#[derive(Debug, Default, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Secrets {
    /// Of people, by what they sign in with.
    #[serde(default)]
    users: BTreeMap<String, String>,
    /// Of clients, by their ids.
    #[serde(default)]
    clients: BTreeMap<String, String>,
}

impl Secrets {
    /// The secrets of a data folder, made when they are not there.
    ///
    /// # Errors
    /// When they cannot be read or written.
    pub(crate) fn of(folder: &Path, dice: &Dice) -> Result<Self, String> {
        let path = folder.join("demo").join("sign-in.toml");
        let mut secrets = Self::default();
        if path.exists() {
            let text = std::fs::read_to_string(&path)
                .map_err(|error| format!("cannot read {}: {error}", path.display()))?;
            // What the reader of TOML says may quote a secret.
            secrets =
                toml::from_str(&text).map_err(|_| format!("{}: it is damaged", path.display()))?;
        }
        let known = secrets.users.len() + secrets.clients.len();
        for (sign_in, ..) in STAFF {
            secrets.users.entry((*sign_in).to_owned()).or_insert_with(|| secret(dice));
        }
        for (sign_in, ..) in PATIENTS {
            secrets.users.entry((*sign_in).to_owned()).or_insert_with(|| secret(dice));
        }
        for client in CONFIDENTIAL {
            secrets.clients.entry(client.to_owned()).or_insert_with(|| secret(dice));
        }
        if secrets.users.len() + secrets.clients.len() != known {
            let text = toml::to_string(&secrets).map_err(|error| error.to_string())?;
            private_file(&path, &text)?;
        }
        Ok(secrets)
    }

    /// The secret of a client, if it has one.
    pub(super) fn of_client(&self, client: &str) -> Option<String> {
        self.clients.get(client).cloned()
    }

    /// The people who can sign in.
    pub(crate) fn users(&self) -> Vec<User> {
        let made = |sign_in: &str, name: &str, subject: &str| {
            let secret = self.users.get(sign_in).map_or("", String::as_str);
            User::new(sign_in, name, subject, secret)
        };
        let staff = STAFF.iter().map(|(sign_in, name, subject, level, roles)| {
            made(sign_in, name, subject).staff(level, roles.iter().map(role).collect())
        });
        let patients = PATIENTS.iter().map(|(sign_in, name, subject, level, number)| {
            made(sign_in, name, subject).patient(level, *number)
        });
        staff.chain(patients).collect()
    }

    /// The people as they stand in `credentials.json`.
    pub(super) fn published(&self) -> Vec<Value> {
        self.users().iter().map(|user| self.row(user)).collect()
    }

    fn row(&self, user: &User) -> Value {
        let roles = match &user.details {
            Details::Staff { roles } => roles.as_slice(),
            Details::Patient { .. } => &[],
        };
        let number = match &user.details {
            Details::Patient { nhs_number } => nhs_number.clone(),
            Details::Staff { .. } => None,
        };
        json!({
            "name": user.name,
            "sign_in": user.sign_in,
            "secret": self.users.get(&user.sign_in),
            "issuer": if user.issuer() == Issuer::Staff { "staff" } else { "patient" },
            "level": user.level,
            "roles": roles,
            "nhs_number": number,
        })
    }

    /// What else `credentials.json` says of a client that people sign in to.
    pub(super) fn add_to(&self, row: &mut Value) {
        let id = row.get("client_id").and_then(Value::as_str).unwrap_or_default().to_owned();
        if let (Some(secret), Some(row)) = (self.clients.get(&id), row.as_object_mut()) {
            row.insert("client_secret".into(), secret.as_str().into());
            row.insert("redirect_uris".into(), json!(REDIRECT_URIS));
        }
    }
}

/// Where people who signed in to a client of the demonstration are sent.
pub(super) fn redirect_uris(client: &str) -> Vec<String> {
    let signs_in = client == PUBLIC || CONFIDENTIAL.contains(&client);
    REDIRECT_URIS.iter().filter(|_| signs_in).map(|&uri| uri.to_owned()).collect()
}

/// The client that cannot keep a secret: an app on a phone, for workers and patients.
pub(super) fn public_client() -> Client {
    let scopes = WORKER_SCOPES.iter().chain(PATIENT_SCOPES);
    Client {
        id: PUBLIC.to_owned(),
        name: format!("Demonstration client {PUBLIC}"),
        system: SYSTEM.to_owned(),
        access: vec![Mode::Worker, Mode::Patient],
        scopes: scopes.map(|&scope| scope.to_owned()).collect(),
        redirect_uris: redirect_uris(PUBLIC),
        public: true,
        ..Client::default()
    }
}

/// Its row in `credentials.json`.
pub(super) fn published_public() -> Value {
    let client = public_client();
    json!({
        "name": PUBLIC,
        "client_id": PUBLIC,
        "access": Mode::Worker.name(),
        "public": true,
        "scopes": client.scopes,
        "redirect_uris": client.redirect_uris,
        "organisation": ORGANISATION,
    })
}

/// The id of a role, the organisation that it is held at, its code and what it lets do.
type RoleRow = (&'static str, &'static str, &'static str, &'static [&'static str]);
/// What a worker signs in with, the name, the identifier, the highest level, the roles.
type StaffRow = (&'static str, &'static str, &'static str, &'static str, &'static [RoleRow]);
/// What a patient signs in with, the name, the identifier, the highest level, the NHS number.
type PatientRow = (&'static str, &'static str, &'static str, &'static str, Option<&'static str>);

const GP: &str = "S8000:G8000:R8000";
const CLERK: &str = "S8000:G8001:R8008";

#[rustfmt::skip]
const STAFF: &[StaffRow] = &[
    ("amira.khan", "Dr Amira Khan", "555254239107", "AAL3", &[("555254240100", ORGANISATION, GP, &["B0825", "B0062"])]),
    ("owen.price", "Dr Owen Price", "555254239108", "AAL3", &[("555254241101", ORGANISATION, GP, &["B0825"]), ("555254241102", "A20047", GP, &["B0825"])]),
    ("grace.bell", "Grace Bell", "555254239109", "AAL2", &[("555254242100", ORGANISATION, CLERK, &["B0820"])]),
    ("tom.reed", "Tom Reed", "555254239110", "AAL3", &[]),
];

#[rustfmt::skip]
const PATIENTS: &[PatientRow] = &[
    ("jane.smith", "Jane Smith", "49f470a1-cc52-49b7-beba-0f9cec937c46", "P9", Some("9000000009")),
    ("jayne.smyth", "Jayne Smyth", "1f0a4a1e-57f5-4d84-9d6c-90a4a1a66a01", "P9", Some("9000000017")),
    ("janet.smythe", "Janet Smythe", "8b1d7c9e-2f6a-4a2d-8f43-5b6f1c7e9d02", "P9", Some("9000000025")),
    ("paul.smith", "Paul Smith", "d3c1f5b2-6e7a-4b8c-9a0d-1e2f3a4b5c03", "P5", Some("9000000015")),
    ("nora.new", "Nora New", "a7e6d5c4-b3a2-4918-8706-f5e4d3c2b104", "P0", None),
];

fn role((id, organisation, code, activities): &RoleRow) -> Role {
    Role {
        id: (*id).to_owned(),
        organisation: (*organisation).to_owned(),
        code: (*code).to_owned(),
        activities: activities.iter().map(|&activity| activity.to_owned()).collect(),
    }
}
