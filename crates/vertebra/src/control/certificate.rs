//! Orders about certificates: which systems come in by which.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::directory::Record;
use store::{StoreError, Transaction};

use super::Ground;
use crate::authority::Authority;
use crate::command::Failure;
use crate::model::{CERTIFICATE, Certificate, File, REVOKED_CERTIFICATE, Revoked};

/// An order about certificates.
#[derive(Deserialize, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Order {
    /// Registers a certificate, as a directory file would.
    Register(Box<Certificate>),
    /// Tells which certificates there are.
    List,
    /// Ends a certificate, by its fingerprint, serial number or common name, for good.
    Revoke(String),
}

impl Order {
    pub(super) async fn carry_out(self, ground: &Ground) -> Result<Value, Failure> {
        match self {
            Self::Register(certificate) => register(ground, *certificate).await,
            Self::List => list(ground).map(Value::Array),
            Self::Revoke(named) => revoke(ground, &named).await,
        }
    }
}

async fn register(ground: &Ground, certificate: Certificate) -> Result<Value, Failure> {
    let id = certificate.id();
    let file = File { certificate: vec![certificate], ..File::default() };
    let difference = file.compare(&ground.store)?;
    ground.commit("register-certificate", &id, difference.transaction()).await?;
    shown(ground, &id)
}

fn list(ground: &Ground) -> Result<Vec<Value>, Failure> {
    let all = ground.store.directory().all(CERTIFICATE).map_err(failed)?;
    all.into_iter().map(|(id, _)| shown(ground, &id)).collect()
}

async fn revoke(ground: &Ground, named: &str) -> Result<Value, Failure> {
    let digits = named.replace(':', "").to_ascii_lowercase();
    let is = |row: &Value, name: &str, text: &str| row.get(name).is_some_and(|it| it == text);
    let meant = |row: &Value| {
        is(row, "common_name", named)
            || is(row, "serial", &digits)
            || is(row, "fingerprint", &digits)
    };
    let standing = list(ground)?.into_iter().filter(|row| row.get("revoked").is_none());
    let mut meant: Vec<Value> = standing.filter(meant).collect();
    let row = match (meant.pop(), meant.is_empty()) {
        (Some(row), true) => row,
        (None, _) => return Err(format!("certificate {named}: there is none that counts")),
        _ => return Err(format!("certificate {named}: several. hint: name the fingerprint")),
    };
    let text = |name: &str| row.get(name).and_then(Value::as_str).unwrap_or_default().to_owned();
    let fingerprint = text("fingerprint");
    if fingerprint.is_empty() {
        // Known by its name alone: nobody has to remember which it was.
        let id = format!("cn:{named}");
        let gone = Record { kind: CERTIFICATE, id: id.clone(), body: None };
        ground.commit("revoke-certificate", &id, Transaction::new().record(gone)).await?;
        return Ok(json!({ "common_name": named, "revoked": ground.now().to_string() }));
    }
    let revoked = Revoked { at: ground.now().to_string(), serial: text("serial") };
    let body = serde_json::to_string(&revoked).unwrap_or_default();
    let record = Record { kind: REVOKED_CERTIFICATE, id: fingerprint.clone(), body: Some(body) };
    ground.commit("revoke-certificate", &fingerprint, Transaction::new().record(record)).await?;
    if let Some(authority) = Authority::known(&ground.data)? {
        authority.write_list(&ground.data, &serials(ground).map_err(failed)?)?;
    }
    shown(ground, &fingerprint)
}

/// The serial numbers of those that were issued here and count no more.
fn serials(ground: &Ground) -> Result<Vec<String>, StoreError> {
    let all = ground.store.directory().all(REVOKED_CERTIFICATE)?;
    let read = |body: &str| serde_json::from_str::<Revoked>(body).ok();
    let serials = all.iter().filter_map(|(_, body)| Some(read(body)?.serial));
    Ok(serials.filter(|serial| !serial.is_empty()).collect())
}

/// A certificate as the commands show it: nothing of it is secret.
fn shown(ground: &Ground, id: &str) -> Result<Value, Failure> {
    let get = |kind| ground.store.directory().get(kind, id).map_err(failed);
    let body = get(CERTIFICATE)?.unwrap_or_default();
    let mut row: Value = serde_json::from_str(&body).unwrap_or_default();
    let revoked = get(REVOKED_CERTIFICATE)?;
    let revoked = revoked.and_then(|body| serde_json::from_str::<Revoked>(&body).ok());
    if let (Some(row), Some(revoked)) = (row.as_object_mut(), revoked) {
        row.insert("revoked".into(), revoked.at.into());
    }
    Ok(row)
}

#[expect(clippy::needless_pass_by_value, reason = "it stands in for a closure of map_err")]
fn failed(error: StoreError) -> Failure {
    error.to_string()
}
